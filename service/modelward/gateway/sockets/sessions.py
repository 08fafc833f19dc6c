"""The handler of sockets: `/v1/realtime`, and `/v1/responses` as a socket."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial

from modelward.contract import Deployment
from modelward.contract.facts import masked
from modelward.errors import Broken, Closed, DecisionUnavailable, Invalid, NotReached, Refused, Unusable
from modelward.gateway.decision_log import DecisionLog, LogEntry
from modelward.gateway.endpoints import CREATE
from modelward.gateway.exchange import Exchange
from modelward.gateway.judge import Judge
from modelward.gateway.objects import Binder, ObjectId, Objects, ObjectStore, in_event
from modelward.gateway.sockets.client import NORMAL, Client, Ended, of_failure
from modelward.gateway.sockets.frames import Frame
from modelward.gateway.sockets.judging import SWITCHED, Connection, SocketJudge
from modelward.gateway.upstream.balance import Balancer
from modelward.gateway.upstream.client import Upstream
from modelward.gateway.upstream.failures import NO_DEPLOYMENT, NO_MOCK, UNREACHABLE, Failure, failure_of
from modelward.gateway.upstream.providers import endpoint, upstream_model

_ASKING = frozenset({CREATE, "session.update", "transcription_session.update"})
"""Events that start work or change what does it, whatever they name."""

_MOST_REMEMBERED = 10_000
_CLOSED = Failure(502, "upstream_broken", "the deployment of {model} closed the socket; open it again", may_retry=True)
_NOT_OPENED = Failure(502, "upstream_refused", "the deployment of {model} opens no socket; tell the operator")


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens sockets, one deployment after another until one is reached."""

    upstream: Upstream
    balancer: Balancer

    async def open(self, judge: SocketJudge, deployments: Sequence[Deployment], entry: LogEntry) -> Connection:
        """Connects to one of `deployments` for the first model asked for. The yes is had again if opening took its
        time, and is still for this upstream, also where `watch` had another one meanwhile.

        Raises Ended, noted in `entry` where no deployment opens a socket, and DecisionUnavailable.
        """
        asked, failure = judge.request.models[0], NO_DEPLOYMENT
        routed = judge.verdict.target(asked).model
        for deployment in self.balancer.order(deployments):
            if deployment.mock_response is not None:
                raise judge.failed(entry, NO_MOCK, asked, deployment.id)
            try:
                model = upstream_model(deployment, routed)
                judge.connection = await self._connection(judge, deployment, asked, model)
            except NotReached:
                self.balancer.failed(deployment)
                failure = UNREACHABLE
            except Unusable as error:
                failure = failure_of(error) if failure is NO_DEPLOYMENT else failure
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
        socket = await self.upstream.open(target, judge.socket.headers, before_sending=hold)
        return Connection(socket, deployment, asked, {asked: model})


@dataclass(frozen=True, slots=True)
class Sockets:
    """Carries sockets: a realtime one names its model as it opens, and may name it again in frames; on one for
    responses each `response.create` is a call with a model of its own."""

    judge: Judge
    objects: Objects
    log: DecisionLog
    opener: Opener
    store: ObjectStore

    async def serve(self, exchange: Exchange) -> None:
        """Carries one socket to its end. Raises what the gate refuses for, as long as the socket is not open."""
        judge, entry = SocketJudge(self.judge, self.objects, self.log, exchange), exchange.entry
        client = Client(exchange.scope, exchange.receive, exchange.send)
        session = _Session(judge, self.opener, self.store, client)
        async with aclosing(judge):
            await judge.open()
            if judge.is_realtime:
                deployments = judge.verdict.deployments(judge.request.models[0])
                try:
                    connection = await session.connect(deployments, entry)
                except Ended as ended:
                    if not entry.status:  # what refused it meanwhile has a line of its own
                        entry.deployment = judge.connection.deployment.id if judge.connection is not None else None
                        judge.note(entry, SWITCHED)
                    await client.end(ended, exchange.answer_headers)
                    return
                entry.deployment = connection.deployment.id
            await client.accept(exchange.answer_headers)
            judge.note(entry, SWITCHED)
            await client.carry(session.up(), session.down(), judge.watch())


@dataclass(slots=True)
class _Session:
    """Both directions of one socket. All that it makes belongs to `owner`; `bound` was bound already."""

    judge: SocketJudge
    opener: Opener
    store: ObjectStore
    client: Client
    connected: asyncio.Future[Connection] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    owner: str = ""
    bound: set[ObjectId] = field(default_factory=set)

    async def connect(self, deployments: list[Deployment], entry: LogEntry) -> Connection:
        """Opens the upstream's socket, as `Opener.open` does."""
        connection = await self.opener.open(self.judge, deployments, entry)
        self.connected.set_result(connection)
        return connection

    async def up(self) -> None:
        """Judges the client's frames and passes them on. Raises Ended and ClientLeft."""
        judge = self.judge
        while True:
            frame = await judge.read(await self.client.receive())
            if frame.event == CREATE and not judge.is_realtime:
                await self._create(frame)
            elif judge.connection is None:
                raise await judge.malformed(Invalid(f"nothing runs on this socket yet; send `{CREATE}` first"))
            else:
                asks = frame.event in _ASKING or not judge.is_realtime
                asked = await judge.allow(frame, judge.connection, asks=asks)
                await judge.pass_on(frame, judge.connection, asked)

    async def down(self) -> None:
        """Passes the upstream's frames on as they are, once there is one. Raises Ended and ClientLeft."""
        connection, judge = await self.connected, self.judge
        while True:
            try:
                frame = await connection.socket.receive()
            except Closed as closed:
                broken = of_failure(_CLOSED, connection.asked, judge.socket.entry.id)
                raise Ended(NORMAL) if closed.code == NORMAL else broken from None
            await judge.renew()
            if judge.socket.match.route.makes:
                await self._bind(connection.deployment, frame)
            await self.client.send(frame)

    async def _create(self, frame: Frame) -> None:
        judge = self.judge
        asked = await judge.demand(*await judge.question(frame))
        with judge.refusing(asked.entry):
            held = await judge.held(frame, asked)
            if not frame.models:
                raise DecisionUnavailable("the engine allows a response that names no model")
            if self.owner not in {"", held.owner}:
                raise Refused(
                    "the responses of this socket belong to another team or user; open another socket for this"
                )
            self.owner, model = held.owner, frame.models[0]
            if judge.connection is None:
                connection = await self.connect(held.narrow(judge.verdict.deployments(model)), asked.entry)
            else:
                connection = judge.connection
                held.narrow([connection.deployment])
                names = judge.verdict.names_beside(connection.deployment, model)
                if not names:
                    raise Invalid(
                        f"`{masked(model)}` is not served where this socket leads; open another socket for it"
                    )
                connection.asked, connection.models[model] = model, names[0]
        await judge.pass_on(frame.without(held.strange([connection.deployment])), connection, asked)

    async def _bind(self, deployment: Deployment, frame: str | bytes) -> None:
        """Gives what an event shows for the first time to its caller, before the caller knows its id. Raises Ended."""
        data = frame.encode() if isinstance(frame, str) else frame
        new = [each for each in in_event(self.judge.socket.match.route.makes, data) if each not in self.bound]
        if not new:
            return
        with self.judge.refusing():
            await Binder(self.store, self.owner, self.judge.verdict.snapshot).bind_new(new, deployment)
        if len(self.bound) > _MOST_REMEMBERED:
            self.bound.clear()
        self.bound.update(new)
