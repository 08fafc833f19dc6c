"""`extra_body` is laid into the body once, where the body comes in; whatever is in both must be the same (M2, M5)."""

from typing import Any

import pytest

from modelward.errors import Invalid
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.request.body import laid_out
from modelward.gateway.request.footprint import footprint
from modelward.gateway.request.outgoing import Outgoing
from modelward.gateway.routes import Match, naming

CHAT = next(row for row in ROUTES if row.template == "/v1/chat/completions")
MESSAGE_BATCHES = next(row for row in ROUTES if row.within and row.template.startswith("/v1"))


def test_its_fields_are_fields_of_the_body() -> None:
    laid = laid_out(CHAT, {"model": "a", "extra_body": {"top_k": 1, "metadata": {"x": [1]}}})
    assert laid == {"model": "a", "top_k": 1, "metadata": {"x": [1]}}


@pytest.mark.parametrize("empty", [None, {}])
def test_one_that_holds_nothing_is_dropped(empty: object) -> None:
    assert laid_out(CHAT, {"model": "a", "extra_body": empty}) == {"model": "a"}


def test_a_field_that_is_the_same_in_both_is_taken() -> None:
    sent = {"model": "a", "metadata": {"x": 1, "y": 2}, "extra_body": {"model": "a", "metadata": {"y": 2, "x": 1}}}
    assert laid_out(CHAT, sent) == {"model": "a", "metadata": {"x": 1, "y": 2}}


DIFFERENT: list[tuple[Any, Any]] = [("a", "b"), (1, True), (1, 1.0), (0, None), ([1], [1, 2]), ({"x": 1}, {})]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_a_field_of_another_value_is_refused(one: object, other: object) -> None:
    with pytest.raises(Invalid, match="`seed` has another value in `extra_body`; send it once"):
        laid_out(CHAT, {"seed": one, "extra_body": {"seed": other}})


def test_another_name_of_the_model_that_answers_is_left_to_be_judged() -> None:
    sent = {"model": "a", "extra_body": {"model": "b", "top_k": 1}}
    assert laid_out(CHAT, sent) == {"model": "a", "top_k": 1, "extra_body": {"model": "b"}}


@pytest.mark.parametrize("extra", ["text", 1, True, ["list"], ""])
def test_one_that_is_no_object_is_refused(extra: object) -> None:
    with pytest.raises(Invalid, match="`extra_body` must be an object"):
        laid_out(CHAT, {"model": "a", "extra_body": extra})


@pytest.mark.parametrize("inner", [{}, None, {"api_base": "http://elsewhere"}])
def test_one_within_another_is_refused(inner: object) -> None:
    with pytest.raises(Invalid, match="`extra_body` may not hold another `extra_body`"):
        laid_out(CHAT, {"model": "a", "extra_body": {"extra_body": inner}})


def test_each_call_within_a_body_has_its_own() -> None:
    sent = {"extra_body": {"requests": [{"params": {"model": "a", "extra_body": {"top_k": 1}}}]}}
    assert laid_out(MESSAGE_BATCHES, sent) == {"requests": [{"params": {"model": "a", "top_k": 1}}]}
    with pytest.raises(Invalid, match=r"`requests\[0\]\.params\.seed` has another value in `requests\[0\]"):
        laid_out(MESSAGE_BATCHES, {"requests": [{"params": {"seed": 1, "extra_body": {"seed": 2}}}]})


def test_another_model_of_a_call_within_a_body_is_judged_and_differs() -> None:
    call = {"model": "a", "extra_body": {"model": "b", "fallbacks": ["c"], "tools": [{"model": "d"}]}}
    laid = laid_out(MESSAGE_BATCHES, {"requests": [{"params": {"model": "e"}}, {"params": call}]})
    found = footprint(Match(MESSAGE_BATCHES), b"", laid)
    assert (sorted(found.models), found.differ) == (["a", "b", "c", "d", "e"], True)
    travels = Outgoing(MESSAGE_BATCHES, laid).named("up", str.upper)
    assert travels == {"requests": [{"params": {"model": "E"}}, {"params": {"model": "A", "tools": [{"model": "D"}]}}]}


def test_a_place_of_the_operators_is_judged_in_extra_body_too() -> None:
    route = naming(CHAT, ("panel.judge",))
    laid = laid_out(route, {"model": "a", "extra_body": {"panel": {"judge": "b"}}})
    assert footprint(Match(route), b"", laid).models == ["a", "b"]
    assert Outgoing(route, laid).named("A", str.upper) == {"model": "A", "panel": {"judge": "B"}}


def test_the_refusal_shows_no_key() -> None:
    with pytest.raises(Invalid) as caught:
        laid_out(CHAT, {"sk-secret": 1, "extra_body": {"sk-secret": 2}})
    assert "secret" not in str(caught.value)
