"""Where in a body models are named (`session.model`, `tools[].svg.model`), and that no other field names one (M1, M7).

For M7, not looked at are what the table of endpoints calls content, `metadata`, and the properties and examples of a
JSON schema: their names are the caller's own. No value switches that off or on, only where a field is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import Any, NamedTuple

import yaml

from modelward.contract import JsonObject
from modelward.contract.facts import masked, shortened
from modelward.errors import Invalid
from modelward.gateway.routes import Route
from modelward.providers import kinds_that_run_models

_table: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("fields.yaml").read_text(encoding="utf-8"))


def flat(texts: Iterable[Any]) -> list[str]:
    """Lists in lists, laid flat."""
    return [text for item in texts for text in (flat(item) if isinstance(item, list) else [item])]


FALLBACK_FIELDS: tuple[str, ...] = tuple(_table["fallbacks"])
FILE_NAMES = frozenset(flat(_table["files"]))
REDIRECTS = frozenset(flat(_table["redirects"]))
NOT_FORWARDED = frozenset({*FALLBACK_FIELDS, *_table["for_the_gateway"]})
EXTRA = "extra_body"
_LONGEST_PLACE = 100
_LONGEST_PART = 30


class Spot(NamedTuple):
    """A field of an object, or an item of a list: `value` is `holder[key]`, `place` names it for its sender."""

    holder: Any
    key: str | int
    value: Any
    place: str

    def write(self, value: object) -> None:
        """Puts `value` there."""
        self.holder[self.key] = value


class _Step(Enum):
    """A step on a way that is no field; unlike its text, it is no key of any body."""

    ITEM = "[]"
    FIELD = "*"
    DEPTH = "**"


_STEPS = {step.value: step for step in _Step}


@dataclass(slots=True)
class _Place:
    """What a table says of one place in a body, and by which steps there are places below it. It is `named` itself, or
    what is there is `content`; with `or_text`, a text may be there as well."""

    inner: dict[str | _Step, "_Place"] = field(default_factory=dict)
    named: bool = False
    content: bool = False
    or_text: bool = True

    def at(self, where: str) -> "_Place":
        """The place that is so far below this one."""
        place = self
        for part in where.split("."):
            text = part.removesuffix("?")
            for step in (text.removesuffix("[]"), "[]") if text.endswith("[]") else (text,):
                place = place.inner.setdefault(_STEPS.get(step, step), _Place())
                place.or_text = place.or_text and part.endswith("?")
        return place

    @property
    def holds(self) -> bool:
        """Whether a name is directly in what is there, or at any depth below it."""
        inner = (each.inner.get(_Step.ITEM, each) for each in self.inner.values())
        return _Step.DEPTH in self.inner or any(each.named for each in inner)


@cache
def _tree(wheres: tuple[str, ...]) -> _Place:
    root = _Place()
    for where in wheres:
        root.at(where).named = True
    return root


def spots(body: JsonObject, *wheres: str, place: str = "") -> Iterable[Spot]:
    """The fields of `body` that `wheres` tell of, found while they are iterated; `place` is where the body is.

    Of `x.y`, `x[].y`, `x.*` and `x.**.y`, the second is in each item of a list, the third any field, the fourth at any
    depth; with `x?.y` or `x[]?.y` a text may be there as well. Raises Invalid for a value of another shape on the way.
    """
    found = [(head, below) for head, below in _tree(wheres).inner.items() if head in body]
    if not found:
        return ()
    starts = ((Spot(body, head, body[head], f"{place}{head}"), below) for head, below in found)
    return chain.from_iterable(_below(start, below) if below.inner else (start,) for start, below in starts)


def _below(spot: Spot, at: _Place) -> Iterator[Spot]:
    """A spot, if it is named, and those below it; where nothing is, or a text that may be there, there are none."""
    if at.named:
        yield spot
    if (spot.value is None and isinstance(spot.key, str)) or (at.or_text and isinstance(spot.value, str)):
        return
    for step, below in at.inner.items():
        for each in _taken(spot, step):
            yield from _below(each, below) if below.inner else (each,)


def _taken(spot: Spot, step: str | _Step) -> Iterable[Spot]:
    """One step on from a spot."""
    _, _, value, place = spot
    if step is _Step.ITEM:
        if not isinstance(value, list):
            raise Invalid(f"`{shortened(place)}` must be a list")
        return (Spot(value, index, item, f"{place}[{index}]") for index, item in enumerate(value))
    if step is _Step.DEPTH:
        if not isinstance(value, dict | list):
            raise Invalid(f"`{shortened(place)}` must be an object or a list")
        return _objects(spot)
    fields = as_object(value, place)
    if step is _Step.FIELD:
        return (Spot(fields, name, each, place + _part(name)) for name, each in fields.items())
    return (Spot(fields, step, fields[step], f"{place}.{step}"),) if step in fields else ()


def _objects(spot: Spot) -> Iterator[Spot]:
    """What is there, if it is an object, and all objects below it; the text of a place does not grow with the depth."""
    _, _, value, place = spot
    if isinstance(value, dict):
        yield spot
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, dict | list):
            yield from _objects(Spot(value, key, inner, place + _part(key) if len(place) < _LONGEST_PLACE else place))


def _part(key: str | int) -> str:
    return f".{shortened(masked(key), _LONGEST_PART)}" if isinstance(key, str) else f"[{key}]"


def as_object(value: object, place: str) -> JsonObject:
    """The object at a place of a body. Raises Invalid for anything else."""
    if not isinstance(value, dict):
        raise Invalid(f"`{shortened(place)}` must be an object")
    return value


_WORD_BEGINS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[-.:/]")
_BETWEEN_WORDS = re.compile(r"[-.:/]")
_SAYS_MODEL = re.compile(
    r"(?:[a-z0-9_$]*_)?(?:[a-z0-9$]*models?|llms?|deployments?|fallbacks?)"
    rf"(?:_?(?:{'|'.join(flat(_table['follows_model']))})s?)*(?:_[a-z])?"
    r"|(?:[a-z0-9_$]*_)?(?:q?lora|adapter)[a-z0-9_$]*"
    r"|prompt_?ids?|kv_?transfer_?params"
)
_SAYS_MODEL_AT_TOP = re.compile(rf"{_SAYS_MODEL.pattern}|engines?(?:_?(?:id|name))?")
_LONGEST_KEPT = 64


def says_model(key: str, at_top: bool = False) -> bool:
    """Whether a field of this name says that it names a model. At the top of a call `engine` does, which is a search's
    or a parser's elsewhere, and `MODEL` does not: it names nothing there, and does not travel (M3)."""
    return _kept(key, at_top) if len(key) <= _LONGEST_KEPT else _says_model(key, at_top)


