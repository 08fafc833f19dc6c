"""`/v1/responses` as a socket: each `response.create` is a call of its own, with a model of its own."""

import asyncio
from dataclasses import replace

from modelward.errors import DecisionUnavailable, Invalid, NotTold, Refused, StoreUnavailable
from modelward.gateway.endpoints import CREATE
from modelward.gateway.exchange import Exchange
from modelward.gateway.judge import REFUSING
from modelward.gateway.objects import Held, ObjectId, Objects, ObjectStore
from modelward.gateway.objects.binding import Binder
from modelward.gateway.objects.made import event_makes, made_by, parsed
from modelward.gateway.request.names import masked
from modelward.gateway.routes import Route
from modelward.gateway.sockets.client import Client, Ended, of_failure
from modelward.gateway.sockets.frames import Frame
from modelward.gateway.sockets.judging import SWITCHED, Admission, Allowed, Asker, Standing
from modelward.gateway.sockets.opening import Connection, NotOpened, Opener
from modelward.gateway.sockets.realtime import carry, opening_question, to_client, to_upstream

_MOST_REMEMBERED = 10_000


class Session:
    """Both directions of one socket."""

    def __init__(
        self,
        asker: Asker,
        opener: Opener,
        objects: Objects,
        store: ObjectStore,
        socket: Exchange,
        client: Client,
        standing: Standing,
    ) -> None:
        self._asker = asker
        self._opener = opener
        self._store = store
        self._socket = socket
        self._client = client
        self._standing = standing
        self._admission = Admission(asker, objects, socket, client, standing)
        self._connection: Connection | None = None
        self._is_connected = asyncio.Event()
        self._owner = ""
        self._bound: set[ObjectId] = set()

    async def up(self) -> None:
        """Judges the client's frames and passes them on. Raises Ended and ClientLeft."""
        while True:
            frame = await self._admission.next()
            connection, allowed, written = await (self._created if frame.event == CREATE else self._continued)(frame)
            await to_upstream(connection, await self._admission.written(written, connection, allowed))

    async def down(self) -> None:
        """Passes the upstream's frames on, once there is one. Raises Ended and ClientLeft."""
        await self._is_connected.wait()
        connection = self._required()
        await to_client(self._client, connection, self._standing, self._socket.entry.id, self._bind)

    async def aclose(self) -> None:
        """Closes the upstream's socket, if there is one."""
        if self._connection is not None:
            await self._connection.socket.aclose()

    async def _created(self, frame: Frame) -> tuple[Connection, Allowed | None, Frame]:
        allowed = await self._admission.created(frame)
        held = await self._admission.held(frame, allowed)
        try:
            if not frame.models:
                raise DecisionUnavailable("the engine allows a response that names no model")
            self._keep_to(held.owner)
            connection = await self._connected(allowed, frame.models[0], held)
        except REFUSING as error:
            raise self._asker.refused(allowed.entry, error) from error
        except NotOpened as error:
            allowed.entry.deployment = error.deployment
            self._asker.note(allowed.entry, error.failure.status)
            raise Ended(of_failure(error.failure, frame.models[0], allowed.entry.id)) from None
        return connection, allowed, frame.without(held.strange([connection.deployment]))

    async def _continued(self, frame: Frame) -> tuple[Connection, Allowed | None, Frame]:
        if self._connection is None:
            raise await self._admission.malformed(Invalid(f"nothing runs on this socket yet; send `{CREATE}` first"))
        return self._connection, await self._admission.allow(frame, self._connection, asks=True), frame

    def _keep_to(self, owner: str) -> None:
        """All that one socket makes belongs to one owner. Raises Refused for another."""
        if self._owner not in {"", owner}:
            raise Refused("the responses of this socket belong to another team or user; open another socket for this")
        self._owner = owner

    async def _connected(self, allowed: Allowed, asked: str, held: Held) -> Connection:
        """The upstream's socket for a call: the one that is open, if the model is served there. Raises NotOpened."""
        verdict = allowed.verdict
        if self._connection is None:
            deployments = held.narrow(verdict.deployments(asked))
            self._connection = await self._opener.open(
                self._socket, verdict, asked, deployments, self._standing.hold, in_query=False
            )
            self._standing.connection = self._connection
            await self._standing.renew()  # the upstream may have taken its time
            self._is_connected.set()
            return self._connection
        held.narrow([self._connection.deployment])
        names = verdict.names_beside(self._connection.deployment, asked)
        if not names:
            raise Invalid(f"`{masked(asked)}` is not served where this socket leads; open another socket for it")
        self._connection.turn_to(asked, names[0])
        return self._connection

    def _required(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("there is no upstream yet")
        return self._connection

    async def _bind(self, frame: str | bytes) -> None:
        """Gives what an event shows for the first time to its caller, before the caller knows its id. Raises Ended."""
        new = [each for each in _made(self._socket.match.route, frame) if each not in self._bound]
        if not new:
            return
        binder = Binder(self._store, self._owner, self._standing.verdict.snapshot)
        try:
            await binder.bind_new(new, self._required().deployment)
        except StoreUnavailable as error:
            raise self._asker.failed(self._socket, error) from error
        if len(self._bound) > _MOST_REMEMBERED:
            self._bound.clear()
        self._bound.update(new)


def _made(route: Route, frame: str | bytes) -> list[ObjectId]:
    """The objects that an event shows; an id that is told in no known way is bound to nobody, so it is of no use."""
    try:
        event = parsed(frame.encode() if isinstance(frame, str) else frame)
        return made_by(event_makes(route.makes), event, required=False)
    except NotTold:
        return []


class Responses:
    """The handler."""

    def __init__(self, asker: Asker, opener: Opener, objects: Objects, store: ObjectStore) -> None:
        self._asker = asker
        self._opener = opener
        self._objects = objects
        self._store = store

    async def serve(self, exchange: Exchange) -> None:
        """Carries one socket to its end. Raises what the gate refuses for, as long as the socket is not open."""
        question = opening_question(exchange)
        if not (question.models or question.problem):
            question = replace(question, operation="state")
        verdict = await self._asker.decide(exchange, question)
        client = Client(exchange.scope, exchange.receive, exchange.send)
        standing = Standing(self._asker, exchange, question, verdict)
        await client.accept(exchange.answer_headers)
        self._asker.note(exchange.entry, SWITCHED)
        session = Session(self._asker, self._opener, self._objects, self._store, exchange, client, standing)
        try:
            await carry(client, session.up(), session.down(), standing.watch())
        finally:
            await session.aclose()
