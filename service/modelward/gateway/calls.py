"""Model calls: judged whole, then forwarded as they were judged."""

from modelward.contract import JsonObject, Request
from modelward.errors import DecisionUnavailable, Invalid
from modelward.gateway import body
from modelward.gateway.exchange import Exchange
from modelward.gateway.footprint import footprint, forwarded
from modelward.gateway.forward import Call, Forwarder
from modelward.gateway.judge import Judge, Verdict


class Calls:
    """The handler of every route that is forwarded. `limit` bounds a body, in bytes."""

    def __init__(self, judge: Judge, forwarder: Forwarder, limit: int) -> None:
        self._judge = judge
        self._forwarder = forwarder
        self._limit = limit

    async def serve(self, exchange: Exchange) -> None:
        """Answers one call. Raises Denied, DecisionUnavailable, Refused (413) and ClientLeft."""
        raw = await exchange.body(self._limit)
        sent, request = self._read(exchange, raw)
        verdict = await self._judge.demand(exchange, request)
        if not request.models:
            raise DecisionUnavailable("the engine allows a call that names no model")
        call = _call(exchange, sent, request.models[0], verdict)
        outcome = await self._forwarder.send(call, exchange.receive, exchange.send)
        exchange.entry.status = outcome.status
        exchange.entry.deployment = outcome.deployment

    def _read(self, exchange: Exchange, raw: bytes) -> tuple[JsonObject, Request]:
        try:
            sent = body.parse(exchange.headers, raw)
            found = footprint(exchange.match, exchange.query, sent, exchange.snapshot.completion_model)
        except Invalid as error:
            return {}, exchange.malformed(error)
        return sent, exchange.request(found.models, differ=found.differ)


def _call(exchange: Exchange, sent: JsonObject, asked: str, verdict: Verdict) -> Call:
    upstream = exchange.match.route.upstream
    if upstream is None:
        raise Invalid("this route is not forwarded")
    return Call(
        operation=upstream,
        body=forwarded(sent),
        asked=asked,
        routed=verdict.target(asked).model,
        deployments=verdict.deployments(asked),
        headers=exchange.headers,
        answer_headers=exchange.answer_headers,
    )