def _says_model(key: str, at_top: bool) -> bool:
    # In small letters, where a capital begins a word and where it means nothing: readers differ.
    spellings = (_WORD_BEGINS.sub("_", key).casefold(), _BETWEEN_WORDS.sub("_", key.casefold()))
    pattern = _SAYS_MODEL_AT_TOP if at_top else _SAYS_MODEL
    return any(map(pattern.fullmatch, spellings)) and not (at_top and key.casefold() == "model")


_kept = lru_cache(maxsize=4096)(_says_model)

_NESTED = frozenset({dict, list})
_SETTLED = (type(None), bool)
"""What no provider takes for a name."""
_OWN_WORDS = frozenset({"metadata"})
_HOLDERS, _MAPS, _MAPS_OF_LISTS, _SUBSCHEMAS, _EXAMPLES = (
    frozenset(flat(_table["schema"][name])) for name in ("holders", "maps", "maps_of_lists", "subschemas", "examples")
)
_DRAWING = "image_generation"
_WITH_MODEL = frozenset({"moderation", "input_audio_transcription", "transcription"})
"""Fields that hold what runs a model, where the table has a place for its name."""

_Way = tuple["_Way | None", str | int]
"""The fields and indexes on the way to a value, the last one first."""

_NOWHERE = _Place()
_Deep = Mapping[str | _Step, _Place]
_Left = tuple[Any, _Place, _Deep, _Way | None, str, str]
"""A value still to be looked at: its place, the fields that name a model at any depth below it, the way to it, the
field that it, or its list, is in, and what it is: a `schema` of JSON, a `map` of schemas, or neither (empty)."""


@cache
def _declared(wheres: tuple[str, ...], nested: tuple[str, ...], content: tuple[str, ...], within: str | None) -> _Place:
    root = _Place()
    for where in (*content, *NOT_FORWARDED, *filter(None, [within])):
        root.at(where).content = True
    for where in (*wheres, *nested):
        root.at(where).named = True
    return root


