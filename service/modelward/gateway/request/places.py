"""Where a model may be named: in a body (`session.model`, `tools[].svg.model`), a path, a query, a header."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, unquote_to_bytes

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.headers import Header
from modelward.gateway.request.names import MOST_MODELS, masked, names, shortened
from modelward.gateway.request.refused_fields import FIELDS
from modelward.gateway.routes import WIDE, Match, Route

EXTRA = "extra_body"
ANY_FIELD = "*"
ANY_DEPTH = "**"
_LONGEST_PLACE = 100
_LONGEST_PART = 30
_NONE: tuple["Spot", ...] = ()


class Spot(NamedTuple):
    """What is there: `holder[key]`, a field of an object or an item of a list. `place` names it for its sender."""

    holder: Any
    key: str | int
    place: str

    @property
    def value(self) -> object:
        """What is there."""
        value: object = self.holder[self.key]
        return value

    def write(self, value: object) -> None:
        """Puts `value` there."""
        self.holder[self.key] = value


@dataclass(frozen=True, slots=True)
class _Step:
    """One part of the way: a field, whether it is a list whose items are meant, and whether a text may be there."""

    key: str
    listed: bool
    or_text: bool


def spots(body: JsonObject, where: str, place: str = "") -> Iterable[Spot]:
    """The fields of `body` that `where` tells of, found while they are iterated; `place` is where the body is.

    Raises Invalid for a value of another shape on the way.
    """
    steps = _steps(where)
    return _below(body, steps, place) if steps[0].key in body else _NONE


def all_spots(body: JsonObject, wheres: tuple[str, ...], place: str = "") -> Iterable[Spot]:
    """The fields of `body` that any of `wheres` tells of; see `spots`."""
    if heads(wheres).isdisjoint(body):
        return _NONE
    field = _one_field(wheres)
    if field is not None:
        return (Spot(body, field, place + field),)
    return chain.from_iterable(spots(body, where, place) for where in wheres)


@cache
def _one_field(wheres: tuple[str, ...]) -> str | None:
    """The body's own field that is the only one of these places, as on most routes; `None` where there are more."""
    steps = _steps(wheres[0])
    return steps[0].key if len(wheres) == len(steps) == 1 and not steps[0].listed else None


@cache
def heads(wheres: tuple[str, ...]) -> frozenset[str]:
    """The fields of a body that these places begin with."""
    return frozenset(_steps(where)[0].key for where in wheres)


@cache
def _steps(where: str) -> tuple[_Step, ...]:
    parts = [(part.removesuffix("?"), part.endswith("?")) for part in where.split(".")]
    return tuple(_Step(part.removesuffix("[]"), part.endswith("[]"), or_text) for part, or_text in parts)


def parts(where: str) -> tuple[str, ...]:
    """The fields on the way of `where`, the last one included; a list and its items count as one."""
    return tuple(step.key for step in _steps(where))


def _below(holder: JsonObject, steps: tuple[_Step, ...], place: str) -> Iterator[Spot]:
    step, *rest = steps
    if step.key == ANY_FIELD:
        yield from (Spot(holder, key, f"{place}{shortened(masked(key), _LONGEST_PART)}") for key in holder)
        return
    if step.key not in holder:
        return
    here = place + step.key
    if not rest and not step.listed:
        yield Spot(holder, step.key, here)
    elif not rest:
        items = _list(holder[step.key], here)
        yield from (Spot(items, index, f"{here}[{index}]") for index in range(len(items)))
    elif (value := holder[step.key]) is None or (step.or_text and isinstance(value, str)):
        return
    elif step.listed:
        yield from _in_list(_list(value, here), tuple(rest), here, or_text=step.or_text)
    elif rest[0].key == ANY_DEPTH:
        if not isinstance(value, dict | list):
            raise Invalid(f"`{shortened(here)}` must be an object or a list")
        yield from _deep(value, rest[1].key, f"{here}.")
    else:
        yield from _below(as_object(value, here), tuple(rest), f"{here}.")


def _in_list(items: list[object], rest: tuple[_Step, ...], place: str, *, or_text: bool) -> Iterator[Spot]:
    for index, item in enumerate(items):
        if or_text and isinstance(item, str):
            continue
        where = f"{place}[{index}]"
        yield from _below(as_object(item, where), rest, f"{where}.")


def _deep(value: object, key: str, place: str) -> Iterator[Spot]:
    if isinstance(value, dict):
        if key in value:
            yield Spot(value, key, place + key)
        for name, inner in value.items():
            if isinstance(inner, dict | list):
                yield from _deep(inner, key, _deeper(place, f"{shortened(masked(name), _LONGEST_PART)}."))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            if isinstance(inner, dict | list):
                yield from _deep(inner, key, _deeper(place.removesuffix("."), f"[{index}]."))


def _deeper(place: str, part: str) -> str:
    """The place of a part below `place`; the text does not grow with the depth."""
    return place + part if len(place) < _LONGEST_PLACE else place


def as_object(value: object, place: str) -> JsonObject:
    """The object at a place of a body. Raises Invalid for anything else."""
    if not isinstance(value, dict):
        raise Invalid(f"`{shortened(place)}` must be an object")
    return value


def _list(value: object, place: str) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise Invalid(f"`{shortened(place)}` must be a list")
    return value


CHOOSER = "target_model_names"
NOT_FORWARDED = frozenset({*FIELDS, CHOOSER, EXTRA, "litellm_params", "litellm_metadata", "router_settings_override"})
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
