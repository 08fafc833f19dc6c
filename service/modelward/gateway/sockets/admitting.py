"""Whether a client's frame may travel, and as what."""

from dataclasses import replace

from modelward.errors import DecisionUnavailable, Invalid, Refused
from modelward.gateway.calls import renaming
from modelward.gateway.exchange import Exchange
from modelward.gateway.judge import Verdict
from modelward.gateway.objects import Held, Objects
from modelward.gateway.providers import Apart
from modelward.gateway.refusing import REFUSING
from modelward.gateway.sockets.asking import Allowed, Asker, Question
from modelward.gateway.sockets.client import Client
from modelward.gateway.sockets.ending import Ended
from modelward.gateway.sockets.frames import Frame, joined, read_frame
from modelward.gateway.sockets.opening import Connection
from modelward.gateway.sockets.standing import Standing

_PASSED_ON = 200


class Admission:
    """Reads and judges the frames of one socket."""

    def __init__(self, asker: Asker, objects: Objects, socket: Exchange, client: Client, standing: Standing) -> None:
        self._asker = asker
        self._objects = objects
        self._socket = socket
        self._client = client
        self._standing = standing

    async def next(self) -> Frame:
        """The client's next frame. Raises Ended for one that is none, and ClientLeft."""
        socket = self._socket
        try:
            text = await self._client.receive()
            model_fields = self._standing.verdict.snapshot.model_fields
            return read_frame(socket.match.route.handler, socket.query, socket.headers, text, model_fields)
        except Invalid as error:
            raise await self.malformed(error) from error

    async def malformed(self, error: Invalid) -> Ended:
        """The end of a socket over a frame's form: the rules say whether another refusal comes first (A6)."""
        allowed = await self._standing.demand(Question(problem=str(error)))
        return self._asker.refused(allowed.entry, error)

    async def allow(self, frame: Frame, connection: Connection, *, asks: bool) -> Allowed | None:
        """A yes for a frame of an open session. With `asks`, or where it names what was not judged or an object, it is
        judged with all that is in force, and its objects are the caller's, where the socket leads; any other travels
        under a decision that is younger than a second, and gets `None`.

        Raises Ended.
        """
        before = self._standing.question
        question = await self._joint(frame, before.models, frame.models)
        if not (asks or frame.ids or frame.differ) and question == before:
            await self._standing.renew()
            return None
        allowed = await self._standing.demand(question)
        held = await self.held(frame, allowed)
        try:
            held.narrow([connection.deployment])
        except Invalid as error:
            raise self._asker.refused(allowed.entry, error) from error
        return allowed

    async def created(self, frame: Frame) -> Allowed:
        """A yes for a frame that is a call of its own: what was asked for before may still run, and is judged again.

        Raises Ended.
        """
        models = (frame.models, self._standing.question.models) if frame.models else ()
        return await self._standing.demand(replace(await self._joint(frame, *models), operation="infer"))

    async def held(self, frame: Frame, allowed: Allowed) -> Held:
        """The objects that a judged frame names, which are the caller's. Raises Ended."""
        try:
            return await self._objects.held(allowed.exchange, allowed.verdict, frame.ids, items=frame.items)
        except REFUSING as error:
            raise self._asker.refused(allowed.entry, error) from error

    async def _joint(self, frame: Frame, *models: list[str]) -> Question:
        """The question about a frame and all that the socket was asked for before it. Raises Ended."""
        before = self._standing.question
        try:
            names = joined(*models)
            if before.customer is not None and frame.customer not in {None, before.customer}:
                raise Invalid("`user` names another customer than earlier frames do; open another socket for it")
        except Invalid as error:
            raise await self.malformed(error) from error
        operation = "infer" if frame.models or names else before.operation
        return Question(names, frame.customer or before.customer, differ=frame.differ, operation=operation)

    async def written(self, frame: Frame, connection: Connection, allowed: Allowed | None) -> str:
        """What travels of a frame, to be sent at once: the upstream's names in place of the client's, under a decision
        that is younger than a second, however long its objects took to be found. The line of `allowed` is written.

        Raises Ended, also where a name has no meaning there.
        """
        await self._standing.renew()
        try:
            text = _written(frame, connection, self._standing.verdict)
        except (DecisionUnavailable, Refused) as error:
            raise self._refused(allowed, error) from error
        if allowed is not None:
            allowed.entry.deployment = connection.deployment.id
            self._asker.note(allowed.entry, _PASSED_ON)
        return text

    def _refused(self, allowed: Allowed | None, error: DecisionUnavailable | Refused) -> Ended:
        return self._asker.refused(allowed.entry, error) if allowed else self._asker.failed(self._socket, error)


def _written(frame: Frame, connection: Connection, verdict: Verdict) -> str:
    try:
        return frame.written(connection.model, renaming(verdict)(connection.deployment))
    except Apart as error:
        raise Invalid(f"{error}; open another socket for it") from None
