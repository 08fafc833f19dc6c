"""Fields that say they name a model, outside the places where one is judged: refused, at any depth (M7).

Not looked at are what the table calls content, `metadata`, and the properties and examples of a JSON schema: their
names are the caller's own. No value switches that off or on, only where a field stands.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.client_text import masked, shortened
from modelward.gateway.places import NOT_FORWARDED
from modelward.gateway.providers import kinds_that_run_models
from modelward.gateway.routes import Route
from modelward.gateway.spots import ANY_DEPTH, ANY_FIELD, parts

_NESTED = frozenset({dict, list})
_SETTLED = (type(None), bool)
"""What no provider takes for a name."""

_WORD_BEGINS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[-.:/]")
_TELLING = (
    *("name", "id", "uid", "uri", "url", "urn", "arn", "path", "ref", "reference", "slug", "tag", "alias(?:es)?"),
    *("key", "version", "revision", "identifier", "list", "map", "group", "family", "type", "size", "class(?:es)?"),
    *("tier", "variant", "code", "choice", "selector", "selection", "preference", "routing", "router", "override"),
    *("source", "repo", "repository", "hash", "provider", "index", "pool", "set", "string", "label", "endpoint"),
    *("weight", "checkpoint", "info"),
)
_SAYS_MODEL = re.compile(
    rf"(?:[a-z0-9_$]*_)?(?:[a-z0-9$]*models?|llms?|deployments?|fallbacks?)(?:_?(?:{'|'.join(_TELLING)})s?)*"
    r"|(?:[a-z0-9_$]*_)?(?:q?lora|adapter)[a-z0-9_$]*"
    r"|prompt_ids?|kv_transfer_params"
)
_AT_TOP = frozenset({"engine", "engines"})
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
_SUBSCHEMAS = frozenset(
    {
        *("additionalProperties", "allOf", "anyOf", "any_of", "contains", "else", "if", "items", "not", "oneOf"),
        *("prefixItems", "propertyNames", "then"),
    }
)
_EXAMPLES = frozenset({"const", "default", "discriminator", "enum", "example", "examples"})
"""In a JSON schema: fields that hold values, or names, of what it describes."""

_LONGEST_KEPT = 64

_Way = tuple["_Way", str] | None
"""The fields on the way to an object, the last one first."""


@dataclass(slots=True)
class _Place:
    """What the table says of one place: whether a model is `named` there, whether it is `content`, whether a model's
    name stands directly in it. `deep` are fields that name one at any depth below it."""

    inner: dict[str, "_Place"] = field(default_factory=dict)
    named: bool = False
    content: bool = False
    holds: bool = False
    deep: frozenset[str] = frozenset()


_NOWHERE = _Place()
_Left = tuple[Any, _Place, frozenset[str], _Way, str]
"""A value still to be looked at: its place, the names that are declared for any depth, the way to it, and what it is:
`body`, `schema` (of JSON), `map` (of schemas), or empty."""


def says_model(key: str) -> bool:
    """Whether a field of this name says that it names a model."""
    return _kept(key) if len(key) <= _LONGEST_KEPT else _says_model(key)


def refuse_undeclared(route: Route, body: JsonObject, place: str = "", *, inner: bool = False) -> None:
    """Raises Invalid for a field of `body` that says it names a model and stands at no place of `route`, and for a
    part that would let the provider choose one; `place` is where the body stands. An `inner` one is a single call."""
    within = None if inner else route.within
    left: list[_Left] = [(body, _tree(route.names, route.nested, route.content, within), frozenset(), None, "body")]
    while left:
        value, at, deep, way, kind = left.pop()
        if isinstance(value, list):
            left += [(each, at, deep, way, kind) for each in value if type(each) in _NESTED]
        elif kind == "map":
            _look_at_map(value, way, place, left)
        else:
            _look_at(value, at, deep, way, kind, place, left)


def _look_at(
    value: JsonObject, at: _Place, deep: frozenset[str], way: _Way, kind: str, place: str, left: list[_Left]
) -> None:
    if way is not None:
        _refuse_provider_choice(value, way, place)
        kind = "schema" if kind == "schema" or isinstance(value.get("properties"), dict) else ""
    for key, inner in value.items():
        here = at.inner.get(key) or at.inner.get(ANY_FIELD)
        if (here is None and key in deep) or (here is not None and here.named):
            continue
        is_nested = type(inner) in _NESTED
        if here is not None and here.content:
            if here.inner and is_nested:
                left += _held(inner, here, (way, key))
            continue
        if _is_undeclared(key, inner, kind) and not (is_nested and here is not None and here.inner):
            raise _undeclared(place, way, key)
        if is_nested and key not in _OWN_WORDS and not (kind == "schema" and key in _EXAMPLES):
            below = here or _NOWHERE
            left.append((inner, below, deep | below.deep if below.deep else deep, (way, key), _kind(key, inner, kind)))


def _look_at_map(value: JsonObject, way: _Way, place: str, left: list[_Left]) -> None:
    """The fields of a map of schemas may have any name, where schemas stand in them."""
    has_lists = way is not None and way[1] in _MAPS_OF_LISTS
    for key, inner in value.items():
        if isinstance(inner, dict):
            left.append((inner, _NOWHERE, frozenset(), (way, key), "schema"))
        elif not (has_lists and isinstance(inner, list)) and _is_undeclared(key, inner, ""):
            raise _undeclared(place, way, key)


def _kind(key: str, value: object, kind: str) -> str:
    if key in _MAPS and isinstance(value, dict):
        return "map"
    return "schema" if kind == "schema" and key in _SUBSCHEMAS else ""


def _is_undeclared(key: str, value: object, kind: str) -> bool:
    if isinstance(value, _SETTLED):
        return False
    if kind == "body":  # `MODEL` is no model's name, and does not travel (M3)
        return (key in _AT_TOP or says_model(key)) and key.casefold() != "model"
    return says_model(key)


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
    kinds = (way and way[1], value.get("type"), value.get("id"))
    for where in (where for kind in kinds if isinstance(kind, str) for where in _needed(kind)):
        if not _is_named(value, where.split(".")):
            raise Invalid(f"`{shortened(_shown(place, way))}` names no model; name it in `{where}`")


def _needed(kind: str) -> tuple[str, ...]:
    """Where a tool or plugin of that kind names the models that it runs; of a family, each that is not known to run
    none must name one."""
    kinds = kinds_that_run_models()
    family, colon, _ = kind.partition(":")
    if colon and kind not in kinds:
        return kinds.get(f"{family.casefold()}:*", ())
    return kinds.get(kind, ())


def _is_named(value: object, way: list[str]) -> bool:
    for part in way:
        value = value.get(part) if isinstance(value, dict) else None
    return bool(value) and isinstance(value, str | list)


def _undeclared(place: str, way: _Way, key: str) -> Invalid:
    shown = shortened(_shown(place, (way, key)))
    return Invalid(f"`{shown}` may not be sent: it says that it names a model, and is not judged there; leave it out")


def _shown(place: str, way: _Way) -> str:
    keys = list[str]()
    while way is not None:
        way, key = way
        keys.append(masked(key))
    return place + ".".join(reversed(keys[:20]))


@lru_cache(maxsize=4096)
def _kept(key: str) -> bool:
    return _says_model(key)


def _says_model(key: str) -> bool:
    return _SAYS_MODEL.fullmatch(_WORD_BEGINS.sub("_", key).casefold()) is not None


@cache
def _tree(named: tuple[str, ...], nested: tuple[str, ...], content: tuple[str, ...], within: str | None) -> _Place:
    root = _Place()
    for where in (*content, *NOT_FORWARDED, "extra_body", *filter(None, [within])):
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
