"""What of a judged request travels on, with the upstream's own names for the models it names (M2, M5)."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache

from modelward.contract import JsonObject
from modelward.gateway.footprint import inner_bodies, names_at, prefix_at
from modelward.gateway.places import NOT_FORWARDED
from modelward.gateway.routes import Route
from modelward.gateway.secrets_expiry import with_brief_secret
from modelward.gateway.spots import all_spots, spots

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
    kept = _laid_out(body)
    if route.expiry is not None:
        kept = with_brief_secret(kept, route.expiry)
    if route.within is None:
        return kept
    kept = deepcopy(kept)
    for spot in spots(kept, route.within):
        if isinstance(spot.value, dict):
            spot.write(_laid_out(spot.value))
    return kept


def _laid_out(body: JsonObject) -> JsonObject:
    """`extra_body` is what an SDK would have laid into the body itself, and is laid into it here."""
    kept = {name: value for name, value in body.items() if name not in NOT_FORWARDED and not _is_taken_for_model(name)}
    if isinstance(metadata := kept.get("metadata"), dict):
        kept["metadata"] = {name: value for name, value in metadata.items() if not name.startswith("user_api_key")}
    extra = kept.pop("extra_body", None) or {}
    return kept | _laid_out(extra) if extra else kept


def _is_taken_for_model(name: str) -> bool:
    """Whether some upstreams, which read names without their case, would take it for `model` (M3)."""
    return name != _MODEL and len(name) == len(_MODEL) and name.casefold() == _MODEL
