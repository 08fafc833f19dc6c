"""Every model that a request names, wherever it stands (M1), and those that a provider would choose by itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.headers import Header
from modelward.gateway.request.model_fields import refuse_undeclared
from modelward.gateway.request.names import MOST_MODELS, names, shortened, too_many
from modelward.gateway.request.places import EXTRA, Spot, all_spots, places, spots
from modelward.gateway.request.refused_fields import fallbacks, refuse_redirects
from modelward.gateway.routes import Match, Route

_FIELD = ".model"
_TOOLS = "tools[]"
_ANY_DEPTH = ".audio.**"
_TOOLS_WITH_MODEL = frozenset({"image_generation"})
_WITH_MODEL = frozenset({"moderation", "input_audio_transcription", "transcription"})


def refuse_defaults(route: Route, body: JsonObject, place: str) -> None:
    """Raises Invalid where a part of `body`, which stands at `place`, leaves its model to the provider."""
    for where, head in _holders(route.nested):
        if head in body:
            for part, shown in _parts(body, where, place):
                if not _names_model(part):
                    raise Invalid(f"`{shortened(shown)}` names no model; name it in `model`")


def _names_model(part: JsonObject) -> bool:
    """Whether it names one itself, or one for the drawing that it is asked for in its place."""
    drawing = part.get("svg")
    return "model" in part or (isinstance(drawing, dict) and "model" in drawing)


def _parts(body: JsonObject, where: str, place: str) -> Iterator[tuple[JsonObject, str]]:
    """The parts that run a model, and where each stands."""
    for spot in spots(body, where, place):
        part = spot.value
        if not isinstance(part, dict):
            continue
        kind = part.get("type")
        if not where.endswith(_TOOLS) or (isinstance(kind, str) and kind in _TOOLS_WITH_MODEL):
            yield part, spot.place


@cache
def _holders(nested: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Where such parts stand, each with the field of the body that it begins with."""
    found = [where.removesuffix(_FIELD) for where in nested if where.endswith(_FIELD)]
    kept = [where for where in found if where.rpartition(".")[2].removesuffix("?") in {_TOOLS, *_WITH_MODEL}]
    kept += [f"{where}.transcription" for where in found if where.endswith(_ANY_DEPTH)]
    return tuple((where, where.partition(".")[0].removesuffix("?").removesuffix("[]")) for where in kept)


_ANSWERED_BY_COMPLETION_MODEL = frozenset({"chat/completions", "completions"})
_OF_GOOGLE = "models/"
_OVERRIDE = "router_settings_override"

Places = list[tuple[str, ...]]


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
    outside = list(places(match, query, headers, body))
    bodies = list(inner_bodies(route, body))
    found = [_own_places(route, each, where) for each, where in bodies]
    path = route.upstream.path if route.upstream else ""
    own = [completion_model] if completion_model and path in _ANSWERED_BY_COMPLETION_MODEL else []
    others = (_others(route, each, where) for each, where in bodies)
    sent = _distinct(chain(*outside, *chain.from_iterable(found), *others))
    models = _distinct([*own, *sent])
    is_named = bool(own or outside or any(found))
    differ = any(len({*outside, *own_places}) > 1 for own_places in found) or any(EXTRA in each for each, _ in bodies)
    added = completion_model if own and completion_model not in sent else None
    return Footprint(models if is_named or route.operation != "infer" else [], differ, added)


def inner_bodies(route: Route, body: JsonObject) -> Iterator[tuple[JsonObject, str]]:
    """The bodies of calls that a body holds, and where each stands: itself, and those inside it. Raises Invalid."""
    yield body, ""
    if route.within is None:
        return
    for spot in spots(body, route.within):
        if not isinstance(spot.value, dict):
            raise Invalid(f"`{spot.place}` must be an object")
        yield spot.value, f"{spot.place}."


def names_at(route: Route, spot: Spot) -> tuple[str, ...]:
    """The names at one spot of a body. Raises Invalid."""
    value = spot.value
    return names(value[len(prefix_at(route, value)) :] if isinstance(value, str) else value, spot.place)


def prefix_at(route: Route, value: str) -> str:
    """What stands before a model's name in a body of Google's form, and is no part of it."""
    return _OF_GOOGLE if value.startswith(_OF_GOOGLE) and route.form == "google" else ""


def _own_places(route: Route, body: JsonObject, where: str) -> Places:
    """The names at each place of one body where the model that answers may stand."""
    found = Places()
    for holder, place in _holders_of(body, where):
        refuse_redirects(holder, place, route.own_fields)
        refuse_undeclared(route, holder, place, inner=bool(where))
        found += [names_at(route, spot) for spot in all_spots(holder, route.names, place)]
    if where and not found:
        raise Invalid(f"`{where.removesuffix('.')}` names no model; each call must name its own")
    return found


def _others(route: Route, body: JsonObject, where: str) -> Iterator[str]:
    """The names of further models in one body, and of its fallbacks."""
    for holder, place in _holders_of(body, where):
        refuse_defaults(route, holder, place)
        for spot in all_spots(holder, route.nested, place):
            yield from names_at(route, spot)
        yield from fallbacks(holder, place)
    if override := _object(body, _OVERRIDE, where):
        yield from fallbacks(override, f"{where}{_OVERRIDE}.")


def _holders_of(body: JsonObject, where: str) -> list[tuple[JsonObject, str]]:
    """A body that stands at `where`, and what was left in its `extra_body`, each with its place."""
    left = _object(body, EXTRA, where)
    return [(body, where), (left, f"{where}{EXTRA}.")] if left else [(body, where)]


def _distinct(mentioned: Iterable[str]) -> list[str]:
    seen = dict[str, None]()
    for name in mentioned:
        if name not in seen:
            seen[name] = None
            if len(seen) > MOST_MODELS:
                raise too_many()
    return list(seen)


def _object(holder: JsonObject, field: str, place: str) -> JsonObject:
    value = holder.get(field)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Invalid(f"`{place}{field}` must be an object")
    return value
