"""Wherever the table says that a model may stand, one that stands there is judged (M1)."""

import re

import pytest

from gateway.table_bodies import CALLS, EACH_CALL, FALLBACKS, Body, call_of, match_of, put
from harness.tables import for_each
from modelward.errors import Invalid
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.headers import Header
from modelward.gateway.request.body import laid_out
from modelward.gateway.request.footprint import footprint
from modelward.gateway.routes import Route

SHAPES: dict[str, object] = {
    "a text": "hidden",
    "a comma list": "own, hidden",
    "a list": ["hidden"],
    "an object": {"model": "hidden"},
    "objects in a list": [{"model": "hidden", "temperature": "0"}],
    "a map": [{"own": ["hidden"]}],
    "a map in a map": {"own": {"other": ["hidden"]}},
    "the fallbacks of a fallback": [
        {"model": "own", "fallbacks": [{"model": "own", "context_window_fallbacks": "hidden"}]}
    ],
}
CHOSEN = [row for row in ROUTES if row.chosen]
WITHIN = [row for row in ROUTES if row.within]
STATES = [row for row in ROUTES if row.operation == "state" and row.reads != "none"]


def told(row: Route, body: Body, query: bytes = b"", headers: tuple[Header, ...] = ()) -> set[str]:
    """The models that are judged."""
    return set(footprint(match_of(row), query, laid_out(row, body), None, headers).models)


@EACH_CALL
def test_a_name_at_any_place_of_a_body_is_judged(row: Route) -> None:
    for where in (*row.names, *row.nested):
        assert "hidden" in told(row, call_of(row, put(where, "hidden"))), where


@EACH_CALL
def test_a_name_at_any_place_of_extra_body_is_judged(row: Route) -> None:
    for where in (*row.names, *row.nested):
        assert told(row, call_of(row, {"extra_body": put(where, "hidden")})) == {"own", "hidden"}, where


@EACH_CALL
def test_another_model_that_answers_in_extra_body_is_judged_and_differs(row: Route) -> None:
    body = call_of(row, {"extra_body": put(row.names[0], "hidden")})
    found = footprint(match_of(row), b"", laid_out(row, body))
    assert (set(found.models), found.differ) == ({"own", "hidden"}, True)
    same = call_of(row, {"extra_body": put(row.names[0], "own")})
    assert not footprint(match_of(row), b"", laid_out(row, same)).differ


@EACH_CALL
@pytest.mark.parametrize("shape", SHAPES)
def test_fallbacks_of_any_shape_are_judged(row: Route, shape: str) -> None:
    for field in FALLBACKS:
        sent = {field: SHAPES[shape]}
        for body in (sent, {"extra_body": sent}, {"router_settings_override": sent}):
            assert told(row, call_of(row, body)) == {"own", "hidden"}, body


@EACH_CALL
def test_each_model_of_the_query_is_judged(row: Route) -> None:
    assert told(row, call_of(row), b"model=own&model=hidden") == {"own", "hidden"}


@EACH_CALL
def test_a_query_that_names_another_model_than_the_body_differs(row: Route) -> None:
    assert footprint(match_of(row), b"model=hidden", call_of(row)).differ
    assert not footprint(match_of(row), b"model=own", call_of(row)).differ


@EACH_CALL
def test_each_place_of_the_model_that_answers_must_agree(row: Route) -> None:
    for where in row.names[1:]:
        assert footprint(match_of(row), b"", call_of(row, put(where, "hidden"))).differ
        assert not footprint(match_of(row), b"", call_of(row, put(where, "own"))).differ


@for_each("row", [row for row in CALLS if "{model}" in row.template], ids=lambda row: row.template)
def test_a_model_in_the_path_answers_and_a_body_that_names_another_differs(row: Route) -> None:
    assert footprint(match_of(row, "a%2Fb"), b"", {}).models == ["a/b"]
    found = footprint(match_of(row, "a"), b"", {"model": "b"})
    assert (found.models, found.differ) == (["a", "b"], True)


