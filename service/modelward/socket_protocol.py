"""The server's sockets: what a stranger may send is bounded, and nothing of a handshake is logged but by the gate."""

import asyncio
import logging
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

LONGEST_FRAME = 16 * 1024 * 1024
PING_SECONDS = 20.0
PONG_SECONDS = 60.0
"""A client whose frames wait here for a slow upstream is not read meanwhile, nor are its pongs."""

_GOING_AWAY = 1001
_PARTING_SECONDS = 1.0

# The server's own lines show a whole address, and a query may hold a credential (K4).
_log = logging.getLogger("modelward.sockets")
_log.setLevel(logging.WARNING)


class BoundedSocket(WebSocketsSansIOProtocol):
    """One socket, from its handshake on. Frames are never compressed, so that none is larger than it looks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _log
        self._application, self.app = self.app, self._serve
        self._serving: asyncio.Task[Any] | None = None

    def data_received(self, data: bytes) -> None:
        """Takes what came in. A handshake that cannot be read is answered, and ends the connection."""
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self.handshake_initiated = True
            self.conn.data_to_send()
            self.transport.write(_UNREADABLE)
            self.transport.close()

    def handle_ping(self) -> None:
        """Answers a ping, but not while earlier answers still wait to be read: those may be left out."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

    async def send(self, message: Any) -> None:
        """Sends one message. Raises OSError when the client is gone."""
        if self.transport.is_closing() and not self.close_sent:
            raise ClientDisconnected
        await super().send(message)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone. The application hears it as it asks for a frame; where it waits for something else, it is
        cancelled."""
        super().connection_lost(exc)
        self.loop.call_later(_PARTING_SECONDS, self._abandon)

    def shutdown(self) -> None:
        """Says that the server goes away; the client has a moment to say the same."""
        if not self.handshake_complete or self.close_sent or self.transport.is_closing():
            super().shutdown()
            return
        self.stop_keepalive()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": _GOING_AWAY})
        self.conn.send_close(_GOING_AWAY)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.transport.resume_reading()
        self.close_timer = self.loop.call_later(_PARTING_SECONDS, self.transport.abort)

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        self._serving = asyncio.current_task()
        try:
            await self._application(scope, receive, send)
        except asyncio.CancelledError:
            if not self.disconnected:
                raise
        finally:
            self._serving = None

    def _abandon(self) -> None:
        if self._serving is not None:
            self._serving.cancel()


_UNREADABLE = (
    f"HTTP/1.1 {HTTPStatus.BAD_REQUEST.value} {HTTPStatus.BAD_REQUEST.phrase}\r\n"
    "content-length: 0\r\nconnection: close\r\n\r\n"
).encode()
