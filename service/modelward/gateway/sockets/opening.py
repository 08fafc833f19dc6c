"""A socket to one of the deployments that may serve a caller."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from modelward.contract import Deployment
from modelward.errors import Broken, Closed, NotReached, TimedOut, Unusable
from modelward.gateway.exchange import BeforeSending, Exchange
from modelward.gateway.judge import Verdict
from modelward.gateway.sockets.client import upstream_closed
from modelward.gateway.upstream.balance import Balancer
from modelward.gateway.upstream.client import Upstream, UpstreamSocket
from modelward.gateway.upstream.failures import NO_DEPLOYMENT, NO_MOCK, SILENT, UNREACHABLE, Failure, failure_of
from modelward.gateway.upstream.providers import endpoint, upstream_model

_NOT_OPENED = Failure(502, "upstream_refused", "the deployment of {model} opens no socket; tell the operator")


Hold = Callable[[Deployment, str, str], Awaitable[None]]
"""Called before a socket is opened to a deployment, for the model that the client calls by the first name and the
deployment by the second: raises why it may not be opened."""


class NotOpened(Exception):
    """No deployment opened a socket; `failure` is what the client gets."""

    def __init__(self, failure: Failure, deployment: str | None = None) -> None:
        super().__init__(failure.code)
        self.failure = failure
        self.deployment = deployment


@dataclass(slots=True)
class Connection:
    """An open socket to `deployment`, for the model that the client calls `asked` and the upstream `model`. `earlier`
    are those it was for before, by the client's names: what they made may still be continued."""

    socket: UpstreamSocket
    deployment: Deployment
    asked: str
    model: str
    earlier: dict[str, str] = field(default_factory=dict)

    def turn_to(self, asked: str, model: str) -> None:
        """From now on the socket is for another model."""
        self.earlier[self.asked] = self.model
        self.asked, self.model = asked, model

    def serves(self, verdict: Verdict) -> bool:
        """Whether what `verdict` allows is still what is served here. Raises DecisionUnavailable where it is
        about other models only."""
        served = self.earlier | {self.asked: self.model}
        return all(verdict.names_beside(self.deployment, asked)[:1] == [model] for asked, model in served.items())

    async def send(self, text: str) -> None:
        """Sends one frame; where the upstream is gone, what it said last is still on its way to the client."""
        try:
            await self.socket.send(text)
        except Closed:
            await asyncio.Event().wait()

    async def receive(self, decision_id: str) -> str | bytes:
        """The upstream's next frame, as it is. Raises Ended."""
        try:
            return await self.socket.receive()
        except Closed as closed:
            raise upstream_closed(closed.code, self.asked, decision_id) from None


class Opener:
    """Opens sockets, one deployment after another until one is reached."""

    def __init__(self, upstream: Upstream, balancer: Balancer) -> None:
        self._upstream = upstream
        self._balancer = balancer

    async def open(
        self, exchange: Exchange, verdict: Verdict, asked: str, deployments: Sequence[Deployment], hold: Hold
    ) -> Connection:
        """A socket for `asked` at one of `deployments`. Raises NotOpened, and what `hold` does."""
        failure = NO_DEPLOYMENT
        routed = verdict.target(asked).model
        for deployment in self._balancer.order(deployments):
            if deployment.mock_response is not None:
                raise NotOpened(NO_MOCK, deployment.id)
            try:
                model = upstream_model(deployment, routed)
                socket = await self._open(exchange, deployment, model, partial(hold, deployment, asked, model))
                return Connection(socket, deployment, asked, model)
            except NotReached:
                self._balancer.failed(deployment)
                failure = UNREACHABLE
            except Unusable as error:
                failure = failure_of(error) if failure is NO_DEPLOYMENT else failure
            except TimedOut:
                raise NotOpened(SILENT, deployment.id) from None
            except Broken:
                raise NotOpened(_NOT_OPENED, deployment.id) from None
        raise NotOpened(failure)

    async def _open(
        self, exchange: Exchange, deployment: Deployment, model: str, before_sending: BeforeSending
    ) -> UpstreamSocket:
        route = exchange.match.route
        if route.upstream is None:
            raise Unusable("the route leads nowhere")
        query = _query(deployment, model) if route.handler == "realtime" else ()
        target = endpoint(deployment, model, route.upstream, query=query)
        return await self._upstream.open(target, exchange.headers, before_sending=before_sending)


def _query(deployment: Deployment, model: str) -> list[tuple[str, str]]:
    """The address of a realtime socket names the model; Azure asks for a deployment where all others do for a model."""
    return [("deployment" if deployment.provider == "azure" else "model", model)]
