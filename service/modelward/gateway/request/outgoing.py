"""What of a judged request travels on, with the upstream's own names for the models it names (M2, M5)."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.request.footprint import inner_bodies, names_at, prefix_at
from modelward.gateway.request.names import masked, shortened
from modelward.gateway.request.places import NOT_FORWARDED, all_spots, spots
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

Rename = Callable[[str], str]
"""The upstream's own name for a judged one. Raises Apart where it has none, DecisionUnavailable for one not judged."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The fields of a request on `route`, to be written for one upstream after another."""

    route: Route
    fields: JsonObject

    def named(self, model: str, rename: Rename) -> JsonObject:
        """The fields for an upstream that calls the model that answers `model`, and the others what `rename` says."""
        body = forwarded(self.route, self.fields)
        if any(all_spots(body, _deeper(self.route.names, self.route.nested))):
            body = deepcopy(body)  # another upstream may be asked after this one
        for inner, _ in inner_bodies(self.route, body):
            self._rename(inner, self.route.nested, rename)
            if inner is not body:
                self._rename(inner, self.route.names, rename)
        return self._placed(body, model)

    def _rename(self, body: JsonObject, wheres: tuple[str, ...], rename: Rename) -> None:
        for spot in all_spots(body, wheres):
            prefix = prefix_at(self.route, str(spot.value))
            spot.write(prefix + rename(names_at(self.route, spot)[0]))

    def _placed(self, body: JsonObject, model: str) -> JsonObject:
        """The body with `model` where the upstream reads it: a model that stands in the path stands nowhere else."""
        call = self.route.upstream
        if call is not None and "{model}" in call.path:
            return {name: value for name, value in body.items() if name != "model"}
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
    kept = {name: value for name, value in body.items() if name not in NOT_FORWARDED and not _is_taken_for_model(name)}
    if isinstance(metadata := kept.get("metadata"), dict):
        kept["metadata"] = {name: value for name, value in metadata.items() if not name.startswith("user_api_key")}
    return kept


def _is_taken_for_model(name: str) -> bool:
    """Whether some upstreams, which read names without their case, would take it for `model` (M3)."""
    return name != _MODEL and len(name) == len(_MODEL) and name.casefold() == _MODEL


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
        raise Invalid(f"`{field}` may not stand in {place}, which has {_listed(shape.may)} only; leave it out")
    if missing := shape.must - value.keys():
        raise Invalid(f"{place} must have {_listed(missing)}")


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"`{each}`" for each in sorted(names))
