"""Every model that a request names, wherever it is (M1), and what would send its call somewhere else (M5)."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from urllib.parse import parse_qsl, unquote, unquote_to_bytes

from modelward.contract import JsonObject
from modelward.contract.facts import UNPRINTABLE, masked, shortened
from modelward.errors import Invalid
from modelward.gateway.headers import Header
from modelward.gateway.request.places import EXTRA, FALLBACK_FIELDS, REDIRECTS, as_object, refuse_undeclared, spots
from modelward.gateway.routes import WIDE, Match, Route

# All names of a request are judged in one decision; so many, of such a length, take a few milliseconds.
MOST_MODELS = 100
LONGEST_NAME = 1000
_LISTED = "GET /v1/models lists what this caller may use"


def names(value: object, place: str, prefix: str = "") -> tuple[str, ...]:
    """The names at one place, in order: one, or the parts of a comma list (M3); `prefix` may be before them, and is no
    part of one. Raises Invalid, naming `place`, for what is no text or no name."""
    if not isinstance(value, str):
        raise Invalid(f"`{shortened(place)}` must be a model name, a text; {_LISTED}")
    text = value.removeprefix(prefix)
    if text.count(",") >= MOST_MODELS:
        raise too_many()
    parts = tuple(part.strip(" ") for part in text.split(",")) if "," in text else (text,)
    for name in parts:
        if not name:
            problem = f"holds an empty model name; {_LISTED}"
        elif len(name) > LONGEST_NAME:
            problem = f"is longer than {LONGEST_NAME} characters, and no model is called so; send its name"
        elif UNPRINTABLE.search(name):
            problem = "holds a control character or half a character; send the model's plain name"
        elif text[0] == " " or text[-1] == " ":
            problem = "begins or ends with white space; send the model's plain name"
        elif "/" in name and not {".", ".."}.isdisjoint(name.split("/")):
            problem = "holds a `.` or `..` between slashes; send the model's plain name"
        else:
            continue
        raise Invalid(f"`{shortened(place)}` {problem}")
    return parts


def too_many() -> Invalid:
    """The refusal of a request that names more models than one decision takes."""
    return Invalid(f"the request names more than {MOST_MODELS} models; name fewer")


_CHOOSER = "target_model_names"
_CHOOSING_HEADER = b"x-litellm-model"
_VARIABLE = re.compile(r"\{(\w+)\}")
_AZURES = "deployment"  # how Azure's realtime clients name the model


def _outside(match: Match, query: bytes, headers: Iterable[Header], body: JsonObject) -> Iterator[tuple[str, ...]]:
    """The names at each place outside a call's own body. Raises Invalid."""
    if match.model is not None:
        yield path_names(match.model)
    route = match.route
    naming = {"model": True, _AZURES: route.handler == "realtime", _CHOOSER: route.chosen}
    for name, value in query_pairs(query):
        if naming.get(name):
            yield names(value, f"?{name}=")
    if route.chosen:
        if _CHOOSER in body:
            yield names(body[_CHOOSER], _CHOOSER)
        for field, raw in headers:
            if field == _CHOOSING_HEADER:
                yield names(raw.decode("utf-8", "surrogateescape").strip(" \t"), _CHOOSING_HEADER.decode())


def query_values(query: bytes, name: str) -> list[str]:
    """Each value of one query parameter. Raises Invalid when the query is no UTF-8."""
    return [value for key, value in query_pairs(query) if key == name]


def query_pairs(query: bytes) -> list[tuple[str, str]]:
    """The query's parameters in order. Raises Invalid when it is no UTF-8."""
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
        filled = _VARIABLE.sub(lambda found: values[found[1]], part)
        segments += filled.split("/") if WIDE.intersection(_VARIABLE.findall(part)) else [filled]
    return segments


def refuse_redirects(holder: Mapping[str, object], place: str = "", names: Collection[str] = ()) -> None:
    """Raises Invalid when `holder` has a field that would send the call elsewhere; `place` is where it is in the body.
    `names` are the fields in which the model that answers is named, whatever else they would mean."""
    if found := sorted(REDIRECTS.intersection(holder).difference(names)):
        shown = shortened(place + found[0])
        raise Invalid(f"`{shown}` may not be sent: it would change where the call goes; leave it out")


_DEEPEST = 32
_OVERRIDE = "router_settings_override"
_WITH_FALLBACKS = frozenset({*FALLBACK_FIELDS, _OVERRIDE})


