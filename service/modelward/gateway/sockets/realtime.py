"""`/v1/realtime`: the model is named as the socket opens, and may be named again in frames."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from modelward.errors import ClientLeft, Closed, DecisionUnavailable, Invalid
from modelward.gateway.endpoints import CREATE
from modelward.gateway.exchange import Exchange, customer_id
from modelward.gateway.objects import Objects
from modelward.gateway.request.footprint import footprint
from modelward.gateway.sockets.client import Client, Ended, of_failure, upstream_closed
from modelward.gateway.sockets.judging import SWITCHED, Admission, Asker, Question, Standing
from modelward.gateway.sockets.opening import Connection, NotOpened, Opener

Seen = Callable[[str | bytes], Awaitable[None]]


async def carry(client: Client, *jobs: Coroutine[Any, Any, None]) -> None:
    """Runs all jobs until one of them ends the socket; then no other is left. A cancellation goes on its way."""
    try:
        await _until_one_ends(jobs)
    except Ended as ended:
        await client.end(ended.ending)
    except ClientLeft:
        return


async def to_client(
    client: Client, connection: Connection, standing: Standing, decision_id: str, seen: Seen | None = None
) -> None:
    """Passes the upstream's frames on as they are; `seen` is told of each before the client is. Raises Ended."""
    while True:
        try:
            frame = await connection.socket.receive()
        except Closed as closed:
            raise Ended(upstream_closed(closed.code, connection.asked, decision_id)) from None
        await standing.renew()
        if seen is not None:
            await seen(frame)
        await client.send(frame)


async def to_upstream(connection: Connection, text: str) -> None:
    """Sends one frame on; where the upstream is gone, what it said last is still on its way to the client."""
    try:
        await connection.socket.send(text)
    except Closed:
        await asyncio.Event().wait()


async def _until_one_ends(jobs: tuple[Coroutine[Any, Any, None], ...]) -> None:
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in tasks:
        if task in done:
            task.result()


_ASKING = frozenset({CREATE, "session.update", "transcription_session.update"})
"""Events that start work or change what does it, whatever they name."""


class Realtime:
    """The handler."""

    def __init__(self, asker: Asker, opener: Opener, objects: Objects) -> None:
        self._asker = asker
        self._opener = opener
        self._objects = objects

    async def serve(self, exchange: Exchange) -> None:
        """Carries one socket to its end. Raises what the gate refuses for, as long as the socket is not open."""
        question = opening_question(exchange)
        verdict = await self._asker.decide(exchange, question)
        if not question.models:
            raise DecisionUnavailable("the engine allows a socket that names no model")
        asked = question.models[0]
        client = Client(exchange.scope, exchange.receive, exchange.send)
        standing = Standing(self._asker, exchange, question, verdict)
        try:
            connection = await self._opener.open(
                exchange, verdict, asked, verdict.deployments(asked), standing.hold, in_query=True
            )
        except Ended as ended:
            await self._refused(exchange, client, ended)
            return
        except NotOpened as error:
            exchange.entry.status, exchange.entry.deployment = error.failure.status, error.deployment
            await client.end(of_failure(error.failure, asked, exchange.entry.id), exchange.answer_headers)
            return
        async with connection.socket:
            standing.connection = connection
            exchange.entry.deployment = connection.deployment.id
            try:
                await standing.renew()  # the upstream may have taken its time
            except Ended as ended:
                await self._refused(exchange, client, ended)
                return
            await client.accept(exchange.answer_headers)
            self._asker.note(exchange.entry, SWITCHED)
            await self._carried(exchange, client, connection, standing)

    async def _refused(self, exchange: Exchange, client: Client, ended: Ended) -> None:
        self._asker.note(exchange.entry, SWITCHED)
        await client.end(ended.ending, exchange.answer_headers)

    async def _carried(self, exchange: Exchange, client: Client, connection: Connection, standing: Standing) -> None:
        admission = Admission(self._asker, self._objects, exchange, client, standing)
        await carry(
            client,
            _up(admission, connection),
            to_client(client, connection, standing, exchange.entry.id),
            standing.watch(),
        )


def opening_question(exchange: Exchange) -> Question:
    """What the handshake asks: the models of its query."""
    try:
        models = footprint(exchange.match, exchange.query, {})
        return Question(models.models, customer_id(exchange.headers, {}), differ=models.differ)
    except Invalid as error:
        return Question(problem=str(error))


async def _up(admission: Admission, connection: Connection) -> None:
    while True:
        frame = await admission.next()
        allowed = await admission.allow(frame, connection, asks=frame.event in _ASKING)
        await to_upstream(connection, await admission.written(frame, connection, allowed))
