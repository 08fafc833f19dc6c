"""Whatever a client sends: it is refused, or every name that an upstream could act on was told (M1, M2, F1)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from modelward.errors import Refused
from modelward.gateway import body
from modelward.gateway.footprint import footprint, forwarded
from modelward.gateway.redirects import REDIRECTS
from modelward.gateway.routes import Match, Router

fuzz = settings(max_examples=2_000, deadline=None)

FALLBACKS = ["fallbacks", "context_window_fallbacks", "content_policy_fallbacks"]
NAMES = ["gpt-4", "gpt-4o", "openai/gpt-4", "a,b", "a, b", "*"]
NO_NAMES = ["", " gpt-4", "../x", "x\n", "a,", "\ud800"]
KEYS = [
    *("model", "Model", "moderation", "extra_body", "router_settings_override", "metadata", "messages", *FALLBACKS),
    *("litellm_params", "litellm_metadata", "user_api_key", "tools", "api_base", "model_list"),
]
PATHS = ["/v1/chat/completions", "/embeddings", "/engines/gpt-4/completions", "/openai/deployments/a%2Fb/embeddings"]
BAD_PATHS = ["/engines/%ff/embeddings", "/engines/%2e%2e/embeddings", "/engines/{model}/completions"]
QUERIES = [b"", b"model=gpt-4", b"model=a&model=b", b"MODEL=x", b"%6Dodel=z", b"&&=;model=x"]
BAD_QUERIES = [b"model=", b"model", b"model=%ff", b"\xff", b"model=%00"]


def match_of(path: str) -> Match:
    """The route of a path that has one."""
    match = Router().find("POST", path)
    assert match is not None
    return match


matches = st.sampled_from(PATHS).map(match_of)
any_matches = st.sampled_from([*PATHS, *BAD_PATHS]).map(match_of)
leaves = (
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=4) | st.sampled_from([*NAMES, *NO_NAMES])
)
keys = st.sampled_from(KEYS) | st.text(max_size=3)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)
names = st.sampled_from(NAMES)
targets = st.recursive(
    names,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.fixed_dictionaries({"model": names}, optional={"fallbacks": inner, "context_window_fallbacks": inner})
        | st.dictionaries(st.sampled_from(["gpt-4", "gpt-9"]), st.lists(inner, max_size=2), max_size=2)
    ),
    max_leaves=6,
)
holders = st.fixed_dictionaries(
    {},
    optional={
        "model": names,
        "moderation": st.fixed_dictionaries({"model": names}),
        "metadata": st.dictionaries(st.sampled_from(["user_api_key", "user_api_key_alias", "mine"]), leaves),
        **dict.fromkeys(FALLBACKS, targets),
    },
)
well_formed = st.builds(
    lambda top, extra, override: {**top, "extra_body": extra, "router_settings_override": override},
    *(holders, holders, holders),
)
raw_bodies = (
    st.binary(max_size=60)
    | st.dictionaries(keys, values, max_size=6).map(lambda value: json.dumps(value).encode())
    | well_formed.map(lambda value: json.dumps(value).encode())
)


def leaves_of(value: Any) -> Iterator[str]:
    """Every name in well-formed targets; a map's keys are none."""
    if isinstance(value, str):
        yield from (part.strip(" ") for part in value.split(","))
    elif value is not None:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves_of(inner)


def acted_on(holder: Mapping[str, Any]) -> Iterator[str]:
    """Every name that an upstream could act on in a body it gets."""
    yield from leaves_of(holder.get("model"))
    if isinstance(holder.get("moderation"), dict):
        yield from leaves_of(holder["moderation"].get("model"))
    for field in FALLBACKS:
        yield from leaves_of(holder.get(field))


def test_the_oracle_sees_every_name() -> None:
    holder = {
        "model": "a,b",
        "moderation": {"model": "c"},
        "fallbacks": [{"x": ["d", {"model": "e", "fallbacks": "f"}]}],
    }
    assert list(acted_on(holder)) == ["a", "b", "c", "d", "e", "f"]


@fuzz
@given(any_matches, st.sampled_from([*QUERIES, *BAD_QUERIES]), raw_bodies, st.sampled_from([None, "gpt-4o"]))
def test_what_is_not_refused_carries_no_name_that_was_not_told(
    match: Match, query: bytes, raw: bytes, completion_model: str | None
) -> None:
    try:
        sent = body.parse([], raw)
        told = footprint(match, query, sent, completion_model)
    except Refused:
        return
    travels = forwarded(sent)
    extra = travels.get("extra_body") or {}
    if told.models:
        assert {*acted_on(travels), *acted_on(extra)} <= set(told.models)
    assert len(set(told.models)) == len(told.models)
    assert all(told.models)
    assert not REDIRECTS & {*travels, *extra}
    assert not {*FALLBACKS, "litellm_params", "router_settings_override"} & {*travels, *extra}
    assert "model" not in extra
    for metadata in (travels.get("metadata"), extra.get("metadata")):
        assert not isinstance(metadata, dict) or not [name for name in metadata if name.startswith("user_api_key")]
    assert orjson.loads(orjson.dumps(travels)) == travels


@fuzz
@given(matches, st.sampled_from(QUERIES), well_formed)
def test_every_name_of_a_well_formed_request_is_told(match: Match, query: bytes, sent: dict[str, Any]) -> None:
    told = footprint(match, query, sent)
    override = {field: sent["router_settings_override"].get(field) for field in FALLBACKS}
    expected = {*acted_on(sent), *acted_on(sent["extra_body"]), *acted_on(override)}
    at_the_top = [name for holder in (sent, sent["extra_body"]) for name in leaves_of(holder.get("model"))]
    in_the_target = {"gpt-4": ["gpt-4"], "a%2Fb": ["a/b"], None: []}[match.model]
    in_the_query = {b"model=gpt-4": ["gpt-4"], b"model=a&model=b": ["a", "b"], b"%6Dodel=z": ["z"]}.get(query, [])
    named = [*in_the_target, *in_the_query, *at_the_top]
    assert set(told.models) == ({*expected, *named} if named else set())


def test_fallbacks_without_a_model_of_the_requests_own_tell_none() -> None:
    sent = {"fallbacks": ["gpt-4"], "moderation": {"model": "gpt-4"}}
    assert footprint(match_of("/v1/chat/completions"), b"", sent).models == []
