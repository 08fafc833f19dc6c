"""Bodies made from the places that the table of endpoints declares, and a second way to read them."""

import re
from collections.abc import Iterator
from typing import Any

from harness.tables import for_each
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.routes import Match, Route

Body = dict[str, Any]

CALLS = [row for row in ROUTES if row.operation == "infer" and row.reads != "none"]
EACH_CALL = for_each("row", CALLS, ids=lambda row: row.template)
FALLBACKS = ("fallbacks", "context_window_fallbacks", "content_policy_fallbacks")
FOR_THE_GATEWAY = {*FALLBACKS, "litellm_params", "litellm_metadata", "router_settings_override", "target_model_names"}


def match_of(row: Route, model: str = "own") -> Match:
    """A request for the row, with that model if it has one in its path."""
    return Match(row, {name: model if name == "model" else "x1" for name in re.findall(r"\{(\w+)\}", row.template)})


def put(where: str, value: object) -> Body:
    """A body that holds `value` there; any depth is three levels, through a list and an object, any field is `each`."""
    for part in reversed(where.replace("**", "deep[].deeper").replace("*", "each").split(".")):
        name = part.removesuffix("?").removesuffix("[]")
        value = {name: [value] if "[]" in part else value}
    assert isinstance(value, dict)
    return value


def call_of(row: Route, *placed: Body) -> Body:
    """A call whose model is `own`, with `placed` laid into its own body."""
    body = put(row.names[0], "own")
    for each in placed:
        body = merged(body, each)
    return body if row.within is None else put(row.within, body)


def merged(one: Any, other: Any) -> Any:
    """Both, item by item; where they clash, the other."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {
            name: merged(one[name], other[name]) if name in one and name in other else one.get(name, other.get(name))
            for name in [*one, *other]
        }
    if isinstance(one, list) and isinstance(other, list):
        return [merged(*pair) for pair in zip(one, other, strict=True)]
    return other


def texts_at(row: Route, body: Body) -> Iterator[str]:
    """Every text at a place that the row declares, found without the code under test."""
    for where in (*row.names, *row.nested):
        yield from _at(body, where.split("."))
    if row.within is not None:
        for inner in _values_at(body, row.within.split(".")):
            if isinstance(inner, dict):
                for where in (*row.names, *row.nested):
                    yield from _at(inner, where.split("."))


def _at(value: Any, parts: list[str]) -> Iterator[str]:
    yield from (each for each in _values_at(value, parts) if isinstance(each, str))


def _values_at(value: Any, parts: list[str]) -> Iterator[Any]:
    if not parts:
        yield from value if isinstance(value, list) else [value]
    elif isinstance(value, dict) and parts[0] == "*":
        for inner in value.values():
            yield from _values_at(inner, parts[1:])
    elif isinstance(value, dict) and parts[0] == "**":
        yield from _values_at(value, parts[1:])
        for inner in value.values():
            yield from _values_at(inner, parts)
    elif isinstance(value, list):
        for inner in value:
            yield from _values_at(inner, parts)
    elif isinstance(value, dict):
        name = parts[0].removesuffix("?").removesuffix("[]")
        if name in value:
            yield from _values_at(value[name], parts[1:])
