"""The client's end of a socket, and how a socket ends."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from modelward.errors import ClientLeft
from modelward.gateway.errors import ErrorFields, Refusal
from modelward.gateway.headers import Header
from modelward.gateway.upstream.failures import Failure

NORMAL = 1000
POLICY_VIOLATION = 1008
INTERNAL_ERROR = 1011

_LONGEST_REASON = 123
_CLOSED = Failure(502, "upstream_broken", "the deployment of {model} closed the socket; open it again", may_retry=True)


class Ended(Exception):
    """Raised by whichever part finds that the socket must end: how it is closed, and the `event` before that. `reason`
    is cut to what a close frame holds."""

    def __init__(self, code: int, reason: str = "", event: str | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:_LONGEST_REASON].decode(errors="ignore")
        self.event = event


def of_refusal(refusal: Refusal, decision_id: str) -> Ended:
    """The end of a socket that is refused: 1008, which the official SDK does not answer by opening it again, but 1011
    under load (E4)."""
    message = f"{refusal.message} (decision {decision_id})"
    code = INTERNAL_ERROR if refusal.may_retry else POLICY_VIOLATION
    return Ended(code, refusal.fields.kind, _event(refusal.fields, message, decision_id))


def of_failure(failure: Failure, model: str, decision_id: str) -> Ended:
    """The end of a socket that no upstream carries; 1011 says that the client may open it again."""
    fields = ErrorFields(failure.status, "upstream_error", code=failure.code)
    code = INTERNAL_ERROR if failure.may_retry else POLICY_VIOLATION
    return Ended(code, failure.code, _event(fields, failure.message(model, decision_id), decision_id))


def upstream_closed(code: int, model: str, decision_id: str) -> Ended:
    """The end that an upstream made: its own where it is the ordinary one."""
    return Ended(NORMAL) if code == NORMAL else of_failure(_CLOSED, model, decision_id)


def _event(fields: ErrorFields, message: str, decision_id: str) -> str:
    """An `error` event, in the form that realtime and responses sockets share."""
    code = fields.code or str(fields.status)
    error = {"type": fields.kind, "code": code, "message": message, "param": fields.param}
    event = {"type": "error", "event_id": f"event_{decision_id}", "status": fields.status, "error": error}
    return orjson.dumps(event).decode()


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
        await self._sent({"type": "websocket.accept", "subprotocol": subprotocol, "headers": list(headers)})
        self._is_open = True

    async def receive(self) -> str | bytes:
        """The next frame. Raises ClientLeft."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            raise ClientLeft
        text: str | None = message.get("text")
        return message["bytes"] if text is None else text

    async def send(self, frame: str | bytes) -> None:
        """Sends one frame as it is; waits while the client is slow to read. Raises ClientLeft."""
        await self._sent({"type": "websocket.send", "text" if isinstance(frame, str) else "bytes": frame})

    async def carry(self, *jobs: Coroutine[Any, Any, None]) -> None:
        """Runs all jobs until one of them ends the socket; then no other is left. A cancellation goes on its way."""
        tasks = [asyncio.create_task(job) for job in jobs]
        try:
            try:
                await asyncio.gather(*tasks)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        except Ended as ended:
            await self.end(ended)
        except ClientLeft:
            return

    async def end(self, ended: Ended, headers: Sequence[Header] = ()) -> None:
        """Tells the client why, and closes: a socket that is not open yet is opened for it (E1)."""
        try:
            async with asyncio.timeout(_PARTING_SECONDS):
                if not self._is_open:
                    await self.accept(headers)
                if ended.event is not None:
                    await self.send(ended.event)
                await self._sent({"type": "websocket.close", "code": ended.code, "reason": ended.reason})
        except (ClientLeft, TimeoutError):
            return

    async def _sent(self, message: dict[str, object]) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._send(message)
        except OSError:  # a timeout is one too
            raise ClientLeft from None
