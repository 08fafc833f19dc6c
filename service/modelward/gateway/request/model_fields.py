"""Fields that say they name a model, outside the places where one is judged: refused, at any depth (M7).

Not looked at are what the table calls content, `metadata`, and the properties and examples of a JSON schema: their
names are the caller's own. No value switches that off or on, only where a field is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.request.names import masked, shortened
from modelward.gateway.request.places import ANY_DEPTH, ANY_FIELD, NOT_FORWARDED, parts
from modelward.gateway.routes import Route
from modelward.providers import kinds_that_run_models

_NESTED = frozenset({dict, list})
_SETTLED = (type(None), bool)
"""What no provider takes for a name."""

_WORD_BEGINS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[-.:/]")
_BETWEEN_WORDS = re.compile(r"[-.:/]")
_TELLING = (
    *("name", "id", "uid", "uri", "url", "urn", "arn", "path", "ref", "reference", "slug", "tag", "alias(?:es)?"),
    *("key", "version", "revision", "identifier", "list", "map", "group", "family", "type", "size", "class(?:es)?"),
    *("tier", "variant", "code", "choice", "selector", "selection", "preference", "routing", "router", "override"),
    *("source", "repo", "repository", "hash", "provider", "index", "pool", "set", "string", "label", "endpoint"),
    *("weight", "checkpoint", "info", "file", "dir", "directory", "folder", "location", "link", "instance", "used"),
    *("to_use", "to_try", "[0-9]", "uuid", "guid", "handle", "number", "num", "no", "ver", "title", "nickname"),
    *("card", "spec", "engine", "target", "default", "primary", "secondary", "main", "backup", "preferred"),
    *("display", "short", "full", "long", "candidate", "priority", "order", "chain", "cascade", "sequence"),
)
_SAYS_MODEL = re.compile(
    rf"(?:[a-z0-9_$]*_)?(?:[a-z0-9$]*models?|llms?|deployments?|fallbacks?)(?:_?(?:{'|'.join(_TELLING)})s?)*(?:_[a-z])?"
    r"|(?:[a-z0-9_$]*_)?(?:q?lora|adapter)[a-z0-9_$]*"
    r"|prompt_?ids?|kv_?transfer_?params"
)
_AT_TOP = re.compile("engines?(?:_?(?:id|name))?")
"""At the top of a call they name a model; deeper they are a search's or a parser's."""

_OWN_WORDS = frozenset({"metadata"})
_MAPS = frozenset(
    {
        *("$defs", "definitions", "dependencies", "dependentRequired", "dependentSchemas", "parameter_definitions"),
        *("patternProperties", "pattern_properties", "properties"),
    }
)
"""In a JSON schema: objects whose fields have names of the caller's own."""
_MAPS_OF_LISTS = frozenset({"dependencies", "dependentRequired"})
_SCHEMAS = frozenset({"format", "guided_json", "json", "parameters", "response"})
"""Fields that hold a JSON schema, beside all whose name ends with `schema`."""
_SUBSCHEMAS = frozenset(
    {
        *("additionalProperties", "allOf", "anyOf", "any_of", "contains", "else", "if", "items", "not", "oneOf"),
        *("prefixItems", "propertyNames", "then"),
    }
)
_EXAMPLES = frozenset({"const", "default", "discriminator", "enum", "example", "examples"})
"""In a JSON schema: fields that hold values, or names, of what it describes."""

_LONGEST_KEPT = 64

_Way = tuple["_Way | None", str]
"""The fields on the way to an object, the last one first."""


@dataclass(slots=True)
class _Place:
    """What the table says of one place: whether a model is `named` there, whether it is `content`, whether a model's
    name is directly in it. `deep` are fields that name one at any depth below it."""

    inner: dict[str, "_Place"] = field(default_factory=dict)
    named: bool = False
    content: bool = False
    holds: bool = False
    deep: frozenset[str] = frozenset()


_NOWHERE = _Place()
_NOTHING = frozenset[str]()
_Left = tuple[Any, _Place, frozenset[str], _Way, str]
"""A value still to be looked at: its place, the names that are declared for any depth, the way to it, and what it is:
a `schema` of JSON, a `map` of schemas, or neither (empty)."""


def says_model(key: str) -> bool:
    """Whether a field of this name says that it names a model."""
    return _kept(key) if len(key) <= _LONGEST_KEPT else _says_model(key)


def refuse_undeclared(route: Route, body: JsonObject, place: str = "", *, inner: bool = False) -> None:
    """Raises Invalid for a field of `body` that says it names a model and is at no place of `route`, and for a
    part that would let the provider choose one; `place` is where the body is. An `inner` one is a single call."""
    within = None if inner else route.within
    left: list[_Left] = []
    at = _tree(route.names, route.nested, route.content, within)
    _look_at_declared(body, at, _NOTHING, None, False, place, left)
    while left:
        value, at, deep, way, kind = left.pop()
        if value.__class__ is list:
            left += [(each, at, deep, way, kind) for each in value if each and each.__class__ in _NESTED]
        elif kind == "map":
            _look_at_map(value, way, place, left)
        else:
            _refuse_provider_choice(value, way, place)
            is_schema = kind == "schema" or _is_schema(way[1], value)
            if at.inner or deep:
                _look_at_declared(value, at, deep, way, is_schema, place, left)
            else:
                _look_at(value, way, is_schema, place, left)


