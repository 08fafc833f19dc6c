"""The decisions about a socket: as it opens, for every frame, and again before one is a second old (A5)."""

import asyncio
from dataclasses import dataclass, field, replace
from functools import partial

from modelward.contract import Deployment, Operation
from modelward.errors import Apart, DecisionUnavailable, Invalid, Overloaded, Refused, Superseded
from modelward.gateway.decision_log import DecisionLog, Entry
from modelward.gateway.exchange import FRESH_SECONDS, TOO_LATE, Exchange
from modelward.gateway.judge import REFUSING, Judge, Refusing, Verdict, refusal_of
from modelward.gateway.metrics import Metrics
from modelward.gateway.objects import Held, Objects
from modelward.gateway.sockets.client import Client, Ended, of_failure, of_refusal
from modelward.gateway.sockets.frames import Frame, joined, read_frame
from modelward.gateway.sockets.opening import Connection
from modelward.gateway.upstream.failures import Failure

SWITCHED = 101
"""The status in the line of a socket that is opened."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about a socket or a frame; the fields are those of `contract.Request`."""

    models: list[str] = field(default_factory=list)
    customer: str | None = None
    differ: bool = False
    problem: str = ""
    operation: Operation = "infer"


@dataclass(frozen=True, slots=True)
class Allowed:
    """A yes, and the exchange it was said in."""

    exchange: Exchange
    verdict: Verdict

    @property
    def entry(self) -> Entry:
        """Its line."""
        return self.exchange.entry


class Asker:
    """Asks on behalf of all sockets."""

    def __init__(self, judge: Judge, log: DecisionLog, metrics: Metrics) -> None:
        self._judge = judge
        self._log = log
        self._metrics = metrics

    async def ask(self, socket: Exchange, question: Question) -> Allowed:
        """A yes for whoever opened `socket`, as it is now. Raises Ended, once the line of the refusal is written."""
        asked = self._again(socket)
        try:
            return await self._ask_anew(asked, question)
        except REFUSING as error:
            raise self.refused(asked.entry, error) from error

    async def is_as_before(self, asked: Exchange, customer: str | None) -> bool:
        """Whether caller, customer and config are what they were in `asked`; nothing is decided."""
        again = self._again(asked)
        try:
            await again.identify()
            await again.name_customer(customer)
        except REFUSING:
            return False
        same = (again.caller, again.customer) == (asked.caller, asked.customer)
        return same and again.snapshot is asked.snapshot

    async def decide(self, asked: Exchange, question: Question) -> Verdict:
        """The yes for a caller that is looked up already. Raises what the gate refuses for."""
        await asked.name_customer(question.customer)
        request = asked.request(question.models, differ=question.differ, problem=question.problem)
        return await self._judge.demand(asked, replace(request, operation=question.operation))

    def refused(self, entry: Entry, error: Refusing) -> Ended:
        """The end that `error` makes, noted."""
        refusal = refusal_of(error, entry, self._metrics)
        self.note(entry, refusal.fields.status)
        return Ended(of_refusal(refusal, entry.id))

    def failed(self, socket: Exchange, error: Refusing) -> Ended:
        """The end that `error` makes where nothing was asked; it gets a line of its own."""
        return self.refused(self._again(socket).entry, error)

    def moved(self, socket: Exchange, failure: Failure, asked: str, deployment: Deployment) -> Ended:
        """The end of a socket whose model is not served at `deployment` any more; it gets a line of its own."""
        entry = self._again(socket).entry
        entry.deployment = deployment.id
        self.note(entry, failure.status)
        return Ended(of_failure(failure, asked, entry.id))

    def note(self, entry: Entry, status: int) -> None:
        """Writes the line of a decision."""
        entry.status = status
        self._metrics.answered(entry.route, status)
        self._log.add(entry)

    def _again(self, socket: Exchange) -> Exchange:
        snapshot = self._judge.snapshots.current
        asked = Exchange(socket.lookups, socket.scope, socket.receive, socket.send, socket.path, snapshot)
        asked.entry.route = socket.match.route.template
        asked.match = socket.match
        return asked

    async def _ask_anew(self, asked: Exchange, question: Question) -> Allowed:
        try:
            return await self._identified(asked, question)
        except Superseded:
            asked.snapshot = self._judge.snapshots.current
            return await self._identified(asked, question)

    async def _identified(self, asked: Exchange, question: Question) -> Allowed:
        await asked.identify()
        asked.entry.called_by(asked.caller)
        return Allowed(asked, await self.decide(asked, question))


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
            if self.verdict.names_beside(deployment, asked)[:1] == [model]:
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


