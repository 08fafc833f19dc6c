"""The decision under which the frames of one socket travel. It is never older than a second when one does (A5)."""

import asyncio
import time
from collections.abc import Callable

from modelward.errors import DecisionUnavailable
from modelward.gateway.exchange import Exchange
from modelward.gateway.judge import Verdict
from modelward.gateway.sockets.asking import Allowed, Asker, Question
from modelward.gateway.sockets.ending import INTERNAL_ERROR, Ended, Ending
from modelward.gateway.sockets.opening import Connection

FRESH_SECONDS = 1.0
_IDLE_SECONDS = 10.0
_MOVED = Ending(INTERNAL_ERROR, "the model is served elsewhere now; open the socket again")


class Standing:
    """Judges one socket. `question` and `verdict` are those it was opened with; `clock` counts seconds."""

    def __init__(
        self,
        asker: Asker,
        socket: Exchange,
        question: Question,
        verdict: Verdict,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.question = question
        self.verdict = verdict
        self.connection: Connection | None = None
        self._asker = asker
        self._socket = socket
        self._clock = clock
        self._asked_at = clock() - _age(socket)
        self._turn = asyncio.Lock()

    async def demand(self, question: Question) -> Allowed:
        """A yes to `question`, which is asked again from now on. The line of its entry is for the caller to write.

        Raises Ended.
        """
        async with self._turn:
            allowed = await self._ask(question)
            self.question = Question(question.models, question.customer, operation=question.operation)
            return allowed

    async def renew(self) -> None:
        """The same yes again, if the last is older than a second. A yes that changes nothing gets no line.

        Raises Ended.
        """
        if self._is_fresh():
            return
        async with self._turn:
            if not self._is_fresh():
                self._hold(await self._ask(self.question))

    async def watch(self) -> None:
        """Renews it for ever, so that a socket that is silent ends with its caller too. Raises Ended."""
        while True:
            await asyncio.sleep(_IDLE_SECONDS)
            await self.renew()

    def _hold(self, allowed: Allowed) -> None:
        try:
            if self.connection is None or self.connection.serves(allowed.verdict):
                return
        except DecisionUnavailable as error:
            raise self._asker.refused(allowed.entry, error) from error
        raise Ended(_MOVED)

    async def _ask(self, question: Question) -> Allowed:
        began = self._clock()
        allowed = await self._asker.ask(self._socket, question)
        self.verdict, self._asked_at = allowed.verdict, began
        return allowed

    def _is_fresh(self) -> bool:
        return self._clock() - self._asked_at < FRESH_SECONDS


def _age(socket: Exchange) -> float:
    """For how many seconds the caller of `socket` is known."""
    return max(0.0, (socket.lookups.now_ns() - socket.time_ns) / 1e9)