def _look_at_declared(
    value: JsonObject,
    at: _Place,
    deep: frozenset[str],
    way: _Way | None,
    is_schema: bool,
    place: str,
    left: list[_Left],
) -> None:
    """The fields of a body, or of an object in which, or below which, the table has places: a name is judged by others,
    and of content only what holds names is looked at."""
    says = says_model if way is not None else _says_model_at_top
    for key, inner in value.items():
        here = at.inner.get(key) or at.inner.get(ANY_FIELD)
        is_nested = inner.__class__ in _NESTED
        if here is not None and here.content:
            if here.inner:
                left += _held(inner, here, (way, key))
        elif here.named if here is not None else key in deep:
            continue
        elif says(key) and not isinstance(inner, _SETTLED) and not (is_nested and here is not None):
            raise _undeclared(place, way, key)
        elif is_nested and key not in _OWN_WORDS and not (is_schema and key in _EXAMPLES):
            below = here or _NOWHERE
            left.append((inner, below, deep | below.deep, (way, key), _kind(key, inner, is_schema=is_schema)))


def _look_at(value: JsonObject, way: _Way, is_schema: bool, place: str, left: list[_Left]) -> None:
    """The fields of an object of which the table says nothing."""
    for key, inner in value.items():
        if says_model(key) and not isinstance(inner, _SETTLED):
            raise _undeclared(place, way, key)
        if inner.__class__ in _NESTED and key not in _OWN_WORDS and not (is_schema and key in _EXAMPLES):
            left.append((inner, _NOWHERE, _NOTHING, (way, key), _kind(key, inner, is_schema=is_schema)))


def _look_at_map(value: JsonObject, way: _Way, place: str, left: list[_Left]) -> None:
    """The fields of a map of schemas may have any name, where schemas are in them."""
    has_lists = way is not None and way[1] in _MAPS_OF_LISTS
    for key, inner in value.items():
        if isinstance(inner, dict):
            left.append((inner, _NOWHERE, _NOTHING, (way, key), "schema"))
        elif says_model(key) and not isinstance(inner, _SETTLED) and not (has_lists and isinstance(inner, list)):
            raise _undeclared(place, way, key)


def _is_schema(key: str, value: JsonObject) -> bool:
    return (key in _SCHEMAS or key.casefold().endswith("schema")) and isinstance(value.get("properties"), dict)


def _kind(key: str, value: object, *, is_schema: bool) -> str:
    if key in _MAPS and isinstance(value, dict):
        return "map"
    return "schema" if is_schema and key in _SUBSCHEMAS else ""


def _held(value: object, at: _Place, way: _Way) -> Iterator[_Left]:
    """Below content: what the table says holds a model's name."""
    if isinstance(value, list):
        for each in value:
            yield from _held(each, at, way)
    elif isinstance(value, dict):
        for key, here in at.inner.items():
            if key not in value:
                continue
            if here.holds:
                yield value[key], here, here.deep, (way, key), ""
            elif here.inner:
                yield from _held(value[key], here, (way, key))


def _refuse_provider_choice(value: JsonObject, way: _Way, place: str) -> None:
    """Raises Invalid for what a provider runs a model for, and that names none."""
    kinds = kinds_that_run_models()
    for kind in (way[1], value.get("type"), value.get("id")):
        if kind.__class__ is str and (kind in kinds or ":" in kind):
            for where in _needed(kind):
                if not _is_named(value, where.split(".")):
                    raise Invalid(f"`{shortened(_shown(place, way))}` names no model; name it in `{where}`")


def _needed(kind: str) -> tuple[str, ...]:
    """Where a tool or plugin of that kind names the models that it runs; of a family, each that is not known to run
    none must name one."""
    kinds = kinds_that_run_models()
    family, _, _ = kind.partition(":")
    return kinds[kind] if kind in kinds else kinds.get(f"{family.casefold()}:*", ())


def _is_named(value: object, way: list[str]) -> bool:
    for part in way:
        value = value.get(part) if isinstance(value, dict) else None
    return bool(value) and isinstance(value, str | list)


def _says_model_at_top(key: str) -> bool:
    """The same for a field of a whole body, where `MODEL` names nothing, and does not travel (M3)."""
    if says_model(key):
        return key.casefold() != "model"
    return len(key) <= _LONGEST_KEPT and any(map(_AT_TOP.fullmatch, _spellings(key)))


def _undeclared(place: str, way: _Way | None, key: str) -> Invalid:
    shown = shortened(_shown(place, (way, key)))
    return Invalid(f"`{shown}` may not be sent: it says that it names a model, and is not judged there; leave it out")


def _shown(place: str, way: _Way) -> str:
    keys = list[str]()
    left: _Way | None = way
    while left is not None:
        left, key = left
        keys.append(masked(key))
    return place + ".".join(reversed(keys[:20]))


@lru_cache(maxsize=4096)
def _kept(key: str) -> bool:
    return _says_model(key)


def _says_model(key: str) -> bool:
    return any(map(_SAYS_MODEL.fullmatch, _spellings(key)))


def _spellings(key: str) -> tuple[str, str]:
    """A field's name in small letters, where a capital begins a word and where it means nothing: readers differ."""
    return _WORD_BEGINS.sub("_", key).casefold(), _BETWEEN_WORDS.sub("_", key.casefold())


@cache
def _tree(named: tuple[str, ...], nested: tuple[str, ...], content: tuple[str, ...], within: str | None) -> _Place:
    root = _Place()
    for where in (*content, *NOT_FORWARDED, *filter(None, [within])):
        _at(root, parts(where)).content = True
    for where in (*named, *nested):
        way = parts(where)
        if ANY_DEPTH in way:
            above = _at(root, way[:-2])
            above.deep |= {way[-1]}
            above.holds = True
        else:
            _at(root, way).named = True
            _at(root, way[:-1]).holds = True
    return root


def _at(root: _Place, way: tuple[str, ...]) -> _Place:
    for part in way:
        root = root.inner.setdefault(part, _Place())
    return root
