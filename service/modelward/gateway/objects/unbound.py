"""What a request may not name: state at an upstream that is bound to nobody here, so that it may be anybody's."""

from collections.abc import Iterable
from urllib.parse import unquote

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.objects.id_words import ITEMS, LOCATION, NEVER, PURPOSE, STORED, URIS
from modelward.gateway.routes import Route

_FILES_OF_GEMINI = "generativelanguage"


def refuse_unbound(route: Route, value: JsonObject) -> None:
    """Raises Invalid where an object of a body, at any depth, names such state."""
    for key in NEVER.keys() & value.keys():
        if isinstance(value[key], str | list | int | float) and not isinstance(value[key], bool):
            raise Invalid(f"`{key}` is not taken: {NEVER[key]}")
    if isinstance(audio := value.get("audio"), dict) and isinstance(audio.get("id"), str):
        raise Invalid("`audio.id` is not taken: spoken answers belong to nobody here; send their text")
    call = route.upstream
    if call is None:
        return
    if call.path == "uploads" and value.get(PURPOSE) == "batch":
        raise Invalid("an upload in parts may not be a batch file: its lines would not be judged; use `POST /v1/files`")
    if call.dialect in {"google", "vertex"}:
        _refuse_uris(value)
    elif call.dialect == "bedrock":
        if isinstance(value.get(LOCATION), dict):
            raise Invalid(f"`{LOCATION}` is not taken: what lies there belongs to nobody here; send the bytes")
    elif call.path.startswith("evals"):
        _refuse_stored(value)
    elif call.path.startswith(("responses", "conversations")):
        for field in ITEMS & value.keys():
            _refuse_references(value[field])


def _refuse_uris(value: JsonObject) -> None:
    """Google reads a file of its own store, or a bucket, with the credential of the deployment."""
    for key in URIS & value.keys():
        uri = value[key]
        if uri is None or isinstance(uri, dict | bool):
            continue
        public = isinstance(uri, str) and uri.startswith(("https://", "http://"))
        if not public or _FILES_OF_GEMINI in unquote(str(uri)).lower():
            raise Invalid(f"`{key}` may be a public `https` address only; send other files as inline data")


def _refuse_stored(value: JsonObject) -> None:
    for key, types in STORED.items():
        inner = value.get(key)
        if isinstance(inner, dict) and isinstance(kind := inner.get("type"), str) and kind in types:
            raise Invalid(f"`{key}` of type `{kind}` is not taken: it reads what other callers stored; send a file")


def _refuse_references(items: object) -> None:
    """An item that stands for one kept at the upstream; its id names it, and is bound to nobody."""
    for item in _listed(items):
        if isinstance(item, dict) and item.get("id") is not None and _is_reference(item):
            raise Invalid(
                "an item that is named by its `id` alone is not taken: items belong to nobody here; send the whole "
                "item (of reasoning, its `encrypted_content`), or `previous_response_id`"
            )


def _is_reference(item: JsonObject) -> bool:
    match item.get("type"):
        case None:
            return not {"role", "content"} <= item.keys()
        case "item_reference":
            return True
        case "image_generation_call":
            return not item.get("result")
        case "reasoning":
            return not item.get("encrypted_content")
    return False


def _listed(items: object) -> Iterable[object]:
    return items if isinstance(items, list) else (items,)
