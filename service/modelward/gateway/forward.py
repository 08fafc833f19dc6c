"""An allowed call goes to a deployment, and its answer to the client, byte for byte."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.types import Receive, Send

from modelward.contract import Deployment
from modelward.gateway import mock
from modelward.gateway.balance import Balancer
from modelward.gateway.disconnect import UntilClientLeaves
from modelward.gateway.failures import BROKEN, NO_DEPLOYMENT, REDIRECTED, SILENT, UNREACHABLE, UNUSABLE, Failure
from modelward.gateway.headers import Header, to_client, to_upstream
from modelward.gateway.providers import Unusable, UpstreamOperation, endpoint
from modelward.gateway.upstream import Answer, Broken, NotReached, TimedOut, Upstream, UpstreamError
from modelward.gateway.wildcard import upstream_model

CLIENT_LEFT = 499


class AnswerCut(UpstreamError):
    """Half an answer was passed on: the server must close the connection, so that no client takes it for whole."""


@dataclass(frozen=True, slots=True)
class Call:
    """One allowed call. `body` is sent as it stands, except `model`.

    `asked` is the name the client sent, `routed` the one it stands for where it is an alias (C5), else the same.
    `deployments` are those that may serve this caller (C6, C8); `headers` the client's, names in any case;
    `answer_headers` are added to whatever is answered, names in lower case.
    """

    operation: UpstreamOperation
    body: dict[str, Any]
    asked: str
    routed: str
    deployments: Sequence[Deployment]
    headers: Sequence[Header]
    answer_headers: Sequence[Header] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the client got: the status (499 if it left first), and the id of the deployment that answered, if any."""

    status: int
    deployment: str | None = None


class Forwarder:
    """Sends calls on. `now` gives seconds since the epoch, for answers made here."""

    def __init__(self, upstream: Upstream, balancer: Balancer, now: Callable[[], float]) -> None:
        self._upstream = upstream
        self._balancer = balancer
        self._now = now

    async def send(self, call: Call, receive: Receive, send: Send) -> Outcome:
        """Answer `call` by `send`; a client that leaves, told by `receive`, ends the upstream's work at once.

        Raises `AnswerCut`, after which the server closes the connection.
        """
        async with UntilClientLeaves(receive):
            return await self._answer(call, send)
        return Outcome(CLIENT_LEFT)

    async def _answer(self, call: Call, send: Send) -> Outcome:
        """Try one deployment after another until one answers: only a call that reached none is tried again."""
        failure = NO_DEPLOYMENT
        for deployment in self._balancer.order(call.deployments):
            if deployment.mock_response is not None:
                return await self._mock(call, deployment, deployment.mock_response, send)
            try:
                answer = await self._ask(call, deployment)
            except NotReached:
                self._balancer.failed(deployment)
                failure = UNREACHABLE
            except Unusable:
                failure = UNUSABLE if failure is NO_DEPLOYMENT else failure
            except TimedOut:
                return await _fail(call, SILENT, send, deployment)
            except Broken:
                return await _fail(call, BROKEN, send, deployment)
            else:
                return await _pass_on(call, deployment, answer, send)
        return await _fail(call, failure, send)

    async def _ask(self, call: Call, deployment: Deployment) -> Answer:
        model = upstream_model(deployment, call.routed)
        target = endpoint(deployment, model, call.operation)
        body = orjson.dumps(call.body | {"model": model})
        return await self._upstream.send(
            target.url, to_upstream(call.headers, target.credential), body, deployment.timeout
        )

    async def _mock(self, call: Call, deployment: Deployment, text: str, send: Send) -> Outcome:
        made = mock.answer(call.operation, call.body, call.asked, text, int(self._now()))
        await _start(send, 200, [(b"content-type", made.content_type), *call.answer_headers])
        for chunk in made.chunks:
            await _more(send, chunk)
        await _end(send)
        return Outcome(200, deployment.id)


async def _pass_on(call: Call, deployment: Deployment, answer: Answer, send: Send) -> Outcome:
    async with answer:
        if 300 <= answer.status < 400:
            return await _fail(call, REDIRECTED, send, deployment)
        headers = to_client(answer.headers, call.answer_headers)
        await _start(send, answer.status, headers)
        tail, left = b"", _length(headers)
        try:
            async for chunk in answer.chunks():
                left -= len(chunk)
                await _more(send, chunk, ended=left == 0)
                tail = (tail + chunk[-4:])[-4:]
        except (Broken, TimedOut) as error:
            await _break_off(call, BROKEN if isinstance(error, Broken) else SILENT, headers, tail, send)
        if left != 0:
            await _end(send)
    return Outcome(answer.status, deployment.id)


def _length(headers: Sequence[Header]) -> int:
    """The bytes of an answer that says how long it is; -1, which no rest ever is, of one that does not or is empty."""
    said = dict(headers).get(b"content-length", b"")
    return (int(said) or -1) if said.isdigit() else -1


async def _break_off(call: Call, failure: Failure, headers: Sequence[Header], tail: bytes, send: Send) -> None:
    """Tell the client of an event stream by an event; from any other answer, raise `AnswerCut`."""
    names = dict(headers)
    is_event_stream = names.get(b"content-type", b"").lower().startswith(b"text/event-stream")
    if not is_event_stream or b"content-length" in names or b"content-encoding" in names:
        raise AnswerCut("the upstream broke off in the middle of its answer") from None
    open_event = tail and not tail.endswith((b"\n\n", b"\r\r", b"\r\n\r\n"))
    await _more(send, (b"\n\n" if open_event else b"") + failure.event(call.asked))


async def _fail(call: Call, failure: Failure, send: Send, deployment: Deployment | None = None) -> Outcome:
    body = failure.body(call.asked)
    length = (b"content-length", b"%d" % len(body))
    await _start(send, failure.status, [*failure.headers, length, *call.answer_headers])
    await _more(send, body)
    await _end(send)
    return Outcome(failure.status, deployment.id if deployment else None)


async def _start(send: Send, status: int, headers: Sequence[Header]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _more(send: Send, chunk: bytes, *, ended: bool = False) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": not ended})


async def _end(send: Send) -> None:
    await send({"type": "http.response.body", "body": b"", "more_body": False})
