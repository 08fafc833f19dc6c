"""What an object runs is judged again when it is run: whoever may run it now need not be allowed what it asks for."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import replace

from modelward.contract import Deployment, Use
from modelward.errors import Invalid
from modelward.gateway.accounts import beside
from modelward.gateway.client_text import masked
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.exchange import Exchange
from modelward.gateway.forward import Call
from modelward.gateway.judge import Denied, Judge, Verdict
from modelward.gateway.refusals import of_reason
from modelward.gateway.routes import Route, Router
from modelward.gateway.wildcard import upstream_model

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
    rename = call.rename(deployment)
    upstream = (upstream_model(deployment, call.routed), *(rename(name) for name in others))
    return (Use(f"/v1/{route.upstream.path}", (first, *others), upstream, customer),)


async def demand_again(judge: Judge, exchange: Exchange, uses: Iterable[Use], deployment: Deployment) -> None:
    """Judges each use as a call of its own by the caller of `exchange`; the objects live at `deployment`.

    Raises Denied, and DecisionUnavailable; Invalid where a model is now served under another name, so that what was
    judged and what would run differ (M2).
    """
    for use in dict.fromkeys(uses):
        verdict = await _demand(judge, exchange, use)
        for model, upstream in zip(use.models, use.upstream, strict=True):
            there = beside(deployment, verdict.deployments(model))
            if upstream not in {upstream_model(each, verdict.target(model).model) for each in there}:
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
        judge.metrics.denied(reason.rule)
        raise Denied(of_reason(reason))
    return verdict
