"""The handlers of sockets: `/v1/realtime`, and `/v1/responses` as a socket."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from modelward.contract import Deployment
from modelward.errors import DecisionUnavailable, Invalid, NotTold, Refused
from modelward.gateway.endpoints import CREATE
from modelward.gateway.exchange import Exchange
from modelward.gateway.objects import HeldObjects, ObjectId, ObjectStore
from modelward.gateway.objects.binding import Binder
from modelward.gateway.objects.made import event_makes, made_by, parsed
from modelward.gateway.request.names import masked
from modelward.gateway.routes import Route
from modelward.gateway.sockets.client import Client, Ended, of_failure
from modelward.gateway.sockets.frames import Frame
from modelward.gateway.sockets.judging import SWITCHED, SocketJudge
from modelward.gateway.sockets.opening import Connection, NotOpened, Opener

JudgeOf = Callable[[Exchange], SocketJudge]
"""Makes the judge of a socket from its handshake."""

_ASKING = frozenset({CREATE, "session.update", "transcription_session.update"})
"""Events that start work or change what does it, whatever they name."""

_MOST_REMEMBERED = 10_000


class Realtime:
    """The handler of sockets whose model is named as they open, and may be named again in frames."""

    def __init__(self, judge_of: JudgeOf, opener: Opener) -> None:
        self._judge_of = judge_of
        self._opener = opener

    async def serve(self, exchange: Exchange) -> None:
        """Carries one socket to its end. Raises what the gate refuses for, as long as the socket is not open."""
        judge, entry = self._judge_of(exchange), exchange.entry
        await judge.open(needs_model=True)
        asked = judge.request.models[0]
        deployments = judge.verdict.deployments(asked)
        client = Client(exchange.scope, exchange.receive, exchange.send)
        try:
            connection = await judge.connect(self._opener, deployments)
            entry.deployment = connection.deployment.id
            await client.accept(exchange.answer_headers)
            judge.note(entry, SWITCHED)
            down = _down(client, connection, judge, entry.id)
            await client.carry(_up(client, connection, judge), down, judge.watch())
        except Ended as ended:
            entry.deployment = judge.connection.deployment.id if judge.connection is not None else None
            judge.note(entry, SWITCHED)
            await client.end(ended, exchange.answer_headers)
        except NotOpened as error:
            entry.status, entry.deployment = error.failure.status, error.deployment
            await client.end(of_failure(error.failure, asked, entry.id), exchange.answer_headers)
        finally:
            await judge.aclose()


async def _up(client: Client, connection: Connection, judge: SocketJudge) -> None:
    while True:
        frame = await judge.read(await client.receive())
        asked = await judge.allow(frame, connection, asks=frame.event in _ASKING)
        await judge.pass_on(frame, connection, asked)


Seen = Callable[[str | bytes], Awaitable[None]]


async def _down(
    client: Client, connection: Connection, judge: SocketJudge, decision_id: str, seen: Seen | None = None
) -> None:
    """Passes the upstream's frames on as they are; `seen` gets each before the client does. Raises Ended."""
    while True:
        frame = await connection.receive(decision_id)
        await judge.renew()
        if seen is not None:
            await seen(frame)
        await client.send(frame)


class Responses:
    """The handler of sockets on which each `response.create` is a call with a model of its own."""

    def __init__(self, judge_of: JudgeOf, opener: Opener, store: ObjectStore) -> None:
        self._judge_of = judge_of
        self._opener = opener
        self._store = store

    async def serve(self, exchange: Exchange) -> None:
        """Carries one socket to its end. Raises what the gate refuses for, as long as the socket is not open."""
        judge = self._judge_of(exchange)
        await judge.open(needs_model=False)
        client = Client(exchange.scope, exchange.receive, exchange.send)
        await client.accept(exchange.answer_headers)
        judge.note(exchange.entry, SWITCHED)
        session = _Session(judge, self._opener, self._store, exchange, client)
        try:
            await client.carry(session.up(), session.down(), judge.watch())
        finally:
            await judge.aclose()


@dataclass(slots=True)
class _Session:
    """Both directions of one responses socket. All that it makes belongs to `owner`; `bound` was bound already."""

    judge: SocketJudge
    opener: Opener
    store: ObjectStore
    socket: Exchange
    client: Client
    connected: asyncio.Future[Connection] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    owner: str = ""
    bound: set[ObjectId] = field(default_factory=set)

    async def up(self) -> None:
        """Judges the client's frames and passes them on. Raises Ended and ClientLeft."""
        judge = self.judge
        while True:
            frame = await judge.read(await self.client.receive())
            if frame.event == CREATE:
                await self._create(frame)
            elif judge.connection is None:
                raise await judge.malformed(Invalid(f"nothing runs on this socket yet; send `{CREATE}` first"))
            else:
                asked = await judge.allow(frame, judge.connection, asks=True)
                await judge.pass_on(frame, judge.connection, asked)

    async def down(self) -> None:
        """Passes the upstream's frames on, once there is one. Raises Ended and ClientLeft."""
        connection = await self.connected
        seen = partial(self._bind, connection.deployment)
        await _down(self.client, connection, self.judge, self.socket.entry.id, seen)

    async def _create(self, frame: Frame) -> None:
        judge = self.judge
        asked = await judge.created(frame)
        try:
            with judge.refusing(asked.entry):
                held = await judge.held(frame, asked)
                if not frame.models:
                    raise DecisionUnavailable("the engine allows a response that names no model")
                self._keep_to(held.owner)
                connection = await self._connection(frame.models[0], held)
        except NotOpened as error:
            raise judge.failed(asked.entry, error.failure, frame.models[0], error.deployment) from None
        await judge.pass_on(frame.without(held.strange([connection.deployment])), connection, asked)

    def _keep_to(self, owner: str) -> None:
        """All that one socket makes belongs to one owner. Raises Refused for another."""
        if self.owner not in {"", owner}:
            raise Refused("the responses of this socket belong to another team or user; open another socket for this")
        self.owner = owner

    async def _connection(self, asked: str, held: HeldObjects) -> Connection:
        """The upstream's socket for a call: the one that is open, if the model is served there. Raises NotOpened."""
        judge = self.judge
        connection = judge.connection
        if connection is None:
            connection = await judge.connect(self.opener, held.narrow(judge.verdict.deployments(asked)))
            self.connected.set_result(connection)
            return connection
        held.narrow([connection.deployment])
        names = judge.verdict.names_beside(connection.deployment, asked)
        if not names:
            raise Invalid(f"`{masked(asked)}` is not served where this socket leads; open another socket for it")
        connection.turn_to(asked, names[0])
        return connection

    async def _bind(self, deployment: Deployment, frame: str | bytes) -> None:
        """Gives what an event shows for the first time to its caller, before the caller knows its id. Raises Ended."""
        new = [each for each in _made(self.socket.match.route, frame) if each not in self.bound]
        if not new:
            return
        with self.judge.refusing():
            await Binder(self.store, self.owner, self.judge.verdict.snapshot).bind_new(new, deployment)
        if len(self.bound) > _MOST_REMEMBERED:
            self.bound.clear()
        self.bound.update(new)


def _made(route: Route, frame: str | bytes) -> list[ObjectId]:
    """The objects that an event shows; an id in no known place is bound to nobody, so it is of no use."""
    try:
        event = parsed(frame.encode() if isinstance(frame, str) else frame)
        return made_by(event_makes(route.makes), event, required=False)
    except NotTold:
        return []
