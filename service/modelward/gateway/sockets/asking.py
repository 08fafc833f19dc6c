"""One decision after another about a socket, each for its caller as it is then (A5), with a line in the log."""

from dataclasses import dataclass, field, replace

from modelward.contract import Deployment, Operation
from modelward.gateway.decision_log import DecisionLog, Entry
from modelward.gateway.exchange import Exchange, new_entry
from modelward.gateway.failures import Failure
from modelward.gateway.judge import Judge, Verdict
from modelward.gateway.metrics import Metrics
from modelward.gateway.refusing import REFUSING, Refusing, refusal_of
from modelward.gateway.sockets.ending import Ended, of_failure, of_refusal
from modelward.snapshot import Superseded

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
        entry = new_entry(socket.lookups, socket.method, socket.path)
        entry.route = socket.match.route.template
        snapshot = self._judge.snapshots.current
        asked = Exchange(socket.lookups, socket.scope, socket.receive, socket.send, socket.path, entry, snapshot)
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
