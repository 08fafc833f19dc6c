"""Sockets: the model stands in the query, or in the frames that follow."""

from collections.abc import Mapping
from dataclasses import replace

from modelward.gateway.endpoints.mounts import OPENAI, mounted
from modelward.gateway.endpoints.openai import RESPONSE, WITH_ITEMS
from modelward.gateway.request.refused_fields import FIELDS
from modelward.gateway.routes import SOCKET, Handler, Route, UpstreamCall

CREATE = "response.create"
"""The event that starts a response."""

_SOCKET = frozenset({SOCKET})
_REALTIME = Route(_SOCKET, "/realtime", "infer", OPENAI, "realtime", UpstreamCall("openai", "realtime"), "none")
_RESPONSES = replace(
    _REALTIME,
    template="/responses",
    handler="responses",
    upstream=UpstreamCall("openai", "responses"),
    makes=RESPONSE,
)

ROUTES: tuple[Route, ...] = tuple(mounted((_REALTIME, _RESPONSES)))

INNER = ("session", "response")
"""The fields of a frame that hold what a body of a call does."""

_NAMES = ("model", *(f"{inner}.model" for inner in INNER))
_FURTHER = ("input_audio_transcription.model", "transcription.model", *WITH_ITEMS, "svg.model")
_SPOKEN = "audio.**.model"
_OF_ITEMS = ("item.tools[].model", "item.tools[].svg.model", "items[].tools[].model", "items[].tools[].svg.model")
_NESTED = (*_FURTHER, *_OF_ITEMS, *(f"{inner}.{place}" for inner in INNER for place in (*_FURTHER, _SPOKEN)))

_SAID = ("input", "instructions", "prompt.variables")
_CONTENT = (
    *("item", "items", *_SAID),
    *(f"{inner}.{place}" for inner in INNER for place in (*_SAID, *FIELDS)),
)
"""Fallbacks in a session or a response are judged as such, and do not travel."""

FRAMES: Mapping[Handler, Route] = {
    row.handler: replace(
        row, template="/v1" + row.template, operation="state", names=_NAMES, nested=_NESTED, content=_CONTENT
    )
    for row in (_REALTIME, _RESPONSES)
}
"""Where models stand in a frame of each kind of socket, of which none is needed. They are no routes."""

_CREATING = replace(FRAMES["responses"], operation="infer")


EVENTS: Mapping[Handler, frozenset[str]] = {
    "realtime": frozenset(
        {
            CREATE,
            "conversation.item.create",
            "conversation.item.delete",
            "conversation.item.retrieve",
            "conversation.item.truncate",
            "input_audio_buffer.append",
            "input_audio_buffer.clear",
            "input_audio_buffer.commit",
            "output_audio_buffer.clear",
            "response.cancel",
            "session.update",
            "transcription_session.update",
        }
    ),
    "responses": frozenset({CREATE, "response.inject", "response.steer"}),
}
"""What a client may send on each kind of socket: the client events of the official SDK."""


def row_of(handler: Handler, event: str) -> Route:
    """The row that a frame is read by: a response that a frame creates needs a model, as any call does (M4)."""
    return _CREATING if (handler, event) == ("responses", CREATE) else FRAMES[handler]
