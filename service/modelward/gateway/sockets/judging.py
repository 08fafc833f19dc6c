"""The decisions about a socket: as it opens, for every frame, and again before one is a second old (A5)."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial

from modelward.contract import Deployment, Request
from modelward.errors import Closed, DecisionUnavailable, Invalid, Overloaded, ServedElsewhere, Superseded
from modelward.gateway.decision_log import DecisionLog, LogEntry
from modelward.gateway.exchange import FRESH_SECONDS, TOO_LATE, Exchange, customer_id
from modelward.gateway.judge import REFUSING, Judge, Refusing, Verdict, refusal_of
from modelward.gateway.objects import HeldObjects, Objects
from modelward.gateway.request.footprint import footprint
from modelward.gateway.sockets.client import Ended, of_failure, of_refusal
from modelward.gateway.sockets.frames import Frame, joined, read_frame
from modelward.gateway.upstream.client import UpstreamSocket
from modelward.gateway.upstream.failures import Failure

SWITCHED = 101
"""The status in the line of a socket that is opened."""

_PASSED_ON = 200
_LONGEST_SECONDS = 10.0
_MOVED = Failure(503, "upstream_moved", "{model} is served elsewhere now; open the socket again", may_retry=True)


@dataclass(slots=True)
class Connection:
    """An open socket to `deployment`, for the model that the client calls `asked`. `models` are those it was for so
    far, the client's names with the upstream's: what they made may still be continued."""

    socket: UpstreamSocket
    deployment: Deployment
    asked: str
    models: dict[str, str]

    def serves(self, verdict: Verdict) -> bool:
        """Whether what `verdict` allows is still what is served here. Raises DecisionUnavailable where it is
        about other models only."""
        served = self.models.items()
        return all(verdict.names_beside(self.deployment, asked)[:1] == [model] for asked, model in served)


class SocketJudge:
    """Judges one socket: its handshake, then each frame while it is open.

    `request` and `customer` are what was asked for last, and `verdict` is the yes to it: all that the
    socket does is done under it, and it is had again before it is a second old. `connection` is the socket to the
    upstream, once there is one. Every yes and no is an exchange with its own line.
    """

    request: Request
    verdict: Verdict

    def __init__(self, judge: Judge, objects: Objects, log: DecisionLog, socket: Exchange) -> None:
        self.socket = socket
        self.is_realtime = socket.match.route.handler == "realtime"
        self.customer: str | None = None
        self.connection: Connection | None = None
        self._judge = judge
        self._objects = objects
        self._log = log
        self._asked = socket
        self._turn = asyncio.Lock()

    async def open(self) -> None:
        """The yes to the handshake, by the models of its query, which a realtime socket must name. Raises what the gate
        refuses for."""
        socket = self.socket
        try:
            found = footprint(socket.match, socket.query, {})
            self.customer = customer_id(socket.headers, {})
        except Invalid as error:
            await self._judge.refuse(socket, error)
        self.request = socket.request(found.models, differ=found.differ)
        if not (found.models or self.is_realtime):
            self.request = replace(self.request, operation="state")
        await socket.name_customer(self.customer)
        self.verdict = await self._judge.demand(socket, self.request)
        if self.is_realtime and not found.models:
            raise DecisionUnavailable("the engine allows a socket that names no model")

    async def aclose(self) -> None:
        """Closes the socket to the upstream, if there is one."""
        if self.connection is not None:
            await self.connection.socket.aclose()

    async def renew(self) -> None:
        """The same yes again, if the last is older than a second. A yes that changes nothing gets no line. Raises
        Ended, also where the yes took longer than a second to have."""
        if self._age() < FRESH_SECONDS:
            return
        async with self._turn:
            if self._age() >= FRESH_SECONDS:
                asked = await self._ask(self.request, self.customer)
                if self._age() >= FRESH_SECONDS:
                    raise self._refused(asked.entry, Overloaded(TOO_LATE))

    async def hold(self, deployment: Deployment, asked: str, model: str) -> None:
        """The same, before a socket is opened to `deployment`, which calls the model `asked` `model`. Raises Ended."""
        await self.renew()
        with self.refusing():
            if self.verdict.names_beside(deployment, asked)[:1] == [model]:
                return
        raise self.failed(self._again().entry, _MOVED, asked, deployment.id)

    async def watch(self) -> None:
        """Looks after it every second, so that a socket that is silent ends with its caller too. Raises Ended."""
        while True:
            await asyncio.sleep(FRESH_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Renews it where caller, customer or config are other than they were, or it is long ago. Raises Ended."""
        if FRESH_SECONDS <= self._age() < _LONGEST_SECONDS:
            again, before = self._again(), self._asked
            with suppress(*REFUSING):
                await again.identify()
                await again.name_customer(self.customer)
                is_same_caller = (again.caller, again.customer) == (before.caller, before.customer)
                if is_same_caller and again.snapshot is before.snapshot:
                    return
        await self.renew()

    async def read(self, data: str | bytes) -> Frame:
        """A frame of the client. Raises Ended for one that is none."""
        socket = self.socket
        try:
            model_fields = self.verdict.snapshot.model_fields
            return read_frame(socket.match.route.handler, socket.query, socket.headers, data, model_fields)
        except Invalid as error:
            raise await self.malformed(error) from error

    async def malformed(self, error: Invalid) -> Ended:
        """The end of a socket over a frame's form: the rules say whether another refusal comes first (A6)."""
        asked = await self.demand(self.socket.malformed(error), None)
        return self._refused(asked.entry, error)

    async def allow(self, frame: Frame, connection: Connection, *, asks: bool) -> Exchange | None:
        """A yes for a frame of an open session. With `asks`, or where it names what was not judged or an object, it is
        judged with all that is in force, and its objects are the caller's, where the socket leads; any other travels
        under a decision that is younger than a second, and gets `None`.

        Raises Ended.
        """
        request, customer = await self.question(frame)
        if not (asks or frame.named.ids) and (request, customer) == (self.request, self.customer):
            await self.renew()
            return None
        asked = await self.demand(request, customer)
        with self.refusing(asked.entry):
            (await self.held(frame, asked)).narrow([connection.deployment])
        return asked

    async def question(self, frame: Frame) -> tuple[Request, str | None]:
        """What a frame asks for, with its customer, and all that the socket was asked for before it: that may still
        run, and is judged again. Raises Ended."""
        before, customer = self.request, self.customer
        is_call = frame.route.operation == "infer"
        names = [frame.models, before.models] if is_call else [before.models, frame.models]
        try:
            models = joined(*names) if frame.models or not is_call else []
            if customer is not None and frame.customer not in {None, customer}:
                raise Invalid("`user` names another customer than earlier frames do; open another socket for it")
        except Invalid as error:
            raise await self.malformed(error) from error
        operation = "infer" if is_call or models else before.operation
        return replace(before, models=models, differ=frame.differ, operation=operation), frame.customer or customer

    async def demand(self, request: Request, customer: str | None) -> Exchange:
        """A yes to `request`, which is asked again from now on. The line of the exchange is for the caller to write.
        Raises Ended, also where the socket does not lead to what is allowed now."""
        async with self._turn:
            return await self._ask(request, customer)

    async def held(self, frame: Frame, asked: Exchange) -> HeldObjects:
        """The objects that a judged frame names, which are the caller's. Raises what the gate refuses for."""
        return await self._objects.held(asked, self.verdict, frame.named, makes=True)

    async def pass_on(self, frame: Frame, connection: Connection, asked: Exchange | None) -> None:
        """Sends a frame on with the upstream's names in place of the client's, under a decision that is younger than a
        second, however long its objects took to be found. The line of `asked` is written.

        Raises Ended, also where a name has no meaning there.
        """
        await self.renew()
        with self.refusing(asked.entry if asked else None):
            try:
                text = frame.written(
                    connection.models[connection.asked], partial(self.verdict.name_beside, connection.deployment)
                )
            except ServedElsewhere as error:
                raise Invalid(f"{error}; open another socket for it") from None
        if asked is not None:
            asked.entry.deployment = connection.deployment.id
            self.note(asked.entry, _PASSED_ON)
        try:
            await connection.socket.send(text)
        except Closed:  # what the upstream said last is still on its way to the client
            await asyncio.Event().wait()

    @contextmanager
    def refusing(self, entry: LogEntry | None = None) -> Iterator[None]:
        """What is refused within ends the socket, noted in `entry`, or in a new line where nothing was asked. Raises
        Ended."""
        try:
            yield
        except REFUSING as error:
            raise self._refused(entry or self._again().entry, error) from error

    def failed(self, entry: LogEntry, failure: Failure, asked: str, deployment: str | None) -> Ended:
        """The end of a socket that no upstream carries for the model `asked`, noted."""
        entry.deployment = deployment
        self.note(entry, failure.status)
        return of_failure(failure, asked, entry.id)

    def note(self, entry: LogEntry, status: int) -> None:
        """Writes the line of a decision; the gate writes that of a socket that is not opened."""
        entry.status = status
        if entry is not self.socket.entry or status == SWITCHED:
            self._judge.metrics.answers.labels(entry.route, status).inc()
            self._log.add(entry)

    async def _ask(self, request: Request, customer: str | None) -> Exchange:
        """The yes for the socket's caller, as it is now. Raises Ended, once the line of a refusal is written."""
        asked = self._again()
        with self.refusing(asked.entry):
            try:
                verdict = await self._identified(asked, request, customer)
            except Superseded:
                asked.snapshot = self._judge.snapshots.current
                verdict = await self._identified(asked, request, customer)
            if self.connection is None or self.connection.serves(verdict):
                self.request, self.customer = replace(request, differ=False, problem=""), customer
                self.verdict, self._asked = verdict, asked
                return asked
        raise self.failed(asked.entry, _MOVED, self.connection.asked, self.connection.deployment.id)

    async def _identified(self, asked: Exchange, request: Request, customer: str | None) -> Verdict:
        await asked.identify()
        asked.entry.called_by(asked.caller)
        await asked.name_customer(customer)
        return await self._judge.demand(asked, replace(request, time_ns=asked.time_ns))

    def _refused(self, entry: LogEntry, error: Refusing) -> Ended:
        """The end that `error` makes, noted."""
        refusal = refusal_of(error, entry, self._judge.metrics)
        self.note(entry, refusal.fields.status)
        return of_refusal(refusal, entry.id)

    def _again(self) -> Exchange:
        again = replace(self.socket, snapshot=self._judge.snapshots.current)
        again.entry.route, again.match = self.socket.match.route.template, self.socket.match
        return again

    def _age(self) -> float:
        return self.socket.lookups.clock() - self._asked.looked_up_at
