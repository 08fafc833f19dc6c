"""Every id of an object that a request names, wherever it stands."""

from collections.abc import Iterator, Mapping
from typing import Any

from modelward.contract import JsonObject, ObjectKind
from modelward.errors import Invalid
from modelward.gateway.objects.google_words import TELLING as GOOGLES
from modelward.gateway.objects.held import ObjectId
from modelward.gateway.objects.id_words import (
    BUCKETS,
    CHOSEN_ID,
    FILE_SOURCE,
    HOLDERS,
    ITEMS,
    KINDS,
    MODEL_ID,
    NEVER,
    OF_A_CONTAINER,
    OPAQUE,
    PURPOSE,
    STORED,
    TOOL_CALLS,
)
from modelward.gateway.objects.running import run_in_body
from modelward.gateway.objects.unbound import refuse_unbound
from modelward.gateway.outgoing import forwarded
from modelward.gateway.routes import Route

_OWN = frozenset({"metadata", "litellm_metadata"})
NAMING = frozenset({*KINDS, *HOLDERS, *NEVER, *STORED, *ITEMS, *BUCKETS, *GOOGLES, MODEL_ID, PURPOSE, "audio"})
"""The fields that may tell of objects, or hold objects that do."""

_NESTED = frozenset({dict, list})
_NOTHING = frozenset[str]()
_INPUT = frozenset({"input"})
_MOST_IDS = 1000
_CONTENT = ("data:", "http://", "https://")


def ids_of(route: Route, variables: Mapping[str, str], fields: JsonObject) -> list[ObjectId]:
    """The objects that a request on `route` names, each once: the one in its path, percent-decoded in `variables`, and
    those at any depth of its body. On a route that runs an object, that one is the first.

    Raises Invalid for what is no id, for what names an object that cannot be bound to anybody, and for too many.
    """
    if route.makes and forwarded(route, fields).get(CHOSEN_ID) is not None:
        raise Invalid(f"`{CHOSEN_ID}` is not taken: it could be the id of another's object; leave it out")
    found: dict[ObjectId, None] = {}
    if route.holds is not None and variables:
        found[route.holds, next(iter(variables.values()))] = None
    if (run := run_in_body(route, fields)) is not None:
        found[run] = None
    for value in _objects(route, fields):
        if not NAMING.isdisjoint(value):
            refuse_unbound(route, value)
            found.update(dict.fromkeys(_named(value)))
            if len(found) > _MOST_IDS:
                raise Invalid(f"the request names more than {_MOST_IDS} objects; name fewer")
    return list(found)


def _objects(route: Route, fields: JsonObject) -> Iterator[JsonObject]:
    """All objects in a body, itself too, but for what is the client's own, or a tool's."""
    dialect = route.upstream.dialect if route.upstream else "openai"
    passed_over = _OWN | OPAQUE.get(dialect, _NOTHING)
    calls = TOOL_CALLS if dialect in {"anthropic", "bedrock", "vertex"} else _NOTHING
    left: list[Any] = [fields]
    while left:
        value = left.pop()
        if isinstance(value, list):
            left += [each for each in value if type(each) in _NESTED]
            continue
        yield value
        skipped = passed_over | _INPUT if calls and _is_one_of(value, calls) else passed_over
        left += [inner for key, inner in value.items() if type(inner) in _NESTED and key not in skipped]


def _named(value: JsonObject) -> Iterator[ObjectId]:
    """What one object of a body names itself."""
    for key in KINDS.keys() & value.keys():
        if key != "file_id" or value.get("type") != OF_A_CONTAINER:
            yield from ((KINDS[key], id_) for id_ in _texts(value[key], key))
    for key in HOLDERS.keys() & value.keys():
        yield from _held(HOLDERS[key], value[key], key)
    field, kind = FILE_SOURCE
    if isinstance(source := value.get(field), dict) and source.get("type") == kind:
        yield from _held("file", source, field)


def _held(kind: ObjectKind, holder: object, key: str) -> Iterator[ObjectId]:
    if isinstance(holder, str):
        if not holder.startswith(_CONTENT):
            yield kind, holder
    elif isinstance(holder, dict) and holder.get("id") is not None and not isinstance(holder["id"], dict | bool):
        yield kind, _text(holder["id"], f"{key}.id")


def _texts(value: object, key: str) -> list[str]:
    """The ids that a field holds. An object is none, but may hold some: a tool's schema has a field of any name."""
    if value is None or isinstance(value, bool | dict):
        return []
    listed = value if isinstance(value, list) else [value]
    return [_text(each, key) for each in listed if not isinstance(each, dict)]


def _text(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise Invalid(f"`{key}` must be an id, a text")
    return value


def _is_one_of(value: JsonObject, types: frozenset[str]) -> bool:
    return isinstance(kind := value.get("type"), str) and kind in types
