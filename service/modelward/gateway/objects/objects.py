"""Ids that a request names are looked up among the caller's own objects; what an object runs is judged again."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import partial

from modelward.contract import Deployment, JsonObject, Request, StateObject, Use
from modelward.contract.facts import masked
from modelward.errors import Invalid
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.errors import of_reason
from modelward.gateway.exchange import Exchange
from modelward.gateway.judge import Denied, Judge, Verdict
from modelward.gateway.objects.binding import Binder, OwnerBinding, forgotten
from modelward.gateway.objects.held import (
    HeldObjects,
    ObjectId,
    ObjectStore,
    home,
    owner_of,
    owner_or_nobody,
    unknown,
)
from modelward.gateway.objects.ids import NamedObjects, last_items
from modelward.gateway.objects.made import Makes
from modelward.gateway.routes import Route, Router
from modelward.gateway.upstream.forward import Binding, Call
from modelward.gateway.upstream.providers import upstream_model

_ROUTER = Router(ROUTES)
_RUN = frozenset({"eval", "fine_tuning_job", "video"})


def makes_what_runs(route: Route) -> bool:
    """Whether what `route` makes can be run later, by models that are named now."""
    return any(kind in _RUN for _, kind in route.makes)


def use_of(
    route: Route, call: Call, deployment: Deployment, models: Sequence[str], customer: str | None
) -> tuple[Use, ...]:
    """What running an object that `route` makes asks for: what making it by `call` at `deployment` did. Empty for an
    object that cannot be run."""
    if not makes_what_runs(route) or route.upstream is None or not models:
        return ()
    first, *others = models
    upstream = (upstream_model(deployment, call.routed), *(call.rename(deployment, name) for name in others))
    return (Use(f"/v1/{route.upstream.path}", (first, *others), upstream, customer),)


async def demand_again(judge: Judge, exchange: Exchange, uses: Iterable[Use], deployment: Deployment) -> None:
    """Judges each use as a call of its own by the caller of `exchange`; the objects live at `deployment`.

    Raises Denied, and DecisionUnavailable; Invalid where a model is now served under another name, so that what was
    judged and what would run differ (M2).
    """
    for use in dict.fromkeys(uses):
        verdict = await _demand(judge, exchange, use)
        for model, upstream in zip(use.models, use.upstream, strict=True):
            if upstream not in verdict.names_beside(deployment, model):
                raise Invalid(f"`{masked(model)}` is served in another way since this was made; make it again")


async def _demand(judge: Judge, exchange: Exchange, use: Use) -> Verdict:
    match = _ROUTER.find("POST", use.path)
    if match is None:
        raise Invalid(f"`{use.path[:200]}` is not served any more; make this again")
    one = copy(exchange)
    one.match = match
    one.customer = await exchange.lookups.find_customer(use.customer) if use.customer is not None else None
    request = replace(one.request(list(use.models)), method="POST", path=use.path)
    verdict = await judge.ask(one, request)
    if not verdict.decision.allow:
        exchange.entry.decided(request, verdict.decision)
        reason = verdict.decision.reasons[0]
        judge.metrics.denials.labels(reason.rule).inc()
        raise Denied(of_reason(reason, exchange.snapshot.rules))
    return verdict


@dataclass(frozen=True, slots=True)
class AllowedRequest:
    """What was asked, and the yes to it."""

    request: Request
    verdict: Verdict


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
    listed = tools if isinstance(tools, list) else []
    if fields.get("container") is None and not any(map(_runs_in_a_container, listed)):
        return ()
    return tuple(each for each in route.makes if each[1] not in _OF_A_RESPONSE)


def _runs_in_a_container(tool: object) -> bool:
    if not isinstance(tool, dict):
        return False
    return not _WITH_CONTAINERS.isdisjoint(tool) or str(tool.get("type")).startswith("code_execution")


class Objects:
    """The objects of the callers. `judge` judges anew what an object runs."""

    def __init__(self, store: ObjectStore, judge: Judge) -> None:
        self.store = store
        self._judge = judge

    async def held(
        self,
        exchange: Exchange,
        verdict: Verdict,
        named: NamedObjects,
        *,
        makes: bool,
    ) -> HeldObjects:
        """The caller's objects that a request names. To be asked after the decision (A6). `makes` is `False` where the
        request has a route that makes an object make none (see `is_kept`). Of the items that are sent whole, each of
        the last thousand may be the caller's or have no owner, those before travel without their ids.

        On a route that runs one, the first, what that asks for is judged again. Raises NotFound for an id that is not
        the caller's, Invalid for objects of different accounts, Refused (403) for a caller that can own nothing,
        Denied, StoreUnavailable and DecisionUnavailable.
        """
        route, subject, (ids, items) = exchange.match.route, verdict.decision.subject, named
        needs_owner = bool(ids) or route.holds or (makes and route.makes)
        if not (needs_owner or items):
            return HeldObjects("")
        owner = owner_of(exchange.caller, subject) if needs_owner else owner_or_nobody(exchange.caller, subject)
        wanted = list(dict.fromkeys(ids))
        whole: list[ObjectId] = [("item", each) for each in last_items(items)]
        cited = [] if route.holds == "file" else _cited(wanted)
        found = await self.store.find_all([*wanted, *cited, *whole], owner)
        objects = tuple(_found(each, found) for each in wanted)
        await self._refuse_anothers([each for each in whole if each not in found])
        calls = route.operation == "infer" and bool(verdict.decision.targets)
        deployment = home(objects, verdict.snapshot, None if calls else verdict.deployments(None))
        if route.runs:
            await self._demand_uses(exchange, objects[0] if objects else None, deployment)
        places: dict[str, Deployment | None] = dict.fromkeys(items)
        for each in whole:
            if each in found:
                places[each[1]] = verdict.snapshot.deployments.get(found[each].deployment)
        return HeldObjects(owner, objects, deployment, places)

    async def _refuse_anothers(self, items: Sequence[ObjectId]) -> None:
        """Raises NotFound for an item that is somebody's, or contested."""
        for each in sorted(await self.store.known(items) if items else ()):
            raise unknown(each)

    async def _demand_uses(self, exchange: Exchange, run: StateObject | None, deployment: Deployment | None) -> None:
        """Judges again what is run. Where the request names no model itself, the object must tell what it asks for."""
        names_model = exchange.match.route.operation == "infer"
        if run is None or deployment is None:
            raise Invalid("the request names no object to run, by its id; name one that was made here")
        if not (run.uses or names_model):
            raise Invalid(f"what the {run.kind.replace('_', ' ')} asks for was not judged; make it again to run it")
        await demand_again(self._judge, exchange, run.uses, deployment)

    def binding(
        self,
        exchange: Exchange,
        allowed: AllowedRequest,
        held: HeldObjects,
        fields: JsonObject,
        uses: Sequence[Use] | None = None,
    ) -> Binding | None:
        """What binds the objects that the answer makes, or forgets the one it deletes; `None` where it does neither.

        `uses` are what running them asks for, where that is neither what the object run does nor what is allowed here.
        """
        route = exchange.match.route
        if exchange.method == "DELETE" and held.objects and len(exchange.match.variables) == 1:
            return partial(forgotten, self.store, held.objects[0], exchange.entry)
        makes = _makes(route, fields) if route.makes else ()
        if not makes:
            return None
        owner = held.owner or owner_or_nobody(exchange.caller, allowed.verdict.decision.subject)
        if not owner:
            return None
        ran = held.objects[0].uses if route.runs and held.objects else ()
        given = tuple(uses) if uses is not None else ran
        models, customer = allowed.request.models, exchange.customer_id
        owners = OwnerBinding(
            binder=Binder(self.store, owner, allowed.verdict.snapshot),
            route=route,
            makes=makes,
            entry=exchange.entry,
            required=exchange.method == "POST" and makes[0][0] == "id",
            uses=lambda call, deployment: given or use_of(route, call, deployment, models, customer),
        )
        return owners.bound


def _cited(ids: Sequence[ObjectId]) -> list[ObjectId]:
    """The files among these, as files that an answer cites: a field that takes a file takes both."""
    return [("cited_file", id_) for kind, id_ in ids if kind == "file"]


def _found(wanted: ObjectId, found: Mapping[ObjectId, StateObject]) -> StateObject:
    kind, id_ = wanted
    item = found.get(wanted) or (found.get(("cited_file", id_)) if kind == "file" else None)
    if item is None:
        raise unknown(wanted)
    return item
