"""Every id of an object that a request names, wherever it stands, and which of them it runs."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from modelward.contract import JsonObject, ObjectKind
from modelward.errors import Invalid
from modelward.gateway.objects.held import ObjectId
from modelward.gateway.objects.id_words import (
    BUCKETS,
    CHOSEN_ID,
    HOLDERS,
    ITEM_IDS,
    ITEMS,
    KINDS,
    MODEL_ID,
    NEVER,
    OPAQUE,
    PURPOSE,
    SCHEMAS,
    SOURCES,
    TEXTS,
    kind_of,
    own_ids,
    word_of,
)
from modelward.gateway.objects.id_words import TELLING as GOOGLES
from modelward.gateway.objects.items import item_ids
from modelward.gateway.objects.unbound import refuse_kept_text, refuse_unbound
from modelward.gateway.request.names import masked, shortened
from modelward.gateway.routes import IN_PATH, Route


def run_in_body(route: Route, body: JsonObject) -> ObjectId | None:
    """The object that a call on `route` runs, as its body names it; `None` where the path does, or nothing is run.

    Raises Invalid where the body does not name it, or names it elsewhere too.
    """
    if route.runs is None or route.runs == IN_PATH:
        return None
    head, _, inner = route.runs.partition(".")
    kind = HOLDERS[head] if inner else kind_of(head)
    value = body.get(head)
    if inner:
        value = value[inner] if isinstance(value, dict) and value.keys() == {inner} else None
    if kind is None or not isinstance(value, str) or not value:
        raise Invalid(f"`{route.runs}` must be the id of what is to be run, and `{head}` nothing else")
    words = {key: word_of(key) for key in body if key != head}
    others = sorted(key for key, word in words.items() if kind in {kind_of(word), HOLDERS.get(word)})
    if others:
        raise Invalid(f"`{shortened(masked(others[0]))}` may not stand beside `{route.runs}`; leave it out")
    return kind, value


_OWN = frozenset({"metadata", "litellm_metadata"})
NAMING = frozenset({*KINDS, *HOLDERS, *NEVER, *SOURCES, *ITEMS, *BUCKETS, *GOOGLES, MODEL_ID, PURPOSE, "audio"})
"""The fields that may tell of objects, or hold objects that do."""

_WORDS = NAMING | ITEM_IDS
_NESTED = frozenset({dict, list})
_NOTHING = frozenset[tuple[str, str]]()
_MOST_IDS = 1000
_CONTENT = ("data:", "http://", "https://")


def ids_of(
    route: Route, variables: Mapping[str, str], fields: JsonObject, whole: Sequence[JsonObject] = ()
) -> list[ObjectId]:
    """The objects that a request on `route` names, each once: the one in its path, percent-decoded in `variables`, and
    those at any depth of its body, whatever stands beside them. On a route that runs an object, that one is the first.
    `whole` are items whose own ids are looked at apart (see `whole_items`).

    Raises Invalid for what is no id, for what names an object that cannot be bound to anybody, and for too many.
    """
    if route.makes and fields.get(CHOSEN_ID) is not None:
        raise Invalid(f"`{CHOSEN_ID}` is not taken: it could be the id of another's object; leave it out")
    found: dict[ObjectId, None] = {}
    if route.holds is not None and variables:
        found[route.holds, next(iter(variables.values()))] = None
    if route.runs is not None and (run := run_in_body(route, fields)) is not None:
        found[run] = None
    for name, value in _objects(route, fields):
        if "content" in value:
            refuse_kept_text(value["content"])
        if not any(map(_tells, value)):
            continue
        refuse_unbound(route, name, value)
        found.update(dict.fromkeys(_named(value, is_schema=name in SCHEMAS)))
        found.update(dict.fromkeys(item_ids(route, value, whole)))
        if len(found) > _MOST_IDS:
            raise Invalid(f"the request names more than {_MOST_IDS} objects; name fewer")
    return list(found)


@lru_cache(maxsize=8_192)
def _tells(field: str) -> bool:
    """Whether a field of that name may tell of objects, or hold objects that do; most do not."""
    word = word_of(field)
    return field in NAMING or word in _WORDS or word.endswith("url") or kind_of(word) is not None


def _objects(route: Route, fields: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """All objects in a body, itself too, each with the field that it stands in, but for what is the client's own, or a
    tool's."""
    opaque = OPAQUE.get(route.upstream.dialect, _NOTHING) if route.upstream else _NOTHING
    left: list[tuple[str, Any]] = [("", fields)]
    while left:
        name, value = left.pop()
        if isinstance(value, list):
            left += [(name, each) for each in value if type(each) in _NESTED]
            continue
        yield name, value
        left += [
            (key, inner)
            for key, inner in value.items()
            if type(inner) in _NESTED and key not in _OWN and (name, key) not in opaque
        ]


def _named(value: JsonObject, *, is_schema: bool) -> Iterator[ObjectId]:
    """What one object of a body names itself; in a JSON schema an object describes the field that is called so."""
    for key, inner in value.items():
        if inner is None or isinstance(inner, bool):
            continue
        word = word_of(key)
        if word in HOLDERS:
            if not (is_schema and isinstance(inner, dict)):
                yield from _held(HOLDERS[word], word, inner, key)
        elif (kind := kind_of(word)) is not None and not (is_schema and isinstance(inner, dict)):
            yield from ((kind, id_) for id_ in _texts(inner, key))


def _held(kind: ObjectKind, word: str, holder: object, key: str) -> Iterator[ObjectId]:
    """The ids in a field that holds an object with one, or several."""
    if isinstance(holder, list):
        for each in holder:
            yield from _held(kind, word, each, key)
    elif isinstance(holder, dict):
        yield from ((kind, _text(each, f"{key}.id")) for each in own_ids(holder))
    elif word in TEXTS and holder is not None and not isinstance(holder, bool):
        text = _text(holder, key)
        if kind != "video" or not text.startswith(_CONTENT):
            yield kind, text


def _texts(value: object, key: str) -> Iterator[str]:
    """The ids that a field holds: one, or a list of them, each alone or as the `id` of an object."""
    if isinstance(value, list):
        for each in value:
            yield from _texts(each, key)
    elif isinstance(value, dict):
        yield _text(value.get("id"), f"{key}.id")
    elif value is not None:
        yield _text(value, key)


def _text(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise Invalid(f"`{shortened(masked(key))}` must be an id, a text")
    return value
