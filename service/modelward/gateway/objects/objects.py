"""Ids that a request names are looked up among the caller's own objects; what an object runs is judged again."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import partial

from modelward.contract import Deployment, JsonObject, StateObject, Use
from modelward.contract.facts import masked
from modelward.errors import Invalid
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.exchange import Exchange
from modelward.gateway.judge import Judge, Verdict
from modelward.gateway.objects.binding import Binder, Makes, OwnerBinding, forgotten
from modelward.gateway.objects.held import HeldObjects, ObjectId, ObjectStore, home, owner_of, unknown
from modelward.gateway.objects.ids import NamedObjects, last_items
from modelward.gateway.routes import Route, Router
from modelward.gateway.upstream.forward import Binding

_ROUTER = Router(ROUTES)
_WITH_CONTAINERS = frozenset({"container", "environment"})
_OF_A_RESPONSE = frozenset({"item", "response"})


def is_kept(route: Route, fields: JsonObject) -> bool:
    """Whether the upstream keeps what the request makes: nobody can name a response again that it was to drop, and
    a message of Anthropic's never."""
    where, kind = route.makes[0] if route.makes else ("", None)
    if where == "container.id":
        return False
    return not (kind == "response" and route.holds is None and fields.get("store") is False)


def _makes(route: Route, fields: JsonObject) -> Makes:
    """What an answer shows that can be named again: of one that is not kept, only the containers of its tools."""
    if is_kept(route, fields):
        return route.makes
    tools = fields.get("tools")
    listed = [tool for tool in tools if isinstance(tool, dict)] if isinstance(tools, list) else []
    if fields.get("container") is None and not any(
        not _WITH_CONTAINERS.isdisjoint(tool) or str(tool.get("type")).startswith("code_execution") for tool in listed
    ):
        return ()
    return tuple(each for each in route.makes if each[1] not in _OF_A_RESPONSE)


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of the callers. `judge` judges anew what an object runs."""

    store: ObjectStore
    judge: Judge

    async def held(self, exchange: Exchange, verdict: Verdict, named: NamedObjects, *, makes: bool) -> HeldObjects:
        """The caller's objects that a request names. To be asked after the decision (A6). `makes` is `False` where the
        request has a route that makes an object make none (see `is_kept`). Of the items that are sent whole, each of
        the last thousand may be the caller's or have no owner, those before travel without their ids.

        On a route that runs one, the first, what that asks for is judged again. Raises NotFound for an id that is not
        the caller's, Invalid for objects of different accounts, Refused (403) for a caller that can own nothing,
        Denied, StoreUnavailable and DecisionUnavailable.
        """
        route, subject = exchange.match.route, verdict.decision.subject
        needs_owner = bool(named.ids or route.holds or (makes and route.makes))
        if not (needs_owner or named.items):
            return HeldObjects("")
        owner = owner_of(exchange.caller, subject, required=needs_owner)
        wanted = list(dict.fromkeys(named.ids))
        whole: list[ObjectId] = [("item", each) for each in last_items(named.items)]
        # a field that takes a file takes one that an answer cites too
        cited: dict[ObjectId, ObjectId] = {each: ("cited_file", each[1]) for each in wanted if each[0] == "file"}
        if route.holds == "file":
            cited.clear()
        found = await self.store.find_all([*wanted, *cited.values(), *whole], owner)
        missing = [each for each in wanted if each not in found and cited.get(each) not in found]
        others = [each for each in whole if each not in found]
        for each in missing or sorted(await self.store.known(others) if others else ()):  # or contested
            raise unknown(each)
        objects = tuple(found.get(each) or found[cited[each]] for each in wanted)
        calls = route.operation == "infer" and bool(verdict.decision.targets)
        deployment = home(objects, verdict.snapshot, None if calls else verdict.deployments(None))
        if route.runs:
            await self._demand_uses(exchange, objects[0] if objects else None, deployment)
        deployments = verdict.snapshot.deployments
        homes = {each[1]: deployments.get(found[each].deployment) for each in whole if each in found}
        return HeldObjects(owner, objects, deployment, dict.fromkeys(named.items) | homes)

    async def _demand_uses(self, exchange: Exchange, run: StateObject | None, deployment: Deployment | None) -> None:
        """Judges again what is run at `deployment`, each use as a call of its own by the caller of `exchange`. Where
        the request names no model itself, the object must tell what it asks for.

        Raises Denied, and DecisionUnavailable; Invalid where a model is now served under another name, so that what was
        judged and what would run differ (M2).
        """
        if run is None or deployment is None:
            raise Invalid("the request names no object to run, by its id; name one that was made here")
        if not (run.uses or exchange.match.route.operation == "infer"):
            raise Invalid(f"what the {run.kind.replace('_', ' ')} asks for was not judged; make it again to run it")
        for use in dict.fromkeys(run.uses):
            verdict = await self._demand(exchange, use)
            for model, upstream in zip(use.models, use.upstream, strict=True):
                if upstream not in verdict.names_beside(deployment, model):
                    raise Invalid(f"`{masked(model)}` is served in another way since this was made; make it again")

    async def _demand(self, exchange: Exchange, use: Use) -> Verdict:
        """The yes to a use. The line of the log tells of a no alone."""
        match = _ROUTER.find("POST", use.path)
        if match is None:
            raise Invalid(f"`{use.path[:200]}` is not served any more; make this again")
        one = copy(exchange)
        one.match = match
        one.customer = await exchange.lookups.find_customer(use.customer) if use.customer is not None else None
        request = replace(one.request(list(use.models)), method="POST", path=use.path)
        return await self.judge.demand(one, request, notes_yes=False)

    def binding(
        self,
        exchange: Exchange,
        verdict: Verdict,
        held: HeldObjects,
        fields: JsonObject,
        models: Sequence[str],
        uses: tuple[Use, ...] = (),
    ) -> Binding | None:
        """What binds the objects that the answer to a call of `models` makes, or forgets the one it deletes; `None`
        where it does neither.

        `uses` are what running them asks for, where that is neither what the object run does nor what is allowed here.
        """
        route = exchange.match.route
        if exchange.method == "DELETE" and held.objects and len(exchange.match.variables) == 1:
            return partial(forgotten, self.store, held.objects[0], exchange.entry)
        makes = _makes(route, fields) if route.makes else ()
        owner = held.owner or owner_of(exchange.caller, verdict.decision.subject, required=False)
        if not (makes and owner):
            return None
        ran = held.objects[0].uses if route.runs and held.objects else ()
        required = exchange.method == "POST" and makes[0][0] == "id"
        binder = Binder(self.store, owner, verdict.snapshot)
        return OwnerBinding(binder, exchange, makes, required, models, uses or ran).bound
