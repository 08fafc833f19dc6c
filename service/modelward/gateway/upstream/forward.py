"""An allowed call goes to a deployment, and its answer to the client, byte for byte."""

from asyncio import CancelledError, Task, TimerHandle, create_task, current_task, get_running_loop
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import cast

from starlette.types import Receive, Send

from modelward.contract import Deployment
from modelward.errors import AnswerCut, Broken, NotReached, TimedOut, Unusable, UpstreamError, Withdrawn
from modelward.gateway.errors import id_headers
from modelward.gateway.exchange import BeforeSending
from modelward.gateway.headers import Header, is_encoded, is_event_stream, to_client
from modelward.gateway.request.body import Content, worked
from modelward.gateway.request.outgoing import Outgoing
from modelward.gateway.routes import UpstreamCall
from modelward.gateway.upstream.balance import Balancer
from modelward.gateway.upstream.client import Upstream
from modelward.gateway.upstream.failures import (
    ENCODED,
    NO_DEPLOYMENT,
    NO_MOCK,
    REDIRECTED,
    Failure,
    FailureKind,
    failure_of,
    kind_of,
    possible_kinds,
)
from modelward.gateway.upstream.mocks import answer
from modelward.gateway.upstream.providers import endpoint, upstream_model
from modelward.gateway.upstream.reply import Reply, joined

# Most answers are there sooner, and a task for each of them would cost more than it saves.
_PATIENCE_SECONDS = 0.02
CLIENT_LEFT = 499
_FALLBACK = b"x-litellm-attempted-fallbacks"
# A stream with one of these has no room for an event of our own.
_NO_ROOM = frozenset({b"content-encoding", b"content-length"})
_LONGEST_WITHHELD = 65_536


FallbackCalls = Mapping[FailureKind, Callable[[], AsyncGenerator["Call", None]]]
"""The calls that may be made in place of one that fails, the first to try first, for each kind of failure that has any.
Each is allowed at the moment it is given, and its `before_sending` raises Withdrawn where it is not any more."""


Binding = Callable[[Reply, "Call"], Awaitable[Reply]]
"""Keeps whose the objects are that an allowed call makes, or deletes, before the client hears of it: gives what may be
sent in place of an answer that is no error, which is the answer itself once that is kept."""


