"""The objects that a frame names, but for those that live and die with its socket."""

from collections.abc import Sequence

from modelward.contract import JsonObject
from modelward.gateway.objects import ObjectId, ids_of
from modelward.gateway.routes import Route

_CANCEL = "response.cancel"
_WORDS = frozenset({"auto", "none"})


def frame_ids(route: Route, event: str, fields: JsonObject, whole: Sequence[JsonObject] = ()) -> list[ObjectId]:
    """The ids in a frame on `route`, each once, but for those of `whole` items. Raises Invalid, as `ids_of` does.

    A realtime session has responses of its own, which `response.cancel` names, and a conversation of its own, which a
    response joins (`auto`) or leaves alone (`none`).
    """
    return ids_of(route, {}, _outside(event, fields) if route.handler == "realtime" else fields, whole)


def _outside(event: str, fields: JsonObject) -> JsonObject:
    if event == _CANCEL:
        fields = {name: value for name, value in fields.items() if name != "response_id"}
    response = fields.get("response")
    if not isinstance(response, dict):
        return fields
    conversation = response.get("conversation")
    if not isinstance(conversation, str) or conversation not in _WORDS:
        return fields
    return fields | {"response": {name: value for name, value in response.items() if name != "conversation"}}