_PASSED_ON = 200


class Admission:
    """Reads and judges the frames of one socket."""

    def __init__(self, asker: Asker, objects: Objects, socket: Exchange, client: Client, standing: Standing) -> None:
        self._asker = asker
        self._objects = objects
        self._socket = socket
        self._client = client
        self._standing = standing

    async def next(self) -> Frame:
        """The client's next frame. Raises Ended for one that is none, and ClientLeft."""
        socket = self._socket
        try:
            text = await self._client.receive()
            model_fields = self._standing.verdict.snapshot.model_fields
            return read_frame(socket.match.route.handler, socket.query, socket.headers, text, model_fields)
        except Invalid as error:
            raise await self.malformed(error) from error

    async def malformed(self, error: Invalid) -> Ended:
        """The end of a socket over a frame's form: the rules say whether another refusal comes first (A6)."""
        allowed = await self._standing.demand(Question(problem=str(error)))
        return self._asker.refused(allowed.entry, error)

    async def allow(self, frame: Frame, connection: Connection, *, asks: bool) -> Allowed | None:
        """A yes for a frame of an open session. With `asks`, or where it names what was not judged or an object, it is
        judged with all that is in force, and its objects are the caller's, where the socket leads; any other travels
        under a decision that is younger than a second, and gets `None`.

        Raises Ended.
        """
        before = self._standing.question
        question = await self._joint(frame, before.models, frame.models)
        if not (asks or frame.ids or frame.differ) and question == before:
            await self._standing.renew()
            return None
        allowed = await self._standing.demand(question)
        held = await self.held(frame, allowed)
        try:
            held.narrow([connection.deployment])
        except Invalid as error:
            raise self._asker.refused(allowed.entry, error) from error
        return allowed

    async def created(self, frame: Frame) -> Allowed:
        """A yes for a frame that is a call of its own: what was asked for before may still run, and is judged again.

        Raises Ended.
        """
        models = (frame.models, self._standing.question.models) if frame.models else ()
        return await self._standing.demand(replace(await self._joint(frame, *models), operation="infer"))

    async def held(self, frame: Frame, allowed: Allowed) -> Held:
        """The objects that a judged frame names, which are the caller's. Raises Ended."""
        try:
            return await self._objects.held(allowed.exchange, allowed.verdict, frame.ids, items=frame.items)
        except REFUSING as error:
            raise self._asker.refused(allowed.entry, error) from error

    async def _joint(self, frame: Frame, *models: list[str]) -> Question:
        """The question about a frame and all that the socket was asked for before it. Raises Ended."""
        before = self._standing.question
        try:
            names = joined(*models)
            if before.customer is not None and frame.customer not in {None, before.customer}:
                raise Invalid("`user` names another customer than earlier frames do; open another socket for it")
        except Invalid as error:
            raise await self.malformed(error) from error
        operation = "infer" if frame.models or names else before.operation
        return Question(names, frame.customer or before.customer, differ=frame.differ, operation=operation)

    async def written(self, frame: Frame, connection: Connection, allowed: Allowed | None) -> str:
        """What travels of a frame, to be sent at once: the upstream's names in place of the client's, under a decision
        that is younger than a second, however long its objects took to be found. The line of `allowed` is written.

        Raises Ended, also where a name has no meaning there.
        """
        await self._standing.renew()
        try:
            text = _written(frame, connection, self._standing.verdict)
        except (DecisionUnavailable, Refused) as error:
            raise self._refused(allowed, error) from error
        if allowed is not None:
            allowed.entry.deployment = connection.deployment.id
            self._asker.note(allowed.entry, _PASSED_ON)
        return text

    def _refused(self, allowed: Allowed | None, error: DecisionUnavailable | Refused) -> Ended:
        return self._asker.refused(allowed.entry, error) if allowed else self._asker.failed(self._socket, error)


def _written(frame: Frame, connection: Connection, verdict: Verdict) -> str:
    try:
        return frame.written(connection.model, partial(verdict.name_beside, connection.deployment))
    except Apart as error:
        raise Invalid(f"{error}; open another socket for it") from None
