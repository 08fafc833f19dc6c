"""Every id that a request names is looked up among the caller's own objects before anything is forwarded."""

from collections.abc import Sequence
from dataclasses import dataclass

from modelward.contract import Deployment, JsonObject, Request, StateObject, Use
from modelward.errors import Invalid
from modelward.gateway.exchange import Exchange
from modelward.gateway.forward import Binding
from modelward.gateway.judge import Judge, Verdict
from modelward.gateway.objects.binder import Binder
from modelward.gateway.objects.binding import OwnerBinding
from modelward.gateway.objects.forgetting import Forgetting
from modelward.gateway.objects.held import Held, ObjectId, home, unknown
from modelward.gateway.objects.owner import owner_of
from modelward.gateway.objects.store import ObjectStore
from modelward.gateway.objects.uses import demand_again, use_of
from modelward.gateway.outgoing import forwarded
from modelward.gateway.routes import Route


@dataclass(frozen=True, slots=True)
class Allowed:
    """What was asked, and the yes to it."""

    request: Request
    verdict: Verdict


def is_kept(route: Route, fields: JsonObject) -> bool:
    """Whether the upstream keeps what the request makes: nobody can name a response again that it was told to drop."""
    makes_response = bool(route.makes) and route.makes[0][1] == "response" and route.holds is None
    return not (makes_response and forwarded(route, fields).get("store") is False)


class Objects:
    """The objects of the callers. `judge` judges anew what an object runs."""

    def __init__(self, store: ObjectStore, judge: Judge) -> None:
        self.store = store
        self._judge = judge

    async def held(self, exchange: Exchange, verdict: Verdict, ids: Sequence[ObjectId], *, makes: bool = True) -> Held:
        """The caller's objects of these ids. To be asked after the decision (A6). `makes` is `False` where the request
        has a route that makes an object make none (see `is_kept`).

        On a route that runs one, the first, what that asks for is judged again. Raises NotFound for an id that is not
        the caller's, Invalid for objects of different accounts, Refused (403) for a caller that can own nothing,
        Denied, StoreUnavailable and DecisionUnavailable.
        """
        route = exchange.match.route
        if not (ids or route.holds or (makes and route.makes)):
            return Held("")
        owner = owner_of(exchange.caller, verdict.decision.subject)
        wanted = list(dict.fromkeys(ids))
        found = await self.store.find_all(wanted, owner) if wanted else {}
        for each in wanted:
            if each not in found:
                raise unknown(each)
        objects = tuple(found[each] for each in wanted)
        deployment = home(objects, verdict.snapshot, verdict.decision.subject.team_id)
        if route.runs:
            await self._demand_uses(exchange, objects[0] if objects else None, deployment)
        return Held(owner, objects, deployment)

    async def _demand_uses(self, exchange: Exchange, run: StateObject | None, deployment: Deployment | None) -> None:
        """Judges again what is run. Where the request names no model itself, the object must tell what it asks for."""
        names_model = exchange.match.route.operation == "infer"
        if run is None or deployment is None:
            raise Invalid("the request names no object to run, by its id; name one that was made here")
        if not (run.uses or names_model):
            raise Invalid(f"what the {run.kind.replace('_', ' ')} asks for was not judged; make it again to run it")
        await demand_again(self._judge, exchange, run.uses, deployment)

    def binding(
        self, exchange: Exchange, allowed: Allowed, held: Held, fields: JsonObject, uses: Sequence[Use] | None = None
    ) -> Binding | None:
        """What binds the objects that the answer makes, or forgets the one it deletes; `None` where it does neither.

        `uses` are what running them asks for, where that is neither what the object run does nor what is allowed here.
        """
        route = exchange.match.route
        if exchange.method == "DELETE" and held.objects and len(exchange.match.variables) == 1:
            return Forgetting(self.store, held.objects[0], exchange.entry)
        if not route.makes or not is_kept(route, fields):
            return None
        ran = held.objects[0].uses if route.runs and held.objects else ()
        given = tuple(uses) if uses is not None else ran
        models, customer = allowed.request.models, exchange.entry.customer
        return OwnerBinding(
            binder=Binder(self.store, held.owner, allowed.verdict.snapshot),
            route=route,
            entry=exchange.entry,
            required=exchange.method == "POST" and route.makes[0][0] == "id",
            uses=lambda call, deployment: given or use_of(route, call, deployment, models, customer),
        )
