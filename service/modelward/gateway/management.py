"""Management and info routes: judged here, answered by the admin API."""

from dataclasses import replace

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from modelward.contract import Decision, Record
from modelward.contract.facts import hash_of
from modelward.errors import Invalid
from modelward.gateway.errors import JSON, respond
from modelward.gateway.exchange import Exchange
from modelward.gateway.judge import Judge
from modelward.gateway.metrics import Metrics
from modelward.gateway.request.footprint import query_values

_QUERY_NAMES = {"key": "key", "team": "team_id", "user": "user_id"}


class Management:
    """The handlers of management routes. `admin` sees only what was allowed; in its state are `caller`, `decision_id`,
    and `subject`, whom the decision says it is."""

    def __init__(self, judge: Judge, admin: ASGIApp, metrics: Metrics, limit: int) -> None:
        self._judge = judge
        self._admin = admin
        self._metrics = metrics
        self._limit = limit

    async def serve(self, exchange: Exchange) -> None:
        """Answers one request. Raises Denied, DecisionUnavailable, Refused (413) and ClientLeft."""
        try:
            request = exchange.request([], record=_record(exchange))
        except Invalid as error:
            request = exchange.malformed(error)
        sent = await exchange.body(self._limit)
        verdict = await self._judge.demand(exchange, replace(request, time_ns=exchange.time_ns))
        await self._admin(_scope(exchange, verdict.decision), _replay(exchange, sent), _noting(exchange))

    async def metrics(self, exchange: Exchange) -> None:
        """`GET /metrics`."""
        await self._judge.demand(exchange, exchange.request([]))
        exchange.entry.status = 200
        headers = [(b"content-type", b"text/plain; version=0.0.4"), *exchange.answer_headers]
        await respond(exchange.send, 200, headers, self._metrics.text())


def _record(exchange: Exchange) -> Record | None:
    """The record an info route is asked for; `None` without a parameter, which means the caller's own."""
    kind = exchange.match.route.record
    if kind is None:
        return None
    asked = query_values(exchange.query, _QUERY_NAMES[kind])
    if len(asked) > 1:
        raise Invalid(f"`{_QUERY_NAMES[kind]}` is given twice; ask for one record at a time")
    if not asked:
        return None
    return Record(kind, hash_of(asked[0]) if kind == "key" else asked[0])


def _scope(exchange: Exchange, decision: Decision) -> Scope:
    """What the admin API sees: the path that was judged (M4), who asks and what may be shown, the decision's id, and a
    body that is JSON whatever `Content-Type` says (M2)."""
    headers = [(name, value) for name, value in exchange.headers if name != b"content-type"]
    known = {
        "caller": exchange.caller,
        "subject": decision.subject,
        "shows": decision.shows,
        "decision_id": exchange.entry.id,
    }
    state = {**exchange.scope.get("state", {}), **known}
    return {**exchange.scope, "path": exchange.path, "state": state, "headers": [*headers, JSON]}


def _replay(exchange: Exchange, sent: bytes) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": sent, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else await exchange.receive()

    return receive


def _noting(exchange: Exchange) -> Send:
    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            exchange.entry.status = message["status"]
            message = {**message, "headers": [*message.get("headers", []), *exchange.answer_headers]}
        await exchange.send(message)

    return send
