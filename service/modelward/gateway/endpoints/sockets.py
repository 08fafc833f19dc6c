"""Sockets: the model stands in the query, or in the frames."""

from modelward.gateway.endpoints.mounts import OPENAI, mounted
from modelward.gateway.routes import SOCKET, Route, UpstreamCall

_SOCKET = frozenset({SOCKET})

ROUTES: tuple[Route, ...] = tuple(
    mounted(
        (
            Route(_SOCKET, "/realtime", "infer", OPENAI, "realtime", UpstreamCall("openai", "realtime"), "none"),
            Route(_SOCKET, "/responses", "infer", OPENAI, "responses", UpstreamCall("openai", "responses"), "none"),
        )
    )
)
