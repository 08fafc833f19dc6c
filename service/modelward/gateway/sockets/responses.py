"""`/v1/responses` as a socket: each `response.create` is a call of its own, with a model of its own."""

from dataclasses import replace

from modelward.gateway.exchange import Exchange
from modelward.gateway.objects import Objects, ObjectStore
from modelward.gateway.sockets.asking import SWITCHED, Asker
from modelward.gateway.sockets.client import Client
from modelward.gateway.sockets.creating import Session
from modelward.gateway.sockets.opening import Opener
from modelward.gateway.sockets.realtime import opening_question
from modelward.gateway.sockets.relay import carry
from modelward.gateway.sockets.standing import Standing


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
