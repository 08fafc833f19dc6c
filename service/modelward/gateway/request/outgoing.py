"""What of a judged request travels on, with the upstream's own names for the models it names (M2, M5)."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from itertools import product

from modelward.contract import JsonObject
from modelward.contract.facts import masked, shortened
from modelward.errors import Invalid
from modelward.gateway.request.footprint import inner_bodies, names
from modelward.gateway.request.places import NOT_FORWARDED, spots
from modelward.gateway.routes import Route

LONGEST_SECONDS = 60
"""The longest life that is asked for."""

_MODEL = "model"
_TAKEN_FOR_MODEL = frozenset(map("".join, product(*zip(_MODEL, _MODEL.upper(), strict=True)))) - {_MODEL}
"""What some upstreams, which read names without their case, would take for `model` (M3)."""
_LEFT_OUT = NOT_FORWARDED | _TAKEN_FOR_MODEL
_CHANGED = _LEFT_OUT | {"metadata"}

Rename = Callable[[str], str]
"""The upstream's own name for a judged one. Raises ServedElsewhere where there is none, and DecisionUnavailable."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The fields of a request on `route`, to be written for one upstream after another."""

    route: Route
    fields: JsonObject

    def named(self, model: str, rename: Rename) -> JsonObject:
        """The fields for an upstream that calls the model that answers `model`, and the others what `rename` says.

        Without what is for the gateway alone, and what a client may not say about itself (M5); a secret that they ask
        for is a short-lived one.
        """
        route, body = self.route, dict(self.fields)
        if not _CHANGED.isdisjoint(body):
            _strip(body)
        if route.expiry is not None:
            body = with_brief_secret(body, route.expiry)
        if route.within is not None or any(spots(body, *_renamed(route.names, route.nested))):
            body = deepcopy(body)  # another upstream may be asked after this one
            self._rename(body, rename)
        if route.upstream is not None and "{model}" in route.upstream.path:
            body.pop(_MODEL, None)  # it is in the path, and nowhere else
        elif route.operation == "infer" and route.names == (_MODEL,) and route.within is None:
            body[_MODEL] = model
        else:
            return self._placed(body, model)
        return body

    def _rename(self, body: JsonObject, rename: Rename) -> None:
        """Writes the upstream's names of further models, and those that answer the calls within a body."""
        route = self.route
        for inner, where in inner_bodies(route, body):
            if where:
                _strip(inner)
            for spot in spots(inner, *route.nested, *(route.names if where else ())):
                prefix = route.prefix if str(spot.value).startswith(route.prefix) else ""
                spot.write(prefix + rename(names(spot.value, spot.place, prefix)[0]))

    def _placed(self, body: JsonObject, model: str) -> JsonObject:
        """The body with `model` at each of its places, and where the upstream reads it: at the first."""
        route = self.route
        there = list(spots(body, *route.names))
        for spot in there:
            spot.write(model)
        if route.operation != "infer" or route.within is not None:
            return body
        if others := [where for where in route.names if "." not in where][1:]:
            body = {name: value for name, value in body.items() if name not in others}
        holder, _, field = route.names[0].rpartition(".")
        held = body.get(holder)
        if there and not others and not (isinstance(held, dict) and field not in held):
            return body
        return body | ({holder: {**(held or {}), field: model}} if holder else {field: model})


@cache
def _renamed(names: tuple[str, ...], nested: tuple[str, ...]) -> tuple[str, ...]:
    """The places of further models, and those of the one that answers below a body's own fields."""
    return (*(where for where in names if "." in where), *nested)


def _strip(body: JsonObject) -> None:
    """Takes out what is for the gateway alone, and what a client may not say about itself."""
    for name in _LEFT_OUT.intersection(body):
        del body[name]
    if isinstance(metadata := body.get("metadata"), dict):
        body["metadata"] = {name: value for name, value in metadata.items() if not name.startswith("user_api_key")}


def with_brief_secret(body: JsonObject, where: str) -> JsonObject:
    """A new body that asks, at `where` (`expires_after`, `client_secret.expires_after`), for at most `LONGEST_SECONDS`.
    A shorter life is kept; what is of no known shape counts as nothing."""
    field, _, rest = where.partition(".")
    value = body.get(field)
    inner: JsonObject = value if isinstance(value, dict) else {}
    if rest:
        return body | {field: with_brief_secret(inner, rest)}
    asked = inner.get("seconds")
    seconds = min(asked, LONGEST_SECONDS) if type(asked) is int else LONGEST_SECONDS
    return body | {field: {"anchor": "created_at", "seconds": seconds}}


def refuse_other_fields(route: Route, fields: JsonObject) -> None:
    """Raises Invalid where an object has a field that its shape lacks, or lacks one that it must have."""
    for shape in route.shapes:
        place = f"`{shape.where}`" if shape.where else "the body"
        travels = {name: value for name, value in fields.items() if name not in _LEFT_OUT}
        for value in [spot.value for spot in spots(travels, shape.where)] if shape.where else [travels]:
            if not isinstance(value, dict):
                raise Invalid(f"{place} must be an object")
            if unknown := sorted(value.keys() - shape.may):
                field = shortened(masked(unknown[0]))
                raise Invalid(f"`{field}` may not be in {place}, which has {_coded(shape.may)} only; leave it out")
            if missing := shape.must - value.keys():
                raise Invalid(f"{place} must have {_coded(missing)}")


def _coded(names: frozenset[str]) -> str:
    return ", ".join(f"`{each}`" for each in sorted(names))
