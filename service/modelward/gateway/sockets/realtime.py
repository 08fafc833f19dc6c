"""`/v1/realtime`: the model is named as the socket opens, and may be named again in frames."""

from modelward.errors import DecisionUnavailable, Invalid
from modelward.gateway.customers import customer_id
from modelward.gateway.endpoints.sockets import CREATE
from modelward.gateway.exchange import Exchange
from modelward.gateway.footprint import footprint
from modelward.gateway.objects import Objects
from modelward.gateway.sockets.admitting import Admission
from modelward.gateway.sockets.asking import SWITCHED, Asker, Question
from modelward.gateway.sockets.client import Client
from modelward.gateway.sockets.ending import Ended, of_failure
from modelward.gateway.sockets.opening import Connection, NotOpened, Opener
from modelward.gateway.sockets.relay import carry, to_client, to_upstream
from modelward.gateway.sockets.standing import Standing

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