def refuse_undeclared(route: Route, body: JsonObject, place: str = "", *, inner: bool = False) -> None:
    """Raises Invalid for a field of `body` that says it names a model and is at no place of `route`, and for a part
    that would let the provider choose one. `place` is where the body is; an `inner` one is a single call."""
    root = _declared(route.names, route.nested, route.content, None if inner else route.within)
    left: list[_Left] = [(body, root, {}, None, "", "")]
    while left:
        value, at, deep, way, field, kind = left.pop()
        if value.__class__ is list:
            items = at.inner.get(_Step.ITEM, at)
            left += [
                (each, items, deep, (way, index), field, kind)
                for index, each in enumerate(value)
                if each and each.__class__ in _NESTED
            ]
            continue
        if kind == "map":
            left += _in_map(value, field, way, place)
            continue
        is_schema = False
        if way is not None:
            has_fields = "properties" in value and isinstance(value["properties"], dict)
            is_schema = kind == "schema" or (has_fields and (field in _HOLDERS or field.casefold().endswith("schema")))
            _refuse_unnamed(value, field, at, deep, way, place)
        places, at_top = at.inner, way is None
        for key, each in value.items():
            here = (places.get(key) or places.get(_Step.FIELD)) if places else None
            is_nested = each.__class__ in _NESTED
            if here is not None and here.content:
                left += _held(each, here, (way, key), key) if here.inner else ()
            elif here.named if here is not None else key in deep:
                continue
            elif says_model(key, at_top) and not isinstance(each, _SETTLED) and not (is_nested and here is not None):
                raise _undeclared((way, key), place)
            elif is_nested and key not in _OWN_WORDS and not (is_schema and key in _EXAMPLES):
                below = here or _NOWHERE
                deeper = below.inner[_Step.DEPTH].inner if _Step.DEPTH in below.inner else deep
                is_map = key in _MAPS and isinstance(each, dict)
                what = "map" if is_map else "schema" if is_schema and key in _SUBSCHEMAS else ""
                left.append((each, below, deeper, (way, key), key, what))


def _in_map(value: JsonObject, field: str, way: _Way | None, place: str) -> Iterator[_Left]:
    """The schemas of a map: their fields may have any name, others may not say that they name a model."""
    has_lists = field in _MAPS_OF_LISTS
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield inner, _NOWHERE, {}, (way, key), key, "schema"
        elif says_model(key) and not isinstance(inner, _SETTLED) and not (has_lists and isinstance(inner, list)):
            raise _undeclared((way, key), place)


def _held(value: object, at: _Place, way: _Way, field: str) -> Iterator[_Left]:
    """Below content: what the table says holds a model's name."""
    if at.holds and value.__class__ in _NESTED:
        yield value, at, at.inner.get(_Step.DEPTH, _NOWHERE).inner, way, field, ""
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _held(each, at.inner.get(_Step.ITEM, at), (way, index), field)
    elif isinstance(value, dict):
        for key, here in at.inner.items():
            if key in value:
                yield from _held(value[key], here, (way, str(key)), str(key))


def _refuse_unnamed(value: JsonObject, field: str, at: _Place, deep: _Deep, way: _Way, place: str) -> None:
    """Raises Invalid for what a provider runs a model for, and that names none: it would choose one itself."""
    type_, kinds = value.get("type"), kinds_that_run_models()
    needed: list[str] = []
    if (field in _WITH_MODEL or (field == "tools" and type_ == _DRAWING)) and (deep or at.holds):
        # A model may be named for the drawing that is asked for in its place.
        needed += ["model"] if not _is_named(value, "svg.model") else []
    for kind in (field, type_, value.get("id")):
        if kind.__class__ is str and (kind in kinds or ":" in kind):
            # Of a family, each that is not known to run none must name one.
            family = f"{kind.partition(':')[0].casefold()}:*"
            needed += kinds[kind] if kind in kinds else kinds.get(family, ())
    for where in needed:
        if not _is_named(value, where):
            raise Invalid(f"`{_shown(way, place)}` names no model; name it in `{where}`")


def _is_named(value: object, where: str) -> bool:
    for part in where.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return bool(value) and isinstance(value, str | list)


def _undeclared(way: _Way, place: str) -> Invalid:
    shown = _shown(way, place)
    return Invalid(f"`{shown}` may not be sent: it says that it names a model, and is not judged there; leave it out")


def _shown(way: _Way, place: str) -> str:
    parts: list[str] = []
    left: _Way | None = way
    while left is not None:
        left, key = left
        parts.append(f".{masked(key)}" if isinstance(key, str) else f"[{key}]")
    return shortened(place + "".join(reversed(parts[:20])).removeprefix("."))
