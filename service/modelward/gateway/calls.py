"""Model calls: judged whole, then forwarded as they were judged."""

from dataclasses import replace

from modelward.contract import JsonObject, Request
from modelward.errors import DecisionUnavailable, Invalid
from modelward.gateway import body
from modelward.gateway.customers import customer_id
from modelward.gateway.exchange import Exchange
from modelward.gateway.footprint import footprint, forwarded
from modelward.gateway.forward import Call, Forwarder
from modelward.gateway.judge import Judge, Verdict
from modelward.gateway.server_fallbacks import server_fallbacks


class Calls:
    """The handler of every route that is forwarded. `limit` bounds a body, in bytes."""

    def __init__(self, judge: Judge, forwarder: Forwarder, limit: int) -> None:
        self._judge = judge
        self._forwarder = forwarder
        self._limit = limit

    async def serve(self, exchange: Exchange) -> None:
        """Answers one call. Raises Denied, DecisionUnavailable, Refused (413) and ClientLeft."""
        raw = await exchange.body(self._limit)
        sent, customer, request = self._read(exchange, raw)
        await exchange.name_customer(customer)
        verdict = await self._judge.demand(exchange, request)
        if not request.models:
            raise DecisionUnavailable("the engine allows a call that names no model")
        call = _call(exchange, sent, request.models[0], verdict)
        if fallbacks := server_fallbacks(self._judge, exchange, request, call, verdict):
            call = replace(call, fallbacks=fallbacks)
        outcome = await self._forwarder.send(call, exchange.receive, exchange.send)
        exchange.entry.status = outcome.status
        exchange.entry.deployment = outcome.deployment

    def _read(self, exchange: Exchange, raw: bytes) -> tuple[JsonObject, str | None, Request]:
        try:
            sent = body.parse(exchange.headers, raw)
            customer = customer_id(exchange.headers, sent)
            found = footprint(exchange.match, exchange.query, sent, exchange.snapshot.completion_model)
        except Invalid as error:
            return {}, None, exchange.malformed(error)
        return sent, customer, exchange.request(found.models, differ=found.differ)


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
