"""The decision under which the frames of one socket travel. It is never older than a second when one does (A5)."""

import asyncio

from modelward.contract import Deployment
from modelward.errors import DecisionUnavailable, Overloaded
from modelward.gateway.exchange import Exchange
from modelward.gateway.failures import Failure
from modelward.gateway.freshness import FRESH_SECONDS, TOO_LATE
from modelward.gateway.judge import Verdict
from modelward.gateway.sockets.asking import Allowed, Asker, Question
from modelward.gateway.sockets.ending import Ended, of_failure
from modelward.gateway.sockets.opening import Connection, upstream_name

_LONGEST_SECONDS = 10.0
_MOVED = Failure(503, "upstream_moved", "{model} is served elsewhere now; open the socket again", may_retry=True)


class Standing:
    """Judges one socket. `question` and `verdict` are those it was opened with."""

    def __init__(self, asker: Asker, socket: Exchange, question: Question, verdict: Verdict) -> None:
        self.question = question
        self.verdict = verdict
        self.connection: Connection | None = None
        self._asker = asker
        self._socket = socket
        self._asked = socket
        self._clock = socket.lookups.clock
        self._asked_at = socket.looked_up_at
        self._turn = asyncio.Lock()

    async def demand(self, question: Question) -> Allowed:
        """A yes to `question`, which is asked again from now on. The line of its entry is for the caller to write.

        Raises Ended, also where the socket does not lead to what is allowed now.
        """
        async with self._turn:
            allowed = await self._ask(question)
            self._hold(allowed)
            self.question = Question(question.models, question.customer, operation=question.operation)
            return allowed

    async def renew(self) -> None:
        """The same yes again, if the last is older than a second. A yes that changes nothing gets no line.

        Raises Ended, also where the yes took longer than a second to have.
        """
        if self._is_fresh():
            return
        async with self._turn:
            if not self._is_fresh():
                allowed = await self._ask(self.question)
                self._hold(allowed)
                if not self._is_fresh():
                    raise self._asker.refused(allowed.entry, Overloaded(TOO_LATE))

    async def hold(self, deployment: Deployment, asked: str, model: str) -> None:
        """The same, before a socket is opened to `deployment`, which calls the model `asked` `model`. Raises Ended."""
        await self.renew()
        try:
            if upstream_name(deployment, asked, self.verdict) == model:
                return
        except DecisionUnavailable as error:
            raise self._asker.failed(self._socket, error) from error
        raise self._asker.moved(self._socket, _MOVED, asked, deployment)

    async def watch(self) -> None:
        """Looks after it every second, so that a socket that is silent ends with its caller too. Raises Ended."""
        while True:
            await asyncio.sleep(FRESH_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Renews it where caller, customer or config are other than they were, or it is long ago. Raises Ended."""
        if self._is_fresh():
            return
        if self._age() < _LONGEST_SECONDS and await self._asker.is_as_before(self._asked, self.question.customer):
            return
        await self.renew()

    def _hold(self, allowed: Allowed) -> None:
        connection = self.connection
        try:
            if connection is None or connection.serves(allowed.verdict):
                return
        except DecisionUnavailable as error:
            raise self._asker.refused(allowed.entry, error) from error
        allowed.entry.deployment = connection.deployment.id
        self._asker.note(allowed.entry, _MOVED.status)
        raise Ended(of_failure(_MOVED, connection.asked, allowed.entry.id))

    async def _ask(self, question: Question) -> Allowed:
        allowed = await self._asker.ask(self._socket, question)
        self.verdict, self._asked = allowed.verdict, allowed.exchange
        self._asked_at = allowed.exchange.looked_up_at
        return allowed

    def _is_fresh(self) -> bool:
        return self._age() < FRESH_SECONDS

    def _age(self) -> float:
        return self._clock() - self._asked_at
