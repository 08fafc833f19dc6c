"""`POST /policy/explain`: why a call is allowed or refused, for admins."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from modelward.contract import Request
from modelward.errors import Invalid, NotFound
from modelward.explain import Explainer, question
from modelward.gateway.errors import JSON, respond
from modelward.gateway.exchange import Exchange, shown
from modelward.gateway.judge import Judge
from modelward.gateway.request.body import parse
from modelward.gateway.request.footprint import footprint, path_segments, too_many
from modelward.gateway.routes import Router
from modelward.snapshot import Snapshot

MOST_MODELS = 100

ExplainerOf = Callable[[Snapshot], Explainer]


class Explanations:
    """The handler. `explainer_of` gives the explainer of a snapshot; `limit` bounds a body, in bytes."""

    def __init__(self, judge: Judge, explainer_of: ExplainerOf, limit: int) -> None:
        self._judge = judge
        self._explainer_of = explainer_of
        self._limit = limit

    async def serve(self, exchange: Exchange) -> None:
        """Answers one question. Raises Denied, DecisionUnavailable, StoreUnavailable, Refused and ClientLeft."""
        sent = await exchange.body(self._limit)
        await self._judge.demand(exchange, exchange.request([]))
        asked = question(parse(exchange.headers, sent))
        report = await self._explainer_of(exchange.snapshot).answer(asked, exchange.time_ns)
        exchange.entry.status = 200
        await respond(exchange.send, 200, [JSON, *exchange.answer_headers], report.json())


def request_of(
    router: Router, completion_model: str | None, method: str, path: str, models: Sequence[str], time_ns: int
) -> Request:
    """The request that calls `models` on a route at that time, its form judged as the gate does.

    Raises NotFound for a route that is not served.
    """
    match = router.find(method, path)
    if match is None:
        raise NotFound(f"route `{method} {shown(path)[:200]}` is not served here; check the path")
    queries = [urlencode({"model": model}).encode() for model in models] or [b""]
    problem, differ, names = "", False, list[str]()
    try:
        found = [footprint(match, query, {}, completion_model) for query in queries]
        names = list(dict.fromkeys(name for each in found for name in each.models))
        differ = any(each.differ for each in found)
        if len(names) > MOST_MODELS:
            raise too_many()
    except Invalid as error:
        problem, names = str(error), []
    return Request(
        method=method,
        path=shown(path),
        route=match.route.template,
        operation=match.route.operation,
        groups=list(match.route.groups),
        models=names,
        time_ns=time_ns,
        differ=differ,
        problem=problem,
        segments=path_segments(match),
    )