def fallbacks(holder: Mapping[str, object], place: str = "", depth: int = 0) -> Iterator[str]:
    """Every name in the fallback fields of `holder` (F1), whose place in the body is `place`, itself `depth` fallbacks
    deep.

    A text, a list, `{"model": ...}` objects and `{name: [targets]}` maps, nested at any depth; a map's own keys are no
    names. Raises Invalid for any other shape.
    """
    for field in FALLBACK_FIELDS:
        if holder.get(field) is not None:
            yield from _targets(holder[field], f"{place}{field}", depth)


def _targets(value: object, place: str, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        raise Invalid(f"`{shortened(place)}` is nested too deeply; send a list of model names")
    if isinstance(value, str):
        yield from names(value, place)
    elif isinstance(value, list):
        for item in value:
            yield from _targets(item, place, depth + 1)
    elif not isinstance(value, dict):
        raise Invalid(f"`{shortened(place)}` must hold model names, as texts, lists or objects")
    else:
        refuse_redirects(value, f"{place}.")
        if "model" in value and not isinstance(value["model"], list):
            yield from names(value["model"], f"{place}.model")
            yield from fallbacks(value, f"{place}.", depth + 1)
            return
        for targets in value.values():
            yield from _targets(targets, place, depth + 1)


_ANSWERED_BY_COMPLETION_MODEL = frozenset({"chat/completions", "completions"})


@dataclass(frozen=True, slots=True)
class Footprint:
    """The models of one request: each once, the one that answers first. `differ` says that two places disagree;
    `added` is the config's model that answers, where the request itself does not name it (M6)."""

    models: list[str]
    differ: bool = False
    added: str | None = None


def footprint(
    match: Match, query: bytes, body: JsonObject, completion_model: str | None = None, headers: Iterable[Header] = ()
) -> Footprint:
    """The models that a request names. `body` is laid out (see `laid_out`), `completion_model` the config's (M6),
    `headers` are in lower case. Raises Invalid for what is no name, for fields that would redirect the call, and for
    fallbacks of no known shape."""
    route = match.route
    outside = list(_outside(match, query, headers, body)) if query or match.variables or route.chosen else []
    first, further, differ = dict.fromkeys(chain(*outside)), dict[str, None](), False
    for call, where in inner_bodies(route, body) if route.within is not None else [(body, "")]:
        own: list[tuple[str, ...]] = []
        holders = [(call, where)]
        if EXTRA in call:  # what was left in it: other names for the model that answers
            holders.append((as_object(call[EXTRA], f"{where}{EXTRA}"), f"{where}{EXTRA}."))
        for holder, place in holders:
            if not REDIRECTS.isdisjoint(holder):
                refuse_redirects(holder, place, route.own_fields)
            refuse_undeclared(route, holder, place, inner=bool(where))
            own += [names(spot.value, spot.place, route.prefix) for spot in spots(holder, *route.names, place=place)]
            nested = spots(holder, *route.nested, place=place)
            more = chain.from_iterable(names(spot.value, spot.place, route.prefix) for spot in nested)
            if not _WITH_FALLBACKS.isdisjoint(holder):
                more = chain(more, _all_fallbacks(holder, place))
            for name in more:
                further[name] = None
                if len(further) > MOST_MODELS:  # a body may name as many as fit into it
                    raise too_many()
        if where and not own:
            raise Invalid(f"`{where.removesuffix('.')}` names no model; each call must name its own")
        differ = differ or len({*outside, *own}) > 1 or EXTRA in call
        first.update(dict.fromkeys(chain(*own)))
        if len(first | further) > MOST_MODELS:
            raise too_many()
    path = route.upstream.path if route.upstream else ""
    answers = [completion_model] if completion_model and path in _ANSWERED_BY_COMPLETION_MODEL else []
    sent = first | further
    models = list(dict.fromkeys([*answers, *sent]))
    is_named = answers or first or route.operation != "infer"
    added = completion_model if answers and completion_model not in sent else None
    return Footprint(models if is_named else [], differ, added)


def _all_fallbacks(holder: JsonObject, place: str) -> Iterator[str]:
    """The fallbacks of a call, and those that are to override the config's."""
    yield from fallbacks(holder, place)
    if holder.get(_OVERRIDE) is not None:
        yield from fallbacks(as_object(holder[_OVERRIDE], f"{place}{_OVERRIDE}"), f"{place}{_OVERRIDE}.")


def inner_bodies(route: Route, body: JsonObject) -> Iterator[tuple[JsonObject, str]]:
    """The bodies of calls that a body holds, and where each is: itself, and those inside it. Raises Invalid."""
    yield body, ""
    for spot in spots(body, route.within) if route.within is not None else ():
        yield as_object(spot.value, spot.place), f"{spot.place}."
