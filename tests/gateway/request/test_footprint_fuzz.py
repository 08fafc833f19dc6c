"""Whatever a client sends: it is refused, or every name that an upstream could act on was told (M1, M2, F1)."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.table_bodies import CALLS, FALLBACKS, FOR_THE_GATEWAY, match_of, put, texts_at
from modelward.errors import Invalid, Refused
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.headers import Header
from modelward.gateway.request.body import laid_out, parse
from modelward.gateway.request.footprint import Footprint, footprint, names, query_values
from modelward.gateway.request.outgoing import Outgoing
from modelward.gateway.request.places import REDIRECTS
from modelward.gateway.routes import Match, Route

fuzz = settings(max_examples=4 * settings().max_examples)

NAMES = ["gpt-4", "gpt-4o", "openai/gpt-4", "models/gemini", "a,b", "a, b", "*"]
NO_NAMES = ["", " gpt-4", "../x", "x\n", "a,", "\ud800", None, 1, ["gpt-4"]]
PLACES = sorted({where for row in ROUTES for where in (*row.names, *row.nested, *filter(None, [row.within]))})
ON_THE_WAY = {part.removesuffix("?").removesuffix("[]") for where in PLACES for part in where.split(".")} - {"**"}
KEYS = [
    *sorted(ON_THE_WAY),
    *("Model", "extra_body", "router_settings_override", "metadata", "messages", "target_model_names", *FALLBACKS),
    *("litellm_params", "litellm_metadata", "user_api_key", "api_base", "model_list"),
]
PATHS = ["gpt-4", "a%2Fb", "a/b", "models/a", "{model}", "%ff", "%2e%2e", "a:predict", "%20", "é"]
QUERIES = [b"", b"model=gpt-4", b"model=a&model=b", b"MODEL=x", b"%6Dodel=z", b"&&=;model=x", b"target_model_names=a,b"]
BAD_QUERIES = [b"model=", b"model", b"model=%ff", b"\xff", b"model=%00", b"target_model_names=%2e%2e/x"]
HEADERS: list[tuple[Header, ...]] = [(), ((b"x-litellm-model", b"a, b"),), ((b"x-litellm-model", b"\xff"),)]


def upstreams_own(name: str) -> str:
    """What the upstream calls a model."""
    return f"up:{name}"


rows = st.sampled_from(ROUTES)
matches = st.builds(match_of, rows, st.sampled_from(PATHS))
leaves = (
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=4) | st.sampled_from([*NAMES, *NO_NAMES])
)
keys = st.sampled_from(KEYS) | st.text(max_size=3)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)
good_names = st.sampled_from(NAMES)
targets = st.recursive(
    good_names,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.fixed_dictionaries({"model": good_names}, optional={"fallbacks": inner})
        | st.dictionaries(st.sampled_from(["gpt-4", "gpt-9"]), st.lists(inner, max_size=2), max_size=2)
    ),
    max_leaves=6,
)
placed = st.builds(put, st.sampled_from(PLACES), good_names | values)
plain = st.builds(
    lambda parts: {key: value for part in parts for key, value in part.items()}, st.lists(placed, max_size=4)
)
holders = st.builds(
    lambda top, rest: {**top, **rest},
    plain,
    st.fixed_dictionaries(
        {},
        optional={
            "model": good_names,
            "metadata": st.dictionaries(st.sampled_from(["user_api_key", "user_api_key_alias", "mine"]), leaves),
            **dict.fromkeys(FALLBACKS, targets),
        },
    ),
)
nested_holders = st.builds(
    lambda top, extra, override, inner: {
        **top,
        **({"extra_body": extra} if extra else {}),
        **({"router_settings_override": override} if override else {}),
        **({"requests": [{"params": each} for each in inner]} if inner else {}),
    },
    *(holders, holders, holders, st.lists(holders, max_size=2)),
)
raw_bodies = (
    st.binary(max_size=60)
    | st.dictionaries(keys, values, max_size=6).map(lambda value: json.dumps(value).encode())
    | nested_holders.map(lambda value: json.dumps(value).encode())
)


@fuzz
@given(
    matches,
    st.sampled_from([*QUERIES, *BAD_QUERIES]),
    st.sampled_from(HEADERS),
    raw_bodies,
    st.sampled_from([None, "gpt-4o"]),
)
def test_what_is_not_refused_carries_no_name_that_was_not_told(
    match: Match, query: bytes, headers: tuple[Header, ...], raw: bytes, completion_model: str | None
) -> None:
    try:
        sent = laid_out(match.route, parse([], raw))
        told = footprint(match, query, sent, completion_model, headers)
    except Refused:
        return
    assert len(set(told.models)) == len(told.models)
    assert all(names(name, "model") == (name,) for name in told.models)
    if told.models or match.route.operation != "infer":
        _check_what_travels(match.route, sent, told)
    assert sent == laid_out(match.route, parse([], raw))


def _check_what_travels(route: Route, sent: dict[str, Any], told: Footprint) -> None:
    def rename(name: str) -> str:
        assert name in told.models
        return upstreams_own(name)

    travels = Outgoing(route, sent).named(upstreams_own(told.models[0] if told.models else "none"), rename)
    allowed = {upstreams_own(name) for name in told.models}
    allowed |= {f"models/{name}" for name in allowed if route.form == "google"}
    assert set(texts_at(route, travels)) <= allowed
    written_here = {(route.expiry or "").partition(".")[0], *route.names}
    assert not {*REDIRECTS, *FOR_THE_GATEWAY, "extra_body"} & {*travels} - written_here
    metadata = travels.get("metadata")
    assert not isinstance(metadata, dict) or not [name for name in metadata if name.startswith("user_api_key")]
    assert orjson.loads(orjson.dumps(travels)) == travels


def leaves_of(value: Any) -> list[str]:
    """Every name in well-formed targets; a map's keys are none."""
    if isinstance(value, str):
        return [part.strip(" ") for part in value.split(",")]
    inner = value.values() if isinstance(value, dict) else value or ()
    return [name for each in inner for name in leaves_of(each)]


