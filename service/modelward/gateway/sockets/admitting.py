"""Whether a client's frame may travel, and as what."""

from modelward.errors import DecisionUnavailable, Invalid, Refused
from modelward.gateway.calls import renaming
from modelward.gateway.exchange import Exchange
from modelward.gateway.judge import Verdict
from modelward.gateway.providers import Apart
from modelward.gateway.sockets.asking import Allowed, Asker, Question
from modelward.gateway.sockets.client import Client
from modelward.gateway.sockets.ending import Ended
from modelward.gateway.sockets.frames import Frame, joined, read_frame
from modelward.gateway.sockets.opening import Connection
from modelward.gateway.sockets.standing import Standing

_PASSED_ON = 200


class Admission:
    """Reads and judges the frames of one socket."""

    def __init__(self, asker: Asker, socket: Exchange, client: Client, standing: Standing) -> None:
        self._asker = asker
        self._socket = socket
        self._client = client
        self._standing = standing

    async def next(self) -> Frame:
        """The client's next frame. Raises Ended for one that is none, and ClientLeft."""
        socket = self._socket
        try:
            return read_frame(socket.match.route.handler, socket.query, socket.headers, await self._client.receive())
        except Invalid as error:
            raise await self.malformed(error) from error

    async def malformed(self, error: Invalid) -> Ended:
        """The end of a socket over a frame's form: the rules say whether another refusal comes first (A6)."""
        allowed = await self._standing.demand(Question(problem=str(error)))
        return self._asker.refused(allowed.entry, error)

    async def allow(self, frame: Frame, *, asks: bool) -> Allowed | None:
        """A yes for a frame of an open session. With `asks`, or where it names what was not judged, it is judged with
        all that is in force; any other travels under a decision that is younger than a second, and gets `None`.

        Raises Ended.
        """
        before = self._standing.question
        try:
            models = joined(before.models, frame.models)
        except Invalid as error:
            raise await self.malformed(error) from error
        customer = before.customer if frame.customer is None else frame.customer
        if not asks and not frame.differ and (models, customer) == (before.models, before.customer):
            await self._standing.renew()
            return None
        operation = "infer" if models else before.operation
        return await self._standing.demand(Question(models, customer, differ=frame.differ, operation=operation))

    def written(self, frame: Frame, connection: Connection, allowed: Allowed | None) -> str:
        """What travels of a frame: the upstream's names in place of the client's. The line of `allowed` is written.

        Raises Ended where a name has no meaning there.
        """
        try:
            text = _written(frame, connection, allowed.verdict if allowed else self._standing.verdict)
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
