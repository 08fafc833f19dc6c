"""Every model that a request names, wherever it is (M1), and those that a provider would choose by itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.headers import Header
from modelward.gateway.request.model_fields import refuse_undeclared
from modelward.gateway.request.names import MOST_MODELS, names, shortened, too_many
from modelward.gateway.request.places import EXTRA, Spot, all_spots, as_object, heads, places, spots
from modelward.gateway.request.refused_fields import FIELDS, REDIRECTS, fallbacks, refuse_redirects
from modelward.gateway.routes import Match, Route

_FIELD = ".model"
_TOOLS = "tools[]"
_ANY_DEPTH = ".audio.**"
_TOOLS_WITH_MODEL = frozenset({"image_generation"})
_WITH_MODEL = frozenset({"moderation", "input_audio_transcription", "transcription"})


def refuse_defaults(route: Route, body: JsonObject, place: str) -> None:
    """Raises Invalid where a part of `body`, which is at `place`, leaves its model to the provider."""
    for where in _holders(route.nested):
        for part, shown in _parts(body, where, place):
            if not _names_model(part):
                raise Invalid(f"`{shortened(shown)}` names no model; name it in `model`")


def _names_model(part: JsonObject) -> bool:
    """Whether it names one itself, or one for the drawing that it is asked for in its place."""
    drawing = part.get("svg")
    return "model" in part or (isinstance(drawing, dict) and "model" in drawing)


def _parts(body: JsonObject, where: str, place: str) -> Iterator[tuple[JsonObject, str]]:
    """The parts that run a model, and where each is."""
    for spot in spots(body, where, place):
        part = spot.value
        if not isinstance(part, dict):
            continue
        kind = part.get("type")
        if not where.endswith(_TOOLS) or (isinstance(kind, str) and kind in _TOOLS_WITH_MODEL):
            yield part, spot.place


@cache
def _holders(nested: tuple[str, ...]) -> tuple[str, ...]:
    """Where such parts are."""
    found = [where.removesuffix(_FIELD) for where in nested if where.endswith(_FIELD)]
    kept = [where for where in found if where.rpartition(".")[2].removesuffix("?") in {_TOOLS, *_WITH_MODEL}]
    kept += [f"{where}.transcription" for where in found if where.endswith(_ANY_DEPTH)]
    return tuple(kept)


_ANSWERED_BY_COMPLETION_MODEL = frozenset({"chat/completions", "completions"})
OF_GOOGLE = "models/"
"""What is before a model's name in a body of Google's form, and no part of it."""

_OVERRIDE = "router_settings_override"
_OF_FALLBACKS = frozenset(FIELDS)

Places = list[tuple[str, ...]]
Holders = list[tuple[JsonObject, str]]
"""The objects in which one call names its models, each with its place: its body, and what was left in `extra_body`."""


@dataclass(frozen=True, slots=True)
class Footprint:
    """The models of one request: each once, the one that answers first. `differ` says that two places disagree;
    `added` is the config's model that answers, where the request itself does not name it (M6)."""

    models: list[str]
    differ: bool = False
    added: str | None = None


def footprint(
    match: Match,
    query: bytes,
    body: JsonObject,
    completion_model: str | None = None,
    headers: Iterable[Header] = (),
) -> Footprint:
    """The models that a request names. `body` is laid out (see `laid_out`), `completion_model` the config's (M6),
    `headers` are in lower case.

    Raises Invalid for what is no name, for fields that would redirect the call, and for fallbacks of no known shape.
    """
    route = match.route
    outside = list(places(match, query, headers, body)) if query or match.variables or route.chosen else Places()
    bodies = list(inner_bodies(route, body)) if route.within is not None else [(body, "")]
    calls = [_with_rest(each, where) if EXTRA in each else [(each, where)] for each, where in bodies]
    found = [_own_places(route, holders) for holders in calls]
    path = route.upstream.path if route.upstream else ""
    own = [completion_model] if completion_model and path in _ANSWERED_BY_COMPLETION_MODEL else []
    others = (_others(route, holders) for holders in calls)
    sent = dict[str, None]()
    for name in chain(*outside, *chain.from_iterable(found), *others):
        sent[name] = None
        if len(sent) > MOST_MODELS:
            raise too_many()
    is_named = bool(own or outside or any(found))
    differ = any(len({*outside, *own_places}) > 1 for own_places in found) or any(len(each) > 1 for each in calls)
    added = completion_model if own and completion_model not in sent else None
    models = list(dict.fromkeys([*own, *sent]))
    return Footprint(models if is_named or route.operation != "infer" else [], differ, added)


def inner_bodies(route: Route, body: JsonObject) -> Iterator[tuple[JsonObject, str]]:
    """The bodies of calls that a body holds, and where each is: itself, and those inside it. Raises Invalid."""
    yield body, ""
    for spot in spots(body, route.within) if route.within is not None else ():
        yield as_object(spot.value, spot.place), f"{spot.place}."


def names_at(route: Route, spot: Spot) -> tuple[str, ...]:
    """The names at one spot of a body. Raises Invalid."""
    value = spot.holder[spot.key]
    if route.form == "google" and isinstance(value, str):
        value = value.removeprefix(OF_GOOGLE)
    return names(value, spot.place)


def _own_places(route: Route, holders: Holders) -> Places:
    """The names at each place of one call where the model that answers may be."""
    found, (_, where) = Places(), holders[0]
    for holder, place in holders:
        if not REDIRECTS.isdisjoint(holder):
            refuse_redirects(holder, place, route.own_fields)
        refuse_undeclared(route, holder, place, inner=bool(where))
        found += [names_at(route, spot) for spot in all_spots(holder, route.names, place)]
    if where and not found:
        raise Invalid(f"`{where.removesuffix('.')}` names no model; each call must name its own")
    return found


def _others(route: Route, holders: Holders) -> Iterator[str]:
    """The names of further models in one call, and of its fallbacks."""
    for holder, place in holders:
        if not heads(_holders(route.nested)).isdisjoint(holder):
            refuse_defaults(route, holder, place)
        for spot in all_spots(holder, route.nested, place):
            yield from names_at(route, spot)
        if not _OF_FALLBACKS.isdisjoint(holder):
            yield from fallbacks(holder, place)
        if holder.get(_OVERRIDE) is not None:
            yield from fallbacks(as_object(holder[_OVERRIDE], f"{place}{_OVERRIDE}"), f"{place}{_OVERRIDE}.")


def _with_rest(body: JsonObject, where: str) -> Holders:
    """A body that is at `where`, and what was left in its `extra_body`."""
    return [(body, where), (as_object(body[EXTRA], f"{where}{EXTRA}"), f"{where}{EXTRA}.")]