def placed_names(route: Route, holder: dict[str, Any], wheres: tuple[str, ...]) -> list[str]:
    """Every name at some of a route's places; Google's prefix is no part of one."""
    texts = texts_at(replace(route, names=wheres, nested=()), holder)
    if route.form == "google":
        texts = (text.removeprefix("models/") for text in texts)
    return [name for text in texts for name in leaves_of(text)]


def test_the_oracle_sees_every_name() -> None:
    assert leaves_of([{"x": ["d", {"model": "e, f", "fallbacks": "g"}]}]) == ["d", "e", "f", "g"]


calls = st.builds(
    match_of, st.sampled_from([row for row in CALLS if row.within is None]), st.sampled_from(["gpt-4", "a%2Fb"])
)
fields_of_fallbacks = st.dictionaries(st.sampled_from(FALLBACKS), targets)
overrides = st.dictionaries(st.sampled_from([*FALLBACKS, "model_group_alias"]), targets)


@fuzz
@given(calls, st.sampled_from(QUERIES), st.data())
def test_every_name_of_a_well_formed_request_is_told(match: Match, query: bytes, data: st.DataObject) -> None:
    places = st.sampled_from([*match.route.names, *match.route.nested])
    bodies = st.builds(lambda place, name, fields: put(place, name) | fields, places, good_names, fields_of_fallbacks)
    sent, extra, override = data.draw(bodies), data.draw(bodies), data.draw(overrides)
    whole = {**sent, "extra_body": extra, "router_settings_override": override}
    try:
        told = footprint(match, query, laid_out(match.route, whole))
    except Invalid:
        assert any(extra[field] != sent[field] for field in extra.keys() & sent.keys())
        return
    own = [name for value in query_values(query, "model") for name in leaves_of(value)]
    own += [unquote(match.model)] if match.model else []
    own += [name for holder in (sent, extra) for name in placed_names(match.route, holder, match.route.names)]
    others = [name for holder in (sent, extra) for name in placed_names(match.route, holder, match.route.nested)]
    others += [name for each in (sent, extra, override) for field in FALLBACKS for name in leaves_of(each.get(field))]
    assert set(told.models) == ({*own, *others} if own else set())
