"""Every id of an object that a request names, wherever it is, and which of them it runs.

Items of responses and conversations are bound with the response that made them, and named again by their ids. Clients
send back what they got, so an item comes with its id and its content. Such an `id` travels only to the account where
the item is bound to the caller. An id that nobody has is left out, and what is another's is not found.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from modelward.contract import JsonObject
from modelward.contract.facts import masked, shortened
from modelward.errors import Invalid
from modelward.gateway.objects.held import ObjectId
from modelward.gateway.objects.id_words import CHOSEN_ID, OPAQUE, WORDS, Field, meaning, refuse
from modelward.gateway.routes import IN_PATH, Route


class NamedObjects(NamedTuple):
    """The objects that a request names, each once, and the ids of the items that it sends whole."""

    ids: list[ObjectId]
    items: list[str]


_MOST = 1_000
_OWN = frozenset({"metadata", "litellm_metadata"})
_NESTED = frozenset({dict, list})
_NOTHING = frozenset[tuple[str, str]]()
_FILE_TEXT = re.compile(r"\s*fileid://", re.IGNORECASE)  # as Qwen reads it
_CONTENT = ("data:", "http://", "https://")
_CREATED = "response"
_ABOUT_ITSELF = frozenset({"call_id", "created_by", "id", "object", "phase", "role", "status", "type"})


def ids_of(route: Route, variables: Mapping[str, str], fields: JsonObject, *, apart: bool = False) -> NamedObjects:
    """The objects that a request on `route` names: the one in its path, percent-decoded in `variables`, and those at
    any depth of its body, whatever is beside them, but for what is the client's own, or a tool's. On a route that runs
    an object, that one is the first. With `apart`, items that have an `id` and content of their own are no such
    objects, where the upstream reads items, but `items`.

    Raises Invalid for what is no id, for what names an object that cannot be bound to anyone, and for too many.
    """
    found = _first(route, variables, fields) if route.makes or route.holds or route.runs else {}
    items, answered = list[str](), list[str]()
    tops = (fields, fields.get(_CREATED)) if apart else ()
    opaque = OPAQUE.get(route.upstream.dialect, _NOTHING) if route.upstream else _NOTHING
    left: list[tuple[str, Any]] = [("", fields)]
    while left:
        name, value = left.pop()
        if isinstance(value, list):
            left += [(name, each) for each in value if type(each) in _NESTED]
            continue
        for key, inner in value.items():
            if key == "content" and isinstance(inner, str) and _FILE_TEXT.match(inner):
                raise Invalid("`content` may not begin with `fileid://`: no file is looked up so; send the text itself")
            if (field := meaning(key)) is not None:
                found |= dict.fromkeys(_told(route, name, key, inner, field))
                if field.items and route.takes_items:
                    is_top = key in WORDS.items and any(value is top for top in tops)
                    found |= dict.fromkeys(_items(inner, items if is_top else None))
                elif field.item_ids and route.takes_items and inner is not None:
                    listed = inner if isinstance(inner, list) else [inner]
                    answered += [_text(each, key) for each in listed if not isinstance(each, dict | bool)]
            if type(inner) in _NESTED and key not in _OWN and (name, key) not in opaque:
                left.append((key, inner))
    if answered:
        sent = frozenset(last_items(items))
        found |= dict.fromkeys(("item", each) for each in answered if each not in sent)
    if len(found) > _MOST:
        raise Invalid(f"the request names more than {_MOST} objects; name fewer")
    return NamedObjects(list(found), items)


def _first(route: Route, variables: Mapping[str, str], fields: JsonObject) -> dict[ObjectId, None]:
    """The object in the path, and the one that the call runs."""
    if route.makes and fields.get(CHOSEN_ID) is not None:
        raise Invalid(f"`{CHOSEN_ID}` is not taken: it could be the id of another's object; leave it out")
    found: list[ObjectId] = []
    if route.holds is not None and variables:
        found.append((route.holds, next(iter(variables.values()))))
    if route.runs is not None and route.runs != IN_PATH:
        found.append(run_in_body(route.runs, fields))
    return dict.fromkeys(found)


def run_in_body(where: str, body: JsonObject) -> ObjectId:
    """The object at `where` in a body, which the call runs. Raises Invalid where it is not there, or elsewhere too."""
    head, _, inner = where.partition(".")
    value, field = body.get(head), meaning(head)
    if inner:
        value = value[inner] if isinstance(value, dict) and value.keys() == {inner} else None
    if field is None or field.kind is None or not isinstance(value, str) or not value:
        raise Invalid(f"`{where}` must be the id of what is to be run, and `{head}` nothing else")
    for key in sorted(body.keys() - {head}):
        if (other := meaning(key)) is not None and other.kind == field.kind:
            raise Invalid(f"`{shortened(masked(key))}` may not be sent beside `{where}`; leave it out")
    return field.kind, value


def _told(route: Route, name: str, key: str, value: object, field: Field) -> Iterator[ObjectId]:
    """What one field of an object that is in the field `name` names; in a JSON schema, an object describes the field
    that is called so. Raises Invalid for what has no owner."""
    described = name in WORDS.schemas and isinstance(value, dict)
    refuse(field, route, (name, key), value, described=described)
    if field.kind is not None and not isinstance(value, bool) and not described:
        yield from ((field.kind, id_) for id_ in _ids(field, value, key))


def _ids(field: Field, value: object, key: str) -> Iterator[str]:
    """The ids that a field holds: one, or a list of them, each alone or as the `id` of an object."""
    if isinstance(value, list):
        for each in value:
            yield from _ids(field, each, key)
    elif isinstance(value, dict):
        named = own_ids(value) if field.is_holder else [value.get("id")]
        yield from (_text(each, f"{key}.id") for each in named)
    elif field.texts and value is not None and not (field.is_holder and isinstance(value, bool)):
        text = _text(value, key)
        if not (field.is_holder and field.kind == "video" and text.startswith(_CONTENT)):
            yield text


def own_ids(holder: JsonObject, *, but: str = "") -> list[object]:
    """What an object says is its `id`, in whatever letters; `but` is a spelling that is looked at apart."""
    found = (value for key, value in holder.items() if len(key) == 2 and key.lower() == "id" and key != but)
    return [value for value in found if value is not None]


def _text(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise Invalid(f"`{shortened(masked(key))}` must be an id, a text")
    return value


def _items(value: object, whole: list[str] | None) -> Iterator[ObjectId]:
    """The items in a field; the ids of those with content of their own go into `whole`, where there is one."""
    for item in _listed(value):
        is_whole = whole is not None and isinstance(item.get("id"), str) and _has_content(item)
        if whole is not None and is_whole:
            whole.append(item["id"])
        yield from (("item", _text(each, "id")) for each in own_ids(item, but="id" if is_whole else ""))


def last_items(ids: Iterable[str]) -> list[str]:
    """The last thousand of the ids of whole items, each once: those that are looked up; the others never travel."""
    return list(dict.fromkeys(ids))[-_MOST:]


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
