"""Every id of an object that a request names, wherever it is, and which of them it runs.

Items of responses and conversations are bound with the response that made them, and named again by their ids. Clients
send back what they got, so an item comes with its id and its content. Such an `id` travels only to the account where
the item is bound to the caller. An id that nobody has is left out, and what is another's is not found.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from modelward.contract import JsonObject, ObjectKind
from modelward.errors import Invalid
from modelward.gateway.objects.held import ObjectId
from modelward.gateway.objects.id_words import (
    CHOSEN_ID,
    GOOGLES,
    KINDS,
    MODEL_ID,
    OPAQUE,
    PURPOSE,
    WORDS,
    kind_of,
    own_ids,
    word_of,
)
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
    kind = WORDS.holders[head] if inner else kind_of(head)
    value = body.get(head)
    if inner:
        value = value[inner] if isinstance(value, dict) and value.keys() == {inner} else None
    if kind is None or not isinstance(value, str) or not value:
        raise Invalid(f"`{route.runs}` must be the id of what is to be run, and `{head}` nothing else")
    words = {key: word_of(key) for key in body if key != head}
    others = sorted(key for key, word in words.items() if kind in {kind_of(word), WORDS.holders.get(word)})
    if others:
        raise Invalid(f"`{shortened(masked(others[0]))}` may not be sent beside `{route.runs}`; leave it out")
    return kind, value


_OWN = frozenset({"metadata", "litellm_metadata"})
NAMING = frozenset(
    {*KINDS, *WORDS.holders, *WORDS.never, *WORDS.sources, *WORDS.items, *WORDS.buckets, *GOOGLES}
    | {MODEL_ID, PURPOSE, "audio"}
)
"""The fields that may tell of objects, or hold objects that do."""

_WORDS = NAMING | WORDS.item_ids
_NESTED = frozenset({dict, list})
_NOTHING = frozenset[tuple[str, str]]()
_MOST_IDS = 1000
_CONTENT = ("data:", "http://", "https://")


def ids_of(
    route: Route, variables: Mapping[str, str], fields: JsonObject, whole: Sequence[JsonObject] = ()
) -> list[ObjectId]:
    """The objects that a request on `route` names, each once: the one in its path, percent-decoded in `variables`, and
    those at any depth of its body, whatever is beside them. On a route that runs an object, that one is the first.
    `whole` are items whose own ids are looked at apart (see `whole_items`).

    Raises Invalid for what is no id, for what names an object that cannot be bound to anyone, and for too many.
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
        found.update(dict.fromkeys(_named(value, is_schema=name in WORDS.schemas)))
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
    """All objects in a body, itself too, each with the field that it is in, but for what is the client's own, or a
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
        if word in WORDS.holders:
            if not (is_schema and isinstance(inner, dict)):
                yield from _held(WORDS.holders[word], word, inner, key)
        elif (kind := kind_of(word)) is not None and not (is_schema and isinstance(inner, dict)):
            yield from ((kind, id_) for id_ in _texts(inner, key))


def _held(kind: ObjectKind, word: str, holder: object, key: str) -> Iterator[ObjectId]:
    """The ids in a field that holds an object with one, or several."""
    if isinstance(holder, list):
        for each in holder:
            yield from _held(kind, word, each, key)
    elif isinstance(holder, dict):
        yield from ((kind, _text(each, f"{key}.id")) for each in own_ids(holder))
    elif word in WORDS.texts and holder is not None and not isinstance(holder, bool):
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


_ABOUT_ITSELF = frozenset({"call_id", "created_by", "id", "object", "phase", "role", "status", "type"})
_CREATED = "response"
_MOST_ITEMS = 1_000


def whole_items(route: Route, fields: JsonObject) -> list[JsonObject]:
    """The items of a body that have an `id` and content of their own, where the upstream reads items."""
    if not route.takes_items:
        return []
    inner = fields.get(_CREATED)
    holders = (fields, inner) if isinstance(inner, dict) else (fields,)
    listed = (each for holder in holders for key in sorted(WORDS.items) for each in _listed(holder.get(key)))
    return [item for item in listed if isinstance(item.get("id"), str) and _has_content(item)]


def last_items(ids: Iterable[str]) -> list[str]:
    """The last thousand of the ids of whole items, each once: those that are looked up; the others never travel."""
    return list(dict.fromkeys(ids))[-_MOST_ITEMS:]


def item_ids(route: Route, value: JsonObject, whole: Sequence[JsonObject]) -> Iterator[ObjectId]:
    """The items that one object of a body names, but for those that are `whole`. Raises Invalid for what is no id."""
    if not route.takes_items:
        return
    apart = {id(each) for each in whole}
    for key in value:
        if word_of(key) in WORDS.items:
            for item in _listed(value[key]):
                named = own_ids(item, but="id" if id(item) in apart else "")
                yield from (("item", _text(each, "id")) for each in named)
    sent = None
    for key, inner in value.items():
        if inner is not None and word_of(key) in WORDS.item_ids:
            sent = sent or set(last_items(each["id"] for each in whole))
            named = inner if isinstance(inner, list) else [inner]
            texts = (_text(each, key) for each in named if not isinstance(each, dict | bool))
            yield from (("item", text) for text in texts if text not in sent)


def without_ids(fields: JsonObject, ids: Collection[str]) -> JsonObject:
    """The body without the `id` of each whole item that is one of `ids`."""
    if not ids:
        return fields
    changed = {key: _without(value, ids) for key, value in fields.items() if key in WORDS.items}
    if isinstance(inner := fields.get(_CREATED), dict):
        changed[_CREATED] = without_ids(inner, ids)
    return fields | changed


def _without(value: object, ids: Collection[str]) -> object:
    if isinstance(value, list):
        return [_without(each, ids) for each in value]
    if isinstance(value, dict) and isinstance(value.get("id"), str) and value["id"] in ids and _has_content(value):
        return {key: inner for key, inner in value.items() if key != "id"}
    return value


def _has_content(item: JsonObject) -> bool:
    return any(item[key] for key in item.keys() - _ABOUT_ITSELF)


def _listed(value: object) -> Iterator[JsonObject]:
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _listed(each)
