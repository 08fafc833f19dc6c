"""Every id that a request names is looked up among the caller's own objects before anything is forwarded."""

from collections.abc import Sequence
from dataclasses import dataclass

from modelward.contract import JsonObject, Request, Use
from modelward.gateway.exchange import Exchange
from modelward.gateway.forward import Binding
from modelward.gateway.judge import Judge, Verdict
from modelward.gateway.objects.binder import Binder
from modelward.gateway.objects.binding import OwnerBinding
from modelward.gateway.objects.held import Held, ObjectId, home, unknown
from modelward.gateway.objects.owner import owner_of
from modelward.gateway.objects.store import ObjectStore
from modelward.gateway.objects.uses import demand_again, use_of
from modelward.gateway.outgoing import forwarded


@dataclass(frozen=True, slots=True)
class Allowed:
    """What was asked, and the yes to it."""

    request: Request
    verdict: Verdict


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
        wanted = list(dict.fromkeys(ids))
        found = await self.store.find_all(wanted, owner) if wanted else {}
        for each in wanted:
            if each not in found:
                raise unknown(each)
        objects = tuple(found[each] for each in wanted)
        deployment = home(objects, verdict.snapshot, verdict.decision.subject.team_id)
        if route.runs and deployment is not None:
            await demand_again(self._judge, exchange, (use for each in objects for use in each.uses), deployment)
        return Held(owner, objects, deployment)

    def binding(
        self, exchange: Exchange, allowed: Allowed, held: Held, fields: JsonObject, uses: Sequence[Use] | None = None
    ) -> Binding | None:
        """What binds the objects that the answer makes; `None` where it makes none that anybody could name again.

        `uses` are what running them asks for, where that is neither what `held` runs nor what is allowed here.
        """
        route = exchange.match.route
        body = forwarded(route, fields)
        if not route.makes or (route.makes[0][1] == "response" and body.get("store") is False):
            return None
        given = tuple(uses) if uses is not None else tuple(use for each in held.objects for use in each.uses)
        models, customer = allowed.request.models, exchange.entry.customer
        return OwnerBinding(
            binder=Binder(self.store, held.owner, allowed.verdict.snapshot),
            route=route,
            entry=exchange.entry,
            required=exchange.method == "POST" and route.makes[0][0] == "id",
            uses=lambda call, deployment: given or use_of(route, call, deployment, models, customer),
        )

    async def forget(self, held: Held) -> None:
        """The object that the path named is gone. Raises StoreUnavailable."""
        first = held.objects[0]
        await self.store.forget(first.kind, first.id, held.owner)