@dataclass(frozen=True, slots=True)
class Call:
    """One allowed call: `outgoing` is written as `content`, for one deployment after another until one answers.

    `before_sending` holds each time something is about to be sent: the call was allowed when it was made, and may have
    waited since (A5). `asked` is the name the client sent, `routed` the one that this call is for (C5, F2), most often
    the same.
    `deployments` are those that may serve this caller (C6, C8); `rename` gives what the account of one of them calls
    another model named. `variables` and `query` fill the address; `headers` are the client's, names in any case;
    `fallback` is its number where it is made in place of one that failed. `binding` is `None` where nothing is made
    that is owned.
    """

    upstream: UpstreamCall
    outgoing: Outgoing
    content: Content
    asked: str
    routed: str
    deployments: Sequence[Deployment]
    rename: Callable[[Deployment, str], str]
    headers: Sequence[Header]
    before_sending: BeforeSending
    decision_id: str
    fallback: int = 0
    fallbacks: FallbackCalls = field(default_factory=dict)
    binding: Binding | None = None
    method: str = "POST"
    variables: Mapping[str, str] = field(default_factory=dict)
    query: Sequence[tuple[str, str]] = ()

    @property
    def answer_headers(self) -> list[Header]:
        """What is added to every answer, names in lower case: the decision's id (E3), and a fallback's number."""
        headers = id_headers(self.decision_id, self.outgoing.route.form)
        return [*headers, (_FALLBACK, b"%d" % self.fallback)] if self.fallback else headers


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the client got: the status (499 if it left first), and the id of the deployment that answered, if any."""

    status: int
    deployment: str | None = None


@dataclass(slots=True)
class ClientWatch:
    """A block that ends when the client leaves, told by `receive`, which is asked from 20 ms on."""

    receive: Receive
    _watch: Task[None] | None = field(init=False, default=None)
    _left: bool = field(init=False, default=False)
    _task: Task[object] = field(init=False)
    _cancelling: int = field(init=False)
    _timer: TimerHandle = field(init=False)

    def __enter__(self) -> None:
        """Begin."""
        self._task = cast(Task[object], current_task())
        self._cancelling = self._task.cancelling()
        self._timer = get_running_loop().call_later(_PATIENCE_SECONDS, self._begin)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        """Whether the block was ended because the client left; a cancellation from elsewhere goes on its way."""
        self._timer.cancel()
        if self._watch is not None:
            self._watch.cancel()
        return self._left and self._task.uncancel() <= self._cancelling and kind is CancelledError

    def _begin(self) -> None:
        self._watch = create_task(self._until_left())

    async def _until_left(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self._left = True
        self._task.cancel()


class Forwarder:
    """Sends calls on. `now` gives seconds since the epoch, for answers made here."""

    def __init__(self, upstream: Upstream, balancer: Balancer, now: Callable[[], float]) -> None:
        self._upstream = upstream
        self._balancer = balancer
        self._now = now

    async def send(self, call: Call, receive: Receive, send: Send) -> Outcome:
        """Answer `call` by `send`; a client that leaves, told by `receive`, ends the upstream's work at once.

        The request's body must have been received: `receive` is asked from 20 ms on. Raises `AnswerCut`, after which
        the server closes the connection.
        """
        with ClientWatch(receive):
            async with aclosing(await self._ask(call)) as reply:
                if call.fallbacks and not possible_kinds(reply.status).isdisjoint(call.fallbacks):
                    return await self._fall_back(call, reply, send)
                return await _tell(call, reply, send)
        return Outcome(CLIENT_LEFT)

    async def _fall_back(self, call: Call, error: Reply, send: Send) -> Outcome:
        """Let one fallback after another try; the client gets the answer of the first, else `error`.

        An error that is too long to be kept is passed on as it comes.
        """
        try:
            body = await error.whole(_LONGEST_WITHHELD)
        except (Broken, TimedOut) as broken:
            error, body = failed(call, failure_of(broken), error.deployment), b""
        kind = None if body is None else kind_of(error.status, body)
        calls = call.fallbacks.get(kind) if kind is not None else None
        if calls is not None:
            async with aclosing(calls()) as others:
                async for other in others:
                    try:
                        reply = await self._ask(other)
                    except Withdrawn:
                        continue
                    async with aclosing(reply):
                        if reply.status < 400:
                            return await _tell(other, reply, send)
        return await _tell(call, error, send)

    async def _ask(self, call: Call) -> Reply:
        """Try one deployment after another until one answers: only a call that reached none is tried again."""
        failure, deployments = NO_DEPLOYMENT, call.deployments
        for deployment in self._balancer.order(deployments) if len(deployments) > 1 else deployments:
            try:
                return await self._reply(call, deployment)
            except NotReached as error:
                self._balancer.failed(deployment)
                failure = failure_of(error)
            except Unusable as error:
                failure = failure_of(error) if failure is NO_DEPLOYMENT else failure
            except (TimedOut, Broken) as error:
                return failed(call, failure_of(error), deployment.id)
        return failed(call, failure)

    async def _reply(self, call: Call, deployment: Deployment) -> Reply:
        if deployment.mock_response is not None:
            await call.before_sending()
            made = answer(
                call.upstream.path, call.outgoing.fields, call.asked, deployment.mock_response, int(self._now())
            )
            if made is None:
                return failed(call, NO_MOCK, deployment.id)
            headers = [(b"content-type", made.content_type), *call.answer_headers]
            return Reply(200, headers, joined(made.chunks), deployment.id)
        model = upstream_model(deployment, call.routed)
        target = endpoint(deployment, model, call.upstream, call.variables, call.query)
        written = await worked(
            call.content.size,
            lambda: call.content.written(call.outgoing.named(model, partial(call.rename, deployment))),
        )
        reply = await self._upstream.send(
            target, written, call.headers, before_sending=call.before_sending, method=call.method
        )
        failure = None
        if 300 <= reply.status < 400:
            failure = REDIRECTED
        elif reply.status >= 400 and is_encoded(reply.headers):
            failure = replace(ENCODED, status=reply.status)
        if failure is not None:
            await reply.aclose()
            return failed(call, failure, deployment.id)
        reply.headers, reply.deployment = to_client(reply.headers, call.answer_headers), deployment.id
        return reply


async def _tell(call: Call, reply: Reply, send: Send) -> Outcome:
    """Send an answer chunk by chunk, byte for byte, once what it makes is bound. Raises `AnswerCut`."""
    if call.binding is not None and reply.status < 300:
        reply = await call.binding(reply, call)
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
    length = dict(reply.headers).get(b"content-length", b"")
    # -1, which no rest ever is, where it does not say how long it is, or is empty
    tail, left = b"", (int(length) or -1) if length.isdigit() else -1
    try:
        async for chunk in reply.chunks:
            left -= len(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": left != 0})
            tail = (tail + chunk[-4:])[-4:]
    except UpstreamError as error:
        last = _last_event(call, reply, tail, failure_of(error))
        await send({"type": "http.response.body", "body": last, "more_body": True})
    if left != 0:
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    return Outcome(reply.status, reply.deployment)


def _last_event(call: Call, reply: Reply, tail: bytes, failure: Failure) -> bytes:
    """What tells the client that a stream of events, whose last bytes are `tail`, broke off; from any other answer,
    raise `AnswerCut`."""
    if not is_event_stream(reply.headers) or not _NO_ROOM.isdisjoint(dict(reply.headers)):
        raise AnswerCut("the upstream broke off in the middle of its answer") from None
    open_event = tail and not tail.endswith((b"\n\n", b"\r\r", b"\r\n\r\n"))
    event = failure.event(call.asked, call.decision_id, call.outgoing.route.form)
    return (b"\n\n" if open_event else b"") + event


def failed(call: Call, failure: Failure, deployment: str | None = None) -> Reply:
    """The reply that tells of `failure` in the client's form, with the decision's id."""
    body = failure.body(call.asked, call.decision_id, call.outgoing.route.form)
    headers = [*failure.headers, (b"content-length", b"%d" % len(body)), *call.answer_headers]
    return Reply(failure.status, headers, joined([body]), deployment)
