"""Where the model that answers may be named beside a body: the path, the query, and on some routes a header (M1-M5);
and the path as lists of routes are held against it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import parse_qsl, unquote, unquote_to_bytes

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.client_text import masked
from modelward.gateway.fallbacks import FIELDS
from modelward.gateway.headers import Header
from modelward.gateway.names import MOST_MODELS, names
from modelward.gateway.routes import WIDE, Match, Route

CHOOSER = "target_model_names"
NOT_FORWARDED = frozenset({*FIELDS, CHOOSER, "litellm_params", "litellm_metadata", "router_settings_override"})
"""Fields of a body that are for the gateway alone, or that a client may not say about itself (M5, F1)."""

_CHOOSING_HEADER = b"x-litellm-model"
_VARIABLE = re.compile(r"\{(\w+)\}")
_AZURES = "deployment"  # how Azure's realtime clients name the model


def places(match: Match, query: bytes, headers: Iterable[Header], body: JsonObject) -> Iterator[tuple[str, ...]]:
    """The names at each place outside a call's own body. Raises Invalid."""
    if match.model is not None:
        yield path_names(match.model)
    for value in query_values(query, "model"):
        yield names(value, "?model=")
    if match.route.handler == "realtime":
        for value in query_values(query, _AZURES):
            yield names(value, f"?{_AZURES}=")
    if match.route.chosen:
        yield from _choices(query, headers, body)


def query_values(query: bytes, name: str) -> list[str]:
    """Each value of one query parameter. Raises Invalid when the query is no UTF-8."""
    return [value for key, value in query_pairs(query) if key == name]


def query_pairs(query: bytes) -> list[tuple[str, str]]:
    """The query's parameters in order. Raises Invalid when it is no UTF-8."""
    if not query:
        return []
    try:
        return parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise Invalid("the query is not UTF-8, percent-encoded; encode it again") from None


def path_names(model: str, place: str = "path") -> tuple[str, ...]:
    """The names in the model's part of a path, percent-decoded once (M4). Raises Invalid."""
    try:
        return names(unquote_to_bytes(model).decode(), place)
    except UnicodeDecodeError:
        raise Invalid("the model in the path is not UTF-8, percent-encoded; encode it again") from None


def path_segments(match: Match) -> list[list[str]]:
    """The path as route lists are held against it (A3): segment by segment, each `{...}` percent-decoded once, as the
    call reads it (M4); once for each name where the model's part is a comma list.

    What is no UTF-8, or no name, is refused elsewhere. What looks like a key, and is no model, is left out (K4).
    """
    decoded = {name: masked(unquote(value)) for name, value in match.variables.items()}
    if match.model is None:
        return [_filled(match.route, decoded)]
    parts = unquote(match.model).split(",", MOST_MODELS)
    return [_filled(match.route, {**decoded, "model": part.strip(" ")}) for part in parts]


def _filled(route: Route, values: Mapping[str, str]) -> list[str]:
    """The segments of the template with `values`: only those that may hold `/` make several of one."""
    segments: list[str] = []
    for part in route.template.split("/"):
        names_in = _VARIABLE.findall(part)
        filled = _VARIABLE.sub(lambda found: values[found[1]], part)
        segments += filled.split("/") if WIDE.intersection(names_in) else [filled]
    return segments


def _choices(query: bytes, headers: Iterable[Header], body: JsonObject) -> Iterator[tuple[str, ...]]:
    for value in query_values(query, CHOOSER):
        yield names(value, f"?{CHOOSER}=")
    if CHOOSER in body:
        yield names(body[CHOOSER], CHOOSER)
    for name, raw in headers:
        if name == _CHOOSING_HEADER:
            yield names(raw.decode("utf-8", "surrogateescape").strip(" \t"), _CHOOSING_HEADER.decode())
