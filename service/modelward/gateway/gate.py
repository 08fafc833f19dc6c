"""The gate: every request comes in here, and nothing goes on that was not allowed."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from modelward.errors import AnswerCut, ClientLeft, NotFound, Superseded
from modelward.gateway.decision_log import DecisionLog
from modelward.gateway.errors import form_of, respond
from modelward.gateway.exchange import Exchange, Lookups, shown
from modelward.gateway.health import Health
from modelward.gateway.judge import REFUSING, refusal_of
from modelward.gateway.metrics import Metrics
from modelward.gateway.routes import SOCKET, Handler, Match, Router, naming
from modelward.gateway.sockets.client import Client, of_refusal
from modelward.gateway.sockets.judging import SWITCHED
from modelward.snapshot import Snapshots

Serve = Callable[[Exchange], Awaitable[None]]

PUBLIC = frozenset(
    {
        "/docs",
        "/docs/favicon.png",
        "/docs/swagger-ui-bundle.js",
        "/docs/swagger-ui.css",
        "/openapi.json",
    }
)
"""The page that describes the API, with all it loads: nothing of the config is in it."""
_LOOKING = frozenset({"GET", "HEAD"})


class Gate:
    """The ASGI application in front of all others.

    Health probes and the API's description need no credential; every other request names a caller, then a route, and
    is then served by the handler of its row, which asks for a decision first (A6). What there is no room for is shed
    before that (E4).
    """

    def __init__(
        self,
        *,
        snapshots: Snapshots,
        lookups: Lookups,
        handlers: Mapping[Handler, Serve],
        health: Health,
        public: ASGIApp,
        log: DecisionLog,
        metrics: Metrics,
        router: Router,
    ) -> None:
        self._snapshots = snapshots
        self._lookups = lookups
        self._handlers = handlers
        self._health = health
        self._public = public
        self._log = log
        self._metrics = metrics
        self._router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        path = scope["raw_path"].decode("latin-1")
        if scope["type"] == "websocket":
            scope = {**scope, "method": SOCKET}
        elif scope["method"] in _LOOKING and path in self._health:
            return await self._health.probe(path, scope["method"], send)
        elif scope["method"] == "GET" and path in PUBLIC:
            return await self._public(scope, receive, send)
        exchange = Exchange(self._lookups, scope, receive, send, path, self._snapshots.current)
        entry = exchange.entry
        try:
            await self._answer(exchange)
        except ClientLeft:
            entry.error = "the client left"
        except AnswerCut as error:
            entry.error = str(error)
            raise  # the server must close the connection, so that nobody takes the half for whole
        finally:
            await exchange.aclose()
            if entry.status != SWITCHED:  # the line of an open socket was written as it opened
                self._metrics.answers.labels(entry.route, entry.status).inc()
                self._log.add(entry)

    async def _answer(self, exchange: Exchange) -> None:
        try:
            try:
                await self._serve(exchange)
            except Superseded:
                exchange.snapshot = self._snapshots.current
                await self._serve(exchange)
        except REFUSING as error:
            refusal = refusal_of(error, exchange.entry, self._metrics)
            form, decision_id = form_of(exchange.path), exchange.entry.id
            if exchange.scope["type"] == "websocket":
                client = Client(exchange.scope, exchange.receive, exchange.send)
                await client.end(of_refusal(refusal, decision_id), exchange.answer_headers)
            else:
                headers = [*refusal.headers, *exchange.answer_headers]
                await respond(exchange.send, refusal.fields.status, headers, refusal.body(decision_id, form))

    async def _serve(self, exchange: Exchange) -> None:
        match = self._router.find(exchange.method, exchange.path)
        exchange.snapshot.admit(match.route.operation if match else "infer")
        await exchange.identify()
        exchange.entry.called_by(exchange.caller)
        # Any word may be sent as a method.
        if match is None or (exchange.scope["type"] == "websocket") != (exchange.method == SOCKET):
            raise NotFound(f"route `{exchange.method} {shown(exchange.path)[:200]}` is not served here; check the path")
        model_fields = exchange.snapshot.model_fields
        exchange.match = Match(naming(match.route, model_fields), match.variables) if model_fields else match
        exchange.entry.route = match.route.template
        await self._handlers[match.route.handler](exchange)
