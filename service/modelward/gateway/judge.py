"""Asks for a decision, notes it, and turns a refusal into the error that the caller reads."""

import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import NoReturn, TypeVar

from modelward.contract import Caller, Decision, Deployment, Input, Listing, Reach, Request, Target
from modelward.contract.facts import masked
from modelward.errors import (
    DecisionUnavailable,
    Invalid,
    IssuerUnavailable,
    ModelwardError,
    Overloaded,
    Refused,
    ServedElsewhere,
    StoreUnavailable,
    Superseded,
)
from modelward.gateway.decision_log import LogEntry
from modelward.gateway.errors import NO_DECISION, SHED, Refusal, of_error, of_reason
from modelward.gateway.exchange import Exchange
from modelward.gateway.metrics import Metrics
from modelward.gateway.upstream.providers import beside, upstream_model
from modelward.snapshot import Snapshot, Snapshots

_ANSWERING = "that answers all completions here"
_OfMany = TypeVar("_OfMany", Listing, Reach)

Serving = dict[str, list[Deployment]]
"""Models, each with the deployments that may serve it."""


class Denied(ModelwardError):
    """The decision is no; `refusal` says so to the caller."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Verdict:
    """A yes, with the snapshot it was made by."""

    decision: Decision
    snapshot: Snapshot

    def target(self, model: str) -> Target:
        """Where `model` goes. Raises DecisionUnavailable when the decision does not say."""
        target = self.decision.targets.get(model)
        if target is None:
            raise DecisionUnavailable("the engine allows a model without saying where it is served")
        return target

    def deployments(self, model: str | None) -> list[Deployment]:
        """Those that may serve `model`; without one, those that a request about objects may go to.

        Raises DecisionUnavailable when the snapshot does not know one of them.
        """
        return _deployments(self.snapshot, self.decision.places if model is None else self.target(model).deployments)

    def names_beside(self, deployment: Deployment, model: str) -> list[str]:
        """What the account of `deployment` calls `model`, by each of its deployments that may serve it; none where it
        is not served there. Raises DecisionUnavailable."""
        routed = self.target(model).model
        return [upstream_model(other, routed) for other in beside(deployment, self.deployments(model))]

    def name_beside(self, deployment: Deployment, model: str) -> str:
        """The first of them. Raises ServedElsewhere where there is none, and DecisionUnavailable."""
        for name in self.names_beside(deployment, model):
            return name
        raise ServedElsewhere(f"`{masked(model)}` is not served where the model beside it is")


def _deployments(snapshot: Snapshot, ids: Iterable[str]) -> list[Deployment]:
    try:
        return [snapshot.deployments[id_] for id_ in ids]
    except KeyError as error:
        raise DecisionUnavailable(f"the engine names a deployment that is not there: {error}") from None


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges requests by the snapshot in force; every error on the way is a refusal (E4)."""

    snapshots: Snapshots
    metrics: Metrics
    clock: Callable[[], float] = field(default=time.perf_counter)

    async def demand(self, exchange: Exchange, request: Request, *, notes_yes: bool = True) -> Verdict:
        """The yes that `request` needs, noted in the line of the log unless `notes_yes` is `False`. Raises Denied for a
        no, which is always noted, and DecisionUnavailable."""
        verdict = await self.ask(exchange, request)
        if notes_yes or not verdict.decision.allow:
            exchange.entry.decided(request, verdict.decision)
        if not verdict.decision.allow:
            reason = verdict.decision.reasons[0]
            self.metrics.denials.labels(reason.rule).inc()
            raise Denied(of_reason(reason, exchange.snapshot.rules))
        return verdict

    async def refuse(self, exchange: Exchange, error: Invalid) -> NoReturn:
        """Refuses a request for its form, unless the rules have a refusal that comes first (A6).

        Raises Denied and DecisionUnavailable.
        """
        await self.demand(exchange, exchange.malformed(error))
        raise DecisionUnavailable("the engine allows a request of a wrong form")

    async def ask(self, exchange: Exchange, request: Request) -> Verdict:
        """The decision on `request`, yes or no. Raises DecisionUnavailable, and Superseded."""
        snapshot = exchange.snapshot
        began = self.clock()
        try:
            decision = await snapshot.decide(Input(request, exchange.caller, exchange.customer))
        except DecisionUnavailable:
            self.snapshots.hold(snapshot)
            raise
        self.metrics.decision_seconds.observe(self.clock() - began)
        if snapshot is not self.snapshots.current or decision.revision != snapshot.revision:
            self.snapshots.demand(snapshot, decision.revision)
        if not decision.allow:
            decision = _shown(decision, request, exchange.unnamed)
        # A call that waited goes on under a yes that holds for another time: it is the same yes (A5).
        return Verdict(decision.model_copy(update={"holds_until": None}), snapshot)

    async def list(self, exchange: Exchange, request: Request) -> Listing:
        """What the caller may see. Raises DecisionUnavailable, and Superseded."""
        return await self._of_many(exchange.snapshot.list, exchange, request)

    async def reach(self, exchange: Exchange, request: Request) -> Serving:
        """Those of the models that the caller may call. Raises DecisionUnavailable, and Superseded."""
        reach = await self._of_many(exchange.snapshot.reach, exchange, request)
        return {model: _deployments(exchange.snapshot, ids) for model, ids in reach.deployments.items()}

    async def _of_many(
        self, ask: Callable[[Input], Awaitable[_OfMany]], exchange: Exchange, request: Request
    ) -> _OfMany:
        try:
            answer = await ask(Input(request, exchange.caller, exchange.customer))
        except DecisionUnavailable:
            self.snapshots.hold(exchange.snapshot)
            raise
        self.snapshots.demand(exchange.snapshot, answer.revision)
        return answer

    async def probe(self) -> None:
        """Asks for a decision that every engine can make. Raises DecisionUnavailable when there is none; an engine
        that is only overloaded does answer."""
        snapshot = self.snapshots.current
        try:
            decide = snapshot.decide_anew or snapshot.decide
            decision = await decide(Input(_PROBE, Caller(kind="master")))
            self.snapshots.demand(snapshot, decision.revision)
        except (Overloaded, Superseded):
            return


