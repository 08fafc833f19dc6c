"""Every id that a request names is looked up among the caller's own objects before anything is forwarded."""

from collections.abc import Collection, Sequence
from typing import Protocol

from modelward.contract import ObjectKind, StateObject
from modelward.gateway.exchange import Exchange
from modelward.gateway.judge import Judge, Verdict
from modelward.gateway.objects.held import Held, ObjectId, home, unknown
from modelward.gateway.objects.owner import owner_of
from modelward.gateway.objects.uses import demand_again


class ObjectStore(Protocol):
    """Where owners are kept; every method raises StoreUnavailable."""

    async def bind(self, objects: Sequence[StateObject], account: Collection[str]) -> None:
        """Bind all of these or none; `account` holds the ids of all deployments of the account they live in."""
        ...

    async def find_all(self, ids: Sequence[ObjectId], owner: str) -> dict[ObjectId, StateObject]:
        """Those of these objects that are the owner's."""
        ...

    async def page(
        self, kind: ObjectKind, owner: str, *, limit: int, after: str | None, ascending: bool = False
    ) -> list[StateObject]:
        """At most `limit` of the owner's objects, those behind `after`."""
        ...

    async def forget(self, kind: ObjectKind, id: str, owner: str) -> None:
        """The owner's object is gone."""
        ...


class Objects:
    """The objects of the callers. `judge` judges anew what an object runs."""

    def __init__(self, store: ObjectStore, judge: Judge) -> None:
        self.store = store
        self._judge = judge

    async def held(self, exchange: Exchange, verdict: Verdict, ids: Sequence[ObjectId]) -> Held:
        """The caller's objects of these ids. To be asked after the decision (A6).

        On a route that runs them, what they run is judged again. Raises NotFound for an id that is not the caller's,
        Invalid for objects of different accounts, Refused (403) for a caller that can own nothing, Denied,
        StoreUnavailable and DecisionUnavailable.
        """
        route = exchange.match.route
        if not (ids or route.makes or route.holds):
            return Held("")
        owner = owner_of(exchange.caller, verdict.decision.subject)
        if not ids:
            return Held(owner)
        wanted = list(dict.fromkeys(ids))
        found = await self.store.find_all(wanted, owner)
        for each in wanted:
            if each not in found:
                raise unknown(each)
        objects = tuple(found[each] for each in wanted)
        deployment = home(objects, verdict.snapshot, verdict.decision.subject.team_id)
        if route.runs and deployment is not None:
            uses = [use for each in objects for use in each.uses]
            await demand_again(self._judge, exchange, uses, deployment)
        return Held(owner, objects, deployment)

    async def forget(self, owner: str, object_id: ObjectId) -> None:
        """That object is gone. Raises StoreUnavailable."""
        kind, id_ = object_id
        await self.store.forget(kind, id_, owner)
