"""Items of responses and conversations that stand for one kept at the upstream: their ids are bound to nobody."""

from collections.abc import Iterable, Mapping

from modelward.contract import JsonObject
from modelward.errors import Invalid

_CONTENT: Mapping[str, frozenset[str]] = {
    "code_interpreter_call": frozenset({"code", "outputs"}),
    "compaction": frozenset({"encrypted_content"}),
    "file_search_call": frozenset({"queries", "results"}),
    "image_generation_call": frozenset({"result"}),
    "message": frozenset({"content"}),
    "reasoning": frozenset({"encrypted_content"}),
    "web_search_call": frozenset({"action"}),
}
_ABOUT_ITSELF = frozenset({"call_id", "created_by", "id", "object", "role", "status", "type"})


def refuse_references(items: object) -> None:
    """Raises Invalid for an item with an `id` that carries nothing of its own."""
    for item in _listed(items):
        if isinstance(item, dict) and item.get("id") is not None and not _carries_content(item):
            raise Invalid(
                "an item that is named by its `id` alone is not taken: items belong to nobody here; send the whole "
                "item (of reasoning, its `encrypted_content`), or `previous_response_id`"
            )


def _carries_content(item: JsonObject) -> bool:
    kind = item.get("type")
    if kind == "item_reference":
        return False
    if kind is None:
        return "role" in item and bool(item.get("content"))
    known = _CONTENT.get(kind) if isinstance(kind, str) else None
    return any(item.get(key) for key in known or item.keys() - _ABOUT_ITSELF)


def _listed(items: object) -> Iterable[object]:
    return items if isinstance(items, list) else (items,)
