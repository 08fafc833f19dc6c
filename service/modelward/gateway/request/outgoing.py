"""What of a judged request travels on, with the upstream's own names for the models it names (M2, M5)."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.request.footprint import OF_GOOGLE, inner_bodies, names_at
from modelward.gateway.request.names import masked, shortened
from modelward.gateway.request.places import NOT_FORWARDED, all_spots, heads, spots
from modelward.gateway.routes import Route, Shape

LONGEST_SECONDS = 60
"""The longest life that is asked for."""


def with_brief_secret(body: JsonObject, where: str) -> JsonObject:
    """A new body that asks, at `where` (`expires_after`, `client_secret.expires_after`), for at most `LONGEST_SECONDS`.

    A shorter life is kept; what is of no known shape counts as nothing.
    """
    field, _, rest = where.partition(".")
    value = body.get(field)
    inner: JsonObject = value if isinstance(value, dict) else {}
    return body | {field: with_brief_secret(inner, rest) if rest else _brief(inner.get("seconds"))}


def _brief(seconds: object) -> JsonObject:
    kept = min(seconds, LONGEST_SECONDS) if type(seconds) is int else LONGEST_SECONDS
    return {"anchor": "created_at", "seconds": kept}


_MODEL = "model"
_TAKEN_FOR_MODEL = frozenset(map("".join, product(*zip(_MODEL, _MODEL.upper(), strict=True)))) - {_MODEL}
"""What some upstreams, which read names without their case, would take for `model` (M3)."""

Rename = Callable[[str], str]
"""The upstream's own name for a judged one. Raises ServedElsewhere where there is none, and DecisionUnavailable."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The fields of a request on `route`, to be written for one upstream after another."""

    route: Route
    fields: JsonObject

    def named(self, model: str, rename: Rename) -> JsonObject:
        """The fields for an upstream that calls the model that answers `model`, and the others what `rename` says."""
        route = self.route
        is_plain = route.expiry is None and route.within is None
        body = _kept(self.fields) if is_plain else forwarded(route, self.fields)
        if route.within is not None or not heads((*route.nested, *_deeper(route.names, ()))).isdisjoint(body):
            body = self._renamed(body, rename)
        if route.upstream is not None and "{model}" in route.upstream.path:
            body.pop(_MODEL, None)  # it is in the path, and nowhere else
        elif route.operation == "infer" and route.names == (_MODEL,) and route.within is None:
            body[_MODEL] = model
        else:
            return self._placed(body, model)
        return body

    def _renamed(self, body: JsonObject, rename: Rename) -> JsonObject:
        """The body, a copy where it is changed below its own fields: another upstream may be asked after this one."""
        if any(all_spots(body, _deeper(self.route.names, self.route.nested))):
            body = deepcopy(body)
        for inner, where in inner_bodies(self.route, body):
            wheres = (*self.route.nested, *self.route.names) if where else self.route.nested
            for spot in all_spots(inner, wheres):
                is_googles = self.route.form == "google" and str(spot.value).startswith(OF_GOOGLE)
                spot.write((OF_GOOGLE if is_googles else "") + rename(names_at(self.route, spot)[0]))
        return body

    def _placed(self, body: JsonObject, model: str) -> JsonObject:
        """The body with `model` at each of its places, and where the upstream reads it."""
        there = list(all_spots(body, self.route.names))
        for spot in there:
            spot.write(model)
        if self.route.operation != "infer" or self.route.within is not None:
            return body
        if others := _other_spellings(self.route.names):
            body = {name: value for name, value in body.items() if name not in others}
        holder, _, field = self.route.names[0].rpartition(".")
        if there and not others and not _lacks(body.get(holder), field):
            return body
        return body | ({holder: {**(body.get(holder) or {}), field: model}} if holder else {field: model})


def _lacks(holder: object, field: str) -> bool:
    """Whether the upstream, which reads the model in an object that is there, would find none and take its own."""
    return isinstance(holder, dict) and field not in holder


@cache
def _other_spellings(names: tuple[str, ...]) -> tuple[str, ...]:
    """The body's own fields that name the model as well as the first of them does; the upstream reads that one."""
    return tuple(where for where in names if "." not in where)[1:]


@cache
def _deeper(names: tuple[str, ...], nested: tuple[str, ...]) -> tuple[str, ...]:
    """The places below a body's own fields."""
    return tuple(where for where in (*names, *nested) if "." in where or "[]" in where)


def forwarded(route: Route, body: JsonObject) -> JsonObject:
    """A new body without what is for the gateway alone, and without what a client may not say about itself (M5).

    A secret that it asks for is a short-lived one.
    """
    kept = _kept(body)
    if route.expiry is not None:
        kept = with_brief_secret(kept, route.expiry)
    if route.within is None:
        return kept
    kept = deepcopy(kept)
    for spot in spots(kept, route.within):
        if isinstance(spot.value, dict):
            spot.write(_kept(spot.value))
    return kept


def _kept(body: JsonObject) -> JsonObject:
    kept = {name: value for name, value in body.items() if name not in NOT_FORWARDED and name not in _TAKEN_FOR_MODEL}
    if isinstance(metadata := kept.get("metadata"), dict):
        kept["metadata"] = {name: value for name, value in metadata.items() if not name.startswith("user_api_key")}
    return kept


def refuse_other_fields(route: Route, fields: JsonObject) -> None:
    """Raises Invalid where an object has a field that its shape lacks, or lacks one that it must have."""
    if not route.shapes:
        return
    body = forwarded(replace(route, within=None), fields)
    for shape in route.shapes:
        if not shape.where:
            _check(body, shape, "the body")
            continue
        for spot in spots(body, shape.where):
            _check(spot.value, shape, f"`{shape.where}`")


def _check(value: object, shape: Shape, place: str) -> None:
    if not isinstance(value, dict):
        raise Invalid(f"{place} must be an object")
    if unknown := sorted(value.keys() - shape.may):
        field = shortened(masked(unknown[0]))
        raise Invalid(f"`{field}` may not be in {place}, which has {_listed(shape.may)} only; leave it out")
    if missing := shape.must - value.keys():
        raise Invalid(f"{place} must have {_listed(missing)}")


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"`{each}`" for each in sorted(names))
