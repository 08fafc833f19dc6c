"""Items of responses and conversations: each is bound with the response that made it, and named again by its id.

Clients send back what they got, so an item comes with its id and its content. Such an `id` travels only to the account
where the item is bound to the caller. An id that nobody has is left out, and what is another's is not found.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.objects.held import ObjectId
from modelward.gateway.objects.id_words import ITEM_IDS, ITEMS, own_ids, word_of
from modelward.gateway.routes import Route

_ABOUT_ITSELF = frozenset({"call_id", "created_by", "id", "object", "phase", "role", "status", "type"})
_CREATED = "response"
_MOST_ITEMS = 1_000


def whole_items(route: Route, fields: JsonObject) -> list[JsonObject]:
    """The items of a body that have an `id` and content of their own, where the upstream reads items."""
    if not route.takes_items:
        return []
    inner = fields.get(_CREATED)
    holders = (fields, inner) if isinstance(inner, dict) else (fields,)
    listed = (each for holder in holders for key in sorted(ITEMS) for each in _listed(holder.get(key)))
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
        if word_of(key) in ITEMS:
            for item in _listed(value[key]):
                named = own_ids(item, but="id" if id(item) in apart else "")
                yield from (("item", _text(each, "id")) for each in named)
    sent = None
    for key, inner in value.items():
        if inner is not None and word_of(key) in ITEM_IDS:
            sent = sent or set(last_items(each["id"] for each in whole))
            yield from (("item", text) for text in _texts(inner, key) if text not in sent)


def without_ids(fields: JsonObject, ids: Collection[str]) -> JsonObject:
    """The body without the `id` of each whole item that is one of `ids`."""
    if not ids:
        return fields
    changed = {key: _without(value, ids) for key, value in fields.items() if key in ITEMS}
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


def _texts(value: object, key: str) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, dict | bool):
            yield _text(each, key)


def _text(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise Invalid(f"`{key}` of an item must be an id, a text")
    return value