def _shown(decision: Decision, request: Request, unnamed: str | None) -> Decision:
    """A refusal whose messages name no key that was sent in place of a model (K4), and no model that the request did
    not name (E3)."""
    told = {name: f"`{masked(name)}`" for name in request.models if masked(name) != name}
    if unnamed is not None:
        told[unnamed] = _ANSWERING
    reasons = decision.reasons
    for name, words in told.items():
        changes = [{"message": each.message.replace(f"`{name}`", words)} for each in reasons]
        reasons = [each.model_copy(update=change) for each, change in zip(reasons, changes, strict=True)]
    return decision.model_copy(update={"reasons": reasons}) if told else decision


_PROBE = Request(method="GET", path="/v1/models", route="/v1/models", operation="list", groups=[], models=[], time_ns=0)


UNAVAILABLE = (DecisionUnavailable, IssuerUnavailable, StoreUnavailable)
REFUSING = (Denied, Refused, *UNAVAILABLE)

Refusing = Denied | Refused | DecisionUnavailable | IssuerUnavailable | StoreUnavailable


def refusal_of(error: Refusing, entry: LogEntry, metrics: Metrics) -> Refusal:
    """The refusal that `error` is, noted in `entry`: no error on the way is ever a yes (E4)."""
    if isinstance(error, Denied):
        refusal = error.refusal
    else:
        entry.error = str(error)
        if isinstance(error, Refused):
            refusal = of_error(error)
        else:
            entry.allow = False
            shed = isinstance(error, Overloaded)
            (metrics.shed if shed else metrics.unavailable).inc()
            refusal = SHED if shed else NO_DECISION
    entry.status = refusal.fields.status
    return refusal
