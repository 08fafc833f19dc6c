"""The client's end of a socket, and how a socket ends."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, cast

import orjson
from starlette.types import Receive, Scope, Send

from modelward.errors import ClientLeft
from modelward.gateway.errors import ErrorFields, Refusal, error_body
from modelward.gateway.headers import Header
from modelward.gateway.upstream.failures import Failure

NORMAL = 1000
POLICY_VIOLATION = 1008
INTERNAL_ERROR = 1011

_LONGEST_REASON = 123


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
    return _ended(refusal.fields, refusal.fields.kind, message, decision_id, may_retry=refusal.may_retry)


def of_failure(failure: Failure, model: str, decision_id: str) -> Ended:
    """The end of a socket that no upstream carries; 1011 says that the client may open it again."""
    fields = ErrorFields(failure.status, "upstream_error", code=failure.code)
    message = failure.message(model, decision_id)
    return _ended(fields, failure.code, message, decision_id, may_retry=failure.may_retry)


def _ended(fields: ErrorFields, reason: str, message: str, decision_id: str, *, may_retry: bool) -> Ended:
    """With an `error` event, in the form that realtime and responses sockets share."""
    error = error_body(fields, message, "openai")["error"]
    event = {"type": "error", "event_id": f"event_{decision_id}", "status": fields.status, "error": error}
    return Ended(INTERNAL_ERROR if may_retry else POLICY_VIOLATION, reason, orjson.dumps(event).decode())


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
        try:
            async with asyncio.TaskGroup() as group:
                for job in jobs:
                    group.create_task(job)
        except* Ended as ends:
            await self.end(cast(Ended, ends.exceptions[0]))
        except* ClientLeft:
            pass

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
