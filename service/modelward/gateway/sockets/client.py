"""The client's end of a socket."""

import asyncio
from collections.abc import Sequence

from starlette.types import Receive, Scope, Send

from modelward.errors import Invalid
from modelward.gateway.body import ClientLeft
from modelward.gateway.headers import Header
from modelward.gateway.sockets.ending import Ending

SUBPROTOCOL = "realtime"
_PARTING_SECONDS = 5.0
_SLOW_SECONDS = 60.0


class Client:
    """Accepts a socket, and passes frames. One task may receive while another sends.

    Browsers send a key as a subprotocol; that is no place for a credential (A1), and the only subprotocol that is
    ever agreed on is `realtime`. A client that takes nothing for `patience` seconds has left.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, patience: float = _SLOW_SECONDS) -> None:
        self._offered: Sequence[str] = scope.get("subprotocols", ())
        self._receive = receive
        self._send = send
        self._patience = patience
        self._is_open = False

    async def accept(self, headers: Sequence[Header]) -> None:
        """Opens the socket; `headers` go with the answer to its handshake. Raises ClientLeft."""
        if (await self._receive())["type"] != "websocket.connect":
            raise ClientLeft
        subprotocol = SUBPROTOCOL if SUBPROTOCOL in self._offered else None
        await self._told({"type": "websocket.accept", "subprotocol": subprotocol, "headers": list(headers)})
        self._is_open = True

    async def receive(self) -> str:
        """The next text frame. Raises ClientLeft, and Invalid for one of bytes."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            raise ClientLeft
        text: str | None = message.get("text")
        if text is None:
            raise Invalid("frames of bytes are not served here; send JSON as text")
        return text

    async def send(self, frame: str | bytes) -> None:
        """Sends one frame as it is; waits while the client is slow to read. Raises ClientLeft."""
        await self._told({"type": "websocket.send", "text" if isinstance(frame, str) else "bytes": frame})

    async def end(self, ending: Ending, headers: Sequence[Header] = ()) -> None:
        """Tells the client why, and closes: a socket that is not open yet is opened for it (E1)."""
        try:
            async with asyncio.timeout(_PARTING_SECONDS):
                if not self._is_open:
                    await self.accept(headers)
                if ending.event is not None:
                    await self.send(ending.event)
                reason = ending.short_reason
                await self._told({"type": "websocket.close", "code": ending.code, "reason": reason})
        except (ClientLeft, TimeoutError):
            return

    async def _told(self, message: dict[str, object]) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._send(message)
        except OSError:  # a timeout is one too
            raise ClientLeft from None
