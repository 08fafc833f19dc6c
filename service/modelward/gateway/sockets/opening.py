"""A socket to one of the deployments that may serve a caller."""

from collections.abc import Sequence
from functools import partial

from modelward.contract import Deployment
from modelward.errors import Broken, NotReached, TimedOut, Unusable
from modelward.gateway.decision_log import LogEntry
from modelward.gateway.sockets.judging import Connection, SocketJudge
from modelward.gateway.upstream.balance import Balancer
from modelward.gateway.upstream.client import Upstream
from modelward.gateway.upstream.failures import NO_DEPLOYMENT, NO_MOCK, SILENT, UNREACHABLE, Failure, failure_of
from modelward.gateway.upstream.providers import endpoint, upstream_model

_NOT_OPENED = Failure(502, "upstream_refused", "the deployment of {model} opens no socket; tell the operator")


class Opener:
    """Opens sockets, one deployment after another until one is reached."""

    def __init__(self, upstream: Upstream, balancer: Balancer) -> None:
        self._upstream = upstream
        self._balancer = balancer

    async def open(self, judge: SocketJudge, deployments: Sequence[Deployment], entry: LogEntry) -> Connection:
        """Connects to one of `deployments` for the first model asked for. The yes is had again if opening took its
        time, and is still for this upstream, also where `watch` had another one meanwhile.

        Raises Ended, noted in `entry` where no deployment opens a socket, and DecisionUnavailable.
        """
        asked, failure = judge.request.models[0], NO_DEPLOYMENT
        routed = judge.verdict.target(asked).model
        for deployment in self._balancer.order(deployments):
            if deployment.mock_response is not None:
                raise judge.failed(entry, NO_MOCK, asked, deployment.id)
            try:
                model = upstream_model(deployment, routed)
                judge.connection = await self._connection(judge, deployment, asked, model)
            except NotReached:
                self._balancer.failed(deployment)
                failure = UNREACHABLE
            except Unusable as error:
                failure = failure_of(error) if failure is NO_DEPLOYMENT else failure
            except TimedOut:
                raise judge.failed(entry, SILENT, asked, deployment.id) from None
            except Broken:
                raise judge.failed(entry, _NOT_OPENED, asked, deployment.id) from None
            else:
                await judge.hold(deployment, asked, model)
                return judge.connection
        raise judge.failed(entry, failure, asked, None)

    async def _connection(self, judge: SocketJudge, deployment: Deployment, asked: str, model: str) -> Connection:
        route = judge.socket.match.route
        if route.upstream is None:
            raise Unusable("the route leads nowhere")
        # The address of a realtime socket names the model; Azure asks for a deployment where all others do for a model.
        names_it = [("deployment" if deployment.provider == "azure" else "model", model)]
        query = names_it if route.handler == "realtime" else ()
        target = endpoint(deployment, model, route.upstream, query=query)
        hold = partial(judge.hold, deployment, asked, model)
        socket = await self._upstream.open(target, judge.socket.headers, before_sending=hold)
        return Connection(socket, deployment, asked, {asked: model})
