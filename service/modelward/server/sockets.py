"""The server's sockets: their handshake, frames and pings are bounded, and none outlives its client."""

import asyncio
import logging
from collections.abc import Generator
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.server import ServerProtocol
from websockets.streams import StreamReader

from modelward.errors import Malformed
from modelward.server.protocol import MOST_HEAD, whole_answer


class Handshake(ServerProtocol):
    """A socket's server side, whose handshake is bounded as a whole (see `check_head`), not line by line."""

    def parse(self) -> Generator[None]:
        """Reads the handshake, then frames."""
        self.reader = _Head()
        yield from super().parse()


class _Head(StreamReader):
    """Reads lines as long as a whole head may be. Frames are not read as lines."""

    def read_line(self, m: int) -> Generator[None, None, bytes]:
        """The next line. Raises RuntimeError for one that is longer."""
        return super().read_line(MOST_HEAD)


LONGEST_FRAME = 16 * 1024 * 1024
PING_SECONDS = 20.0
PONG_SECONDS = 60.0
"""A client whose frames wait here for a slow upstream is not read meanwhile, nor are its pongs."""

_GOING_AWAY = 1001
_PARTING_SECONDS = 1.0
_CLOSING_SECONDS = 15.0
_MOST_FRAGMENTS = 16_384
_UNREADABLE = Malformed("the handshake of the socket cannot be read, or is too long; send fewer and shorter headers")

# The server's own lines show a whole address, and a query may hold a credential (K4).
_log = logging.getLogger("modelward.sockets")
_log.setLevel(logging.WARNING)


# What a client sends that is no UTF-8 is its own affair.
_log.addFilter(lambda record: not (record.exc_info and isinstance(record.exc_info[1], UnicodeDecodeError)))


class BoundedSocket(WebSocketsSansIOProtocol):
    """One socket, from its handshake on. Frames are never compressed, so that none is larger than it looks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _log
        self.conn = Handshake(max_size=self.config.ws_max_size, logger=_log)
        self._application, self.app = self.app, self._serve
        self._serving: asyncio.Task[Any] | None = None
        self._abort_timer: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Takes what came in. A handshake that cannot be read is answered, and ends the connection."""
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self.handshake_initiated = True
            self.conn.data_to_send()
            self.transport.write(whole_answer(_UNREADABLE))
            self.transport.close()

    def handle_ping(self) -> None:
        """Answers a ping, but not while earlier answers still wait to be read: those may be left out."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

    def handle_cont(self, event: Frame) -> None:
        """Takes a further fragment; empty ones cost memory too, so that their number is bounded."""
        if len(self.frames) < _MOST_FRAGMENTS:
            super().handle_cont(event)
        elif not self.close_sent:
            self.conn.fail(CloseCode.MESSAGE_TOO_BIG, "too many fragments")
            self.handle_parser_exception()

    def handle_parser_exception(self) -> None:
        """Ends what cannot be read, also where the client reads nothing any more."""
        super().handle_parser_exception()
        self._end_soon()

    def keepalive_timeout(self) -> None:
        """A client that answers no ping is gone: what waits here for it is dropped, and the application hears it."""
        self.transport.abort()

    async def send(self, message: Any) -> None:
        """Sends one message. Raises OSError when the client is gone."""
        if self.transport.is_closing() and not self.close_sent:
            raise ClientDisconnected
        await super().send(message)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone. The application hears it as it asks for a frame; where it waits for something else, it is
        cancelled."""
        super().connection_lost(exc)
        if self._abort_timer is not None:
            self._abort_timer.cancel()
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
            if not self.disconnected:
                self._end_soon()

    def _end_soon(self) -> None:
        """A client that reads nothing never takes a close; then the connection ends without."""
        if self._abort_timer is None:
            self._abort_timer = self.loop.call_later(_CLOSING_SECONDS, self.transport.abort)

    def _abandon(self) -> None:
        if self._serving is not None:
            self._serving.cancel()
