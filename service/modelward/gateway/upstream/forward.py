"""An allowed call goes to a deployment, and its answer to the client, byte for byte."""

from asyncio import CancelledError, Task, TimerHandle, create_task, current_task, get_running_loop
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol, Self

from starlette.types import Receive, Send

from modelward.contract import Deployment
from modelward.errors import Broken, NotReached, TimedOut, Unusable, Withdrawn
from modelward.gateway.exchange import BeforeSending
from modelward.gateway.headers import Header, is_encoded, to_client, to_upstream
from modelward.gateway.request.body import Content, worked
from modelward.gateway.request.outgoing import Outgoing
from modelward.gateway.routes import UpstreamCall
from modelward.gateway.upstream.balance import Balancer
from modelward.gateway.upstream.client import Upstream
from modelward.gateway.upstream.failures import (
    BROKEN,
    ENCODED,
    NO_DEPLOYMENT,
    NO_MOCK,
    REDIRECTED,
    SILENT,
    UNREACHABLE,
    Failure,
    FailureKind,
    failure_of,
    kind_of,
    possible_kinds,
)
from modelward.gateway.upstream.mocks import answer
from modelward.gateway.upstream.providers import endpoint, upstream_model
from modelward.gateway.upstream.reply import Passing, Ready, Reply, failed

# Most answers are there sooner, and a task for each of them would cost more than it saves.
_PATIENCE_SECONDS = 0.02


@dataclass(slots=True)
class UntilClientLeaves:
    """Runs the block until `http.disconnect` comes: then the block is cancelled, and ends without an error.

    The request's body must have been received. A cancellation from elsewhere goes on its way. `receive` is asked from
    20 ms on.
    """

    receive: Receive
    _watch: Task[None] | None = field(init=False, default=None)
    _work: Task[Any] = field(init=False)
    _timer: TimerHandle = field(init=False)

    async def __aenter__(self) -> Self:
        work = current_task()
        if work is None:
            raise RuntimeError("a client is watched from within a task only")
        self._work = work
        self._timer = get_running_loop().call_later(_PATIENCE_SECONDS, self._start)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        self._timer.cancel()
        watch = self._watch
        if watch is None:
            return False
        came = _is_done(watch)
        watch.cancel()
        return came and kind is CancelledError and self._work.uncancel() == 0

    def _start(self) -> None:
        self._watch = create_task(_cancel_on_disconnect(self.receive, self._work))


