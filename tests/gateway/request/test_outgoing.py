"""What is written for an upstream: its own names, wherever a judged one stands, and nothing for the gateway (M2)."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.table_bodies import (
    CALLS,
    EACH_CALL,
    FALLBACKS,
    FOR_THE_GATEWAY,
    Body,
    call_of,
    match_of,
    put,
    texts_at,
)
from modelward.errors import DecisionUnavailable
from modelward.gateway.request.body import laid_out
from modelward.gateway.request.footprint import footprint
from modelward.gateway.request.outgoing import Outgoing
from modelward.gateway.routes import Route

FOR_THE_GATEWAY_ALONE: Body = {
    **{field: ["own"] for field in FALLBACKS},
    "litellm_params": {"model": "hidden"},
    "litellm_metadata": {"model": "hidden"},
    "router_settings_override": {"model_group_alias": {"own": "hidden"}},
    "target_model_names": "hidden",
    "metadata": {"user_api_key": "x", "user_api_key_alias": "y", "mine": 1},
}


def row_at(template: str) -> Route:
    """The row of a template."""
    return next(row for row in CALLS if row.template == template)


def upstreams_own(name: str) -> str:
    """What the upstream calls a model."""
    return f"up-{name}"


def named(row: Route, body: Body) -> dict[str, Any]:
    """The body for an upstream."""
    return Outgoing(row, laid_out(row, copy.deepcopy(body))).named("up-own", upstreams_own)


def keys(value: object) -> Iterator[str]:
    """Every key, at any depth."""
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def full(row: Route) -> Body:
    """A call with a name at each of its places, and all that is for the gateway alone, twice."""
    places = [put(where, "own") for where in row.names]
    places += [put(where, f"n{number}") for number, where in enumerate(row.nested)]
    return call_of(row, *places, FOR_THE_GATEWAY_ALONE, {"extra_body": {**FOR_THE_GATEWAY_ALONE, "mine": 1}})


@EACH_CALL
def test_every_name_that_travels_is_the_upstreams_own_for_a_judged_one(row: Route) -> None:
    sent = full(row)
    judged = {upstreams_own(name) for name in footprint(match_of(row), b"", laid_out(row, copy.deepcopy(sent))).models}
    written = list(texts_at(row, named(row, sent)))
    assert set(written) <= judged
    assert {f"up-n{number}" for number, _ in enumerate(row.nested)} <= set(written)


@EACH_CALL
def test_nothing_that_is_for_the_gateway_alone_travels(row: Route) -> None:
    written = set(keys(named(row, full(row))))
    assert not {*FOR_THE_GATEWAY, "extra_body", "user_api_key", "user_api_key_alias"} & written
    assert "mine" in written


@EACH_CALL
def test_a_body_can_be_written_for_one_upstream_after_another(row: Route) -> None:
    sent = laid_out(row, full(row))
    before = copy.deepcopy(sent)
    first = Outgoing(row, sent).named("up-own", upstreams_own)
    assert sent == before
    assert Outgoing(row, sent).named("up-own", upstreams_own) == first


@EACH_CALL
def test_a_name_in_extra_body_travels_as_the_upstreams_own(row: Route) -> None:
    own = put(row.names[0], "own").keys()
    for where in row.nested:
        if own & put(where, "n").keys():
            continue  # a field in both with different values is refused
        written = named(row, call_of(row, {"extra_body": put(where, "n")}))
        assert "up-n" in set(texts_at(row, written)), where
        assert "n" not in set(texts_at(row, written)), where


@EACH_CALL
def test_the_model_that_answers_stands_where_the_upstream_reads_it(row: Route) -> None:
    assert row.upstream is not None
    if "{model}" in row.upstream.path:
        assert "model" not in named(row, {"model": "own"})
    elif row.within is None:
        for sent in ({}, *(put(where, "own") for where in row.names)):
            written = named(row, sent)
            assert list(texts_at(row, written)) == ["up-own"]
            assert any(written | put(where, "up-own") == written for where in row.names)


@EACH_CALL
def test_a_name_that_was_not_judged_is_not_written(row: Route) -> None:
    def refuse(name: str) -> str:
        raise DecisionUnavailable(name)

    for where in row.nested:
        with pytest.raises(DecisionUnavailable):
            Outgoing(row, call_of(row, put(where, "hidden"))).named("up-own", refuse)


def test_the_first_of_a_list_of_names_is_written() -> None:
    written = named(row_at("/v1/responses"), {"model": "own,b", "tools": [{"model": "c, d"}]})
    assert written == {"model": "up-own", "tools": [{"model": "up-c"}]}


def test_each_call_within_a_body_bears_its_own_name() -> None:
    sent = {"requests": [{"params": {"model": "a"}}, {"params": {"extra_body": {"model": "b"}}}]}
    written = named(row_at("/v1/messages/batches"), sent)
    assert written == {"requests": [{"params": {"model": "up-a"}}, {"params": {"model": "up-b"}}]}


def test_googles_prefix_stands_before_the_upstreams_own_name() -> None:
    sent = {"model": "models/own", "requests": [{"model": "models/a"}, {"model": "b"}]}
    written = named(row_at("/v1beta/models/{model}:batchEmbedContents"), sent)
    assert written == {"requests": [{"model": "models/up-a"}, {"model": "up-b"}]}


def test_the_data_of_an_evaluation_is_not_touched() -> None:
    source = {"type": "jsonl", "source": {"type": "file_content", "content": [{"item": {"model": "theirs"}}]}}
    written = named(row_at("/v1/evals/{eval_id}/runs"), {"data_source": {"model": "own", **source}})
    assert written == {"data_source": {"model": "up-own", **source}}


def test_a_session_that_names_no_model_gets_the_one_named_beside_it() -> None:
    row = row_at("/v1/realtime/client_secrets")
    written = named(row, {"model": "own", "session": {"type": "realtime"}})
    assert written["session"] == {"type": "realtime", "model": "up-own"}


@pytest.mark.parametrize("name", ["Model", "MODEL", "moDel"])
def test_what_some_upstreams_would_take_for_the_model_does_not_travel(name: str) -> None:
    sent = {"model": "own", name: "hidden", "extra_body": {name: "hidden"}}
    assert named(row_at("/v1/chat/completions"), sent) == {"model": "up-own"}


def test_every_name_in_a_list_travels_as_the_upstreams_own() -> None:
    sent: Body = {"model": "own", "plugins": [{"id": "fusion", "model": "a", "analysis_models": ["b", "c"]}]}
    written = named(row_at("/v1/chat/completions"), sent)
    assert written["plugins"] == [{"id": "fusion", "model": "up-a", "analysis_models": ["up-b", "up-c"]}]
    assert sent["plugins"][0]["analysis_models"] == ["b", "c"]
