"""Asks for a decision, notes it, and turns a refusal into the error that the caller reads."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from modelward.contract import Caller, Decision, Deployment, Input, Listing, Request, Target
from modelward.errors import DecisionUnavailable
from modelward.gateway.decision_log import Entry
from modelward.gateway.metrics import Metrics
from modelward.gateway.refusals import Refusal, of_reason
from modelward.snapshot import Snapshot, Snapshots


class Denied(Exception):
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

    def deployments(self, model: str) -> list[Deployment]:
        """Those that may serve `model`. Raises DecisionUnavailable when the snapshot does not know one of them."""
        try:
            return [self.snapshot.deployments[id_] for id_ in self.target(model).deployments]
        except KeyError as error:
            raise DecisionUnavailable(f"the engine names a deployment that is not there: {error}") from None


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges requests by the snapshot in force; every error on the way is a refusal (E4)."""

    snapshots: Snapshots
    metrics: Metrics
    clock: Callable[[], float] = field(default=time.perf_counter)

    async def demand(self, request: Request, caller: Caller, entry: Entry) -> Verdict:
        """The yes that `request` needs. Raises Denied for a no, and DecisionUnavailable."""
        verdict = await self.ask(request, caller)
        entry.decided(request, verdict.decision)
        if not verdict.decision.allow:
            reason = verdict.decision.reasons[0]
            self.metrics.denied(reason.rule)
            raise Denied(of_reason(reason))
        return verdict

    async def ask(self, request: Request, caller: Caller) -> Verdict:
        """The decision on `request`, yes or no. Raises DecisionUnavailable."""
        began = self.clock()
        decision = await self.snapshots.current.decide(Input(request, caller))
        self.metrics.decided(self.clock() - began)
        return Verdict(decision, self.snapshots.of(decision.revision))

    async def list(self, request: Request, caller: Caller) -> Listing:
        """What `caller` may see. Raises DecisionUnavailable."""
        listing = await self.snapshots.current.list(Input(request, caller))
        self.snapshots.of(listing.revision)
        return listing