@for_each("row", [row for row in CALLS if "{model}" not in row.template], ids=lambda row: row.template)
def test_a_call_that_names_no_model_of_its_own_names_none(row: Route) -> None:
    assert told(row, {"moderation": {"model": "own"}, "fallbacks": ["own"]}) == set()


@for_each("row", STATES, ids=lambda row: row.template)
def test_a_name_that_a_request_for_an_object_holds_is_judged(row: Route) -> None:
    for where in (*row.names, *row.nested):
        assert told(row, put(where, "hidden")) == {"hidden"}, where


@for_each("row", CHOSEN, ids=lambda row: row.template)
def test_what_chooses_the_upstream_of_a_file_or_batch_is_judged(row: Route) -> None:
    assert told(row, {}, b"", ((b"x-litellm-model", b"a, b"),)) == {"a", "b"}
    assert told(row, {}, b"target_model_names=a,b&target_model_names=c") == {"a", "b", "c"}
    assert told(row, {"target_model_names": "a,b"}) == {"a", "b"}


@EACH_CALL
def test_what_would_choose_elsewhere_names_nothing(row: Route) -> None:
    headers = ((b"x-litellm-model", b"hidden"), (b"x-model", b"hidden"))
    sent = {"target_model_names": "hidden", "metadata": {"model": "hidden"}, "Model": "hidden"}
    assert told(row, call_of(row, sent), b"target_model_names=hidden&MODEL=hidden", headers) == {"own"}


@for_each("row", WITHIN, ids=lambda row: row.template)
def test_every_call_within_a_body_is_judged_wherever_it_stands(row: Route) -> None:
    first, second = call_of(row), call_of(row, {"model": "b"})
    sent = {"requests": first["requests"] + second["requests"]}
    assert told(row, sent) == told(row, {"extra_body": sent}) == {"own", "b"}


@for_each("row", WITHIN, ids=lambda row: row.template)
def test_every_call_within_a_body_must_name_a_model(row: Route) -> None:
    sent = {"requests": call_of(row)["requests"] + [{"params": {"max_tokens": 1}}]}
    with pytest.raises(Invalid, match=re.escape("`requests[1].params` names no model")):
        told(row, sent)


@for_each("row", WITHIN, ids=lambda row: row.template)
def test_a_call_within_a_body_may_not_be_redirected(row: Route) -> None:
    redirected = call_of(row, {"api_base": "http://elsewhere"})
    for sent in (redirected, {"extra_body": redirected}):
        with pytest.raises(Invalid, match=r"requests\[0\]\.params\.api_base` may not be sent"):
            told(row, sent)


@pytest.mark.parametrize("path", ["gemini", "models/gemini", "models%2Fgemini"])
def test_googles_prefix_is_no_part_of_a_name_in_a_body(path: str) -> None:
    row = next(row for row in CALLS if row.template == "/v1beta/models/{model}:countTokens")
    assert told(row, {"model": "models/own", "generateContentRequest": {"model": "models/b"}}) == {"own", "b"}
    assert footprint(match_of(row, path), b"", {}).models == [path.replace("%2F", "/")]


@pytest.mark.parametrize("field", ["fallbacks", "safety_model", "plugins"])
def test_no_more_names_are_read_than_one_decision_takes(field: str) -> None:
    many = [f"m{number}" for number in range(101)]
    bodies: dict[str, Body] = {
        "fallbacks": {"fallbacks": [*many, 1]},
        "safety_model": {"safety_model": ",".join(many[:60]), "fallbacks": [*many[60:], 1]},
        "plugins": {"plugins": [{"allowed_models": [*many, 1]}]},
    }
    row = next(row for row in CALLS if row.template == "/v1/chat/completions")
    with pytest.raises(Invalid, match="more than 100 models"):
        told(row, {"model": "own", **bodies[field]})