async def _cancel_on_disconnect(receive: Receive, work: Task[Any]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    work.cancel()


def _is_done(watch: Task[None]) -> bool:
    return watch.done() and not watch.cancelled() and watch.exception() is None


CLIENT_LEFT = 499
LONGEST_WITHHELD = 65_536


@dataclass(frozen=True, slots=True)
class FallbackCalls:
    """The calls that may be made in a failed one's place. `kinds` are the kinds of failure that have any; `calls` gives
    those for a kind, the first to try first. Each is allowed at the moment it is given, and its `before_sending` raises
    Withdrawn where it is not any more."""

    kinds: frozenset[FailureKind]
    calls: Callable[[FailureKind], AsyncGenerator["Call", None]]


class Binding(Protocol):
    """Keeps whose the objects are that an allowed call makes, or deletes, before the client hears of it."""

    async def bound(self, reply: Reply, call: "Call") -> Reply:
        """What may be sent in place of `reply`, an answer that is no error: itself once that is kept."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """One allowed call: `outgoing` is written as `content`, for one deployment after another until one answers.

    `before_sending` holds each time something is about to be sent: the call was allowed when it was made, and may have
    waited since (A5). `asked` is the name the client sent, `routed` the one that this call is for (C5, F2), most often
    the same.
    `deployments` are those that may serve this caller (C6, C8); `rename` gives what the account of one of them calls
    another model named. `variables` and `query` fill the address; `headers` are the client's, names in any case;
    `answer_headers` are added to every answer, in lower case. `binding` is `None` where nothing is made that is owned.
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
    answer_headers: Sequence[Header] = ()
    fallbacks: FallbackCalls | None = None
    binding: Binding | None = None
    method: str = "POST"
    variables: Mapping[str, str] = field(default_factory=dict)
    query: Sequence[tuple[str, str]] = ()


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
        async with await self._ask(call) as first:
            fallbacks = call.fallbacks
            if fallbacks is None or fallbacks.kinds.isdisjoint(possible_kinds(first.status)):
                return await _tell(call, first, send)
            error = await _withheld(call, first)
            if error is None:
                return await _tell(call, first, send)
        kind = kind_of(error.status, b"".join(error.chunks))
        if kind in fallbacks.kinds and (answered := await self._fall_back(fallbacks, kind, send)):
            return answered
        return await _tell(call, error, send)

    async def _fall_back(self, fallbacks: FallbackCalls, kind: FailureKind, send: Send) -> Outcome | None:
        """Let one fallback after another try; `None` if none answers, and the client knows nothing yet."""
        async with aclosing(fallbacks.calls(kind)) as calls:
            async for call in calls:
                try:
                    reply = await self._ask(call)
                except Withdrawn:
                    continue
                async with reply:
                    if reply.status < 400:
                        return await _tell(call, reply, send)
        return None

    async def _ask(self, call: Call) -> Reply:
        """Try one deployment after another until one answers: only a call that reached none is tried again."""
        failure, deployments = NO_DEPLOYMENT, call.deployments
        for deployment in self._balancer.order(deployments) if len(deployments) > 1 else deployments:
            if deployment.mock_response is not None:
                await call.before_sending()
                return self._mock(call, deployment, deployment.mock_response)
            try:
                return await self._reply(call, deployment)
            except NotReached:
                self._balancer.failed(deployment)
                failure = UNREACHABLE
            except Unusable as error:
                failure = failure_of(error) if failure is NO_DEPLOYMENT else failure
            except TimedOut:
                return _failed(call, SILENT, deployment.id)
            except Broken:
                return _failed(call, BROKEN, deployment.id)
        return _failed(call, failure)

    async def _reply(self, call: Call, deployment: Deployment) -> Reply:
        model = upstream_model(deployment, call.routed)
        target = endpoint(deployment, model, call.upstream, call.variables, call.query)
        written = await worked(
            call.content.size,
            lambda: call.content.written(call.outgoing.named(model, partial(call.rename, deployment))),
        )
        answer = await self._upstream.send(
            target.url,
            to_upstream(call.headers, target.credential, written.content_type, target.defaults),
            written.body,
            deployment.timeout,
            before_sending=call.before_sending,
            method=call.method,
            length=written.length,
            secrets=target.secrets,
        )
        failure = None
        if 300 <= answer.status < 400:
            failure = REDIRECTED
        elif answer.status >= 400 and is_encoded(answer.headers):
            failure = replace(ENCODED, status=answer.status)
        if failure is not None:
            async with answer:
                return _failed(call, failure, deployment.id)
        headers = to_client(answer.headers, call.answer_headers)
        return Passing(answer.status, headers, deployment.id, call.asked, answer, call.outgoing.route.form)

    def _mock(self, call: Call, deployment: Deployment, text: str) -> Ready:
        made = answer(call.upstream.path, call.outgoing.fields, call.asked, text, int(self._now()))
        if made is None:
            return _failed(call, NO_MOCK, deployment.id)
        return Ready(200, [(b"content-type", made.content_type), *call.answer_headers], made.chunks, deployment.id)


async def _withheld(call: Call, reply: Reply) -> Ready | None:
    """The whole of an error; `None` if it is too long, and is to be passed on as it comes."""
    try:
        return await reply.withhold(LONGEST_WITHHELD)
    except (Broken, TimedOut) as error:
        return _failed(call, BROKEN if isinstance(error, Broken) else SILENT, reply.deployment)


def _failed(call: Call, failure: Failure, deployment: str | None = None) -> Ready:
    return failed(failure, call.asked, call.answer_headers, deployment, call.outgoing.route.form)


async def _tell(call: Call, reply: Reply, send: Send) -> Outcome:
    if call.binding is not None and reply.status < 300:
        reply = await call.binding.bound(reply, call)
    await reply.tell(send)
    return Outcome(reply.status, reply.deployment)
