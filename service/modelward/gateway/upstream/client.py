"""The one way out: requests and sockets to upstreams, and their answers as they come in."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Iterable
from contextlib import nullcontext, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from types import SimpleNamespace
from typing import TypeVar

import aiohttp
import httpx
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from modelward.errors import BodyLost, Broken, Closed, ModelwardError, NotReached, TimedOut, UpstreamError
from modelward.gateway.exchange import BeforeSending
from modelward.gateway.headers import Header, to_upstream
from modelward.gateway.request.body import Written
from modelward.gateway.upstream import short_calls
from modelward.gateway.upstream.providers import Endpoint
from modelward.gateway.upstream.reply import Reply
from modelward.gateway.upstream.withheld import WithheldSecrets

_READ_SECONDS = 600.0
_MOST_SOCKETS = 10_000
_LONGEST_FRAME = 16 * 1024 * 1024
_OPEN_SECONDS = 15.0
_PING_SECONDS = 60.0
_CLOSE_SECONDS = 1.0

# A longer body is handed on piece by piece, as the upstream takes it.
_PIECE = short_calls.LONGEST
_READ = 16 * 1024

_LOST = (aiohttp.ClientError, OSError)
_UNREADABLE = (aiohttp.ClientPayloadError, aiohttp.ClientResponseError, aiohttp.InvalidURL)
_NO_CONNECTION = (aiohttp.ClientConnectorError, aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, OSError)

_Result = TypeVar("_Result")

_before_sending: ContextVar[BeforeSending] = ContextVar("before_sending")


async def held(before_sending: BeforeSending, sending: Awaitable[_Result]) -> _Result:
    """What `sending` gives, for which a `HeldConnector` connects; each connection is held by `before_sending` first."""
    token = _before_sending.set(before_sending)
    try:
        return await sending
    finally:
        _before_sending.reset(token)


class HeldConnector(aiohttp.TCPConnector):
    """Holds each request once there is a connection for it: it may have waited for one of a full pool, for a name, for
    an upstream that was slow to accept, and nothing of it is written yet. Outside of `held` there is no connection."""

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - the library's own name
    ) -> Connection:
        """See `aiohttp.BaseConnector`. Raises what holds the request back."""
        before_sending = _before_sending.get()
        connection = await super().connect(req, traces, timeout)
        try:
            await before_sending()
        except BaseException:
            connection.release()
            raise
        return connection


@dataclass(slots=True)
class RequestBody:
    """A body on its way: `patience` is over when the upstream takes nothing for `seconds`, and `before_sending` holds
    before each part of it, and before its end.

    Set `answered` once the answer's head is there, and `patience` is over.
    """

    body: AsyncIterable[bytes]
    length: int | None
    seconds: float
    before_sending: BeforeSending
    patience: asyncio.Timeout = field(default_factory=partial(asyncio.timeout, None))
    answered: bool = False
    failure: ModelwardError | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        sent = 0
        try:
            async for chunk in self.body:
                sent += len(chunk)
                if self.length is not None and sent > self.length:
                    break
                if chunk:  # an empty one would end a body in chunks
                    await self.before_sending()
                    self._wait_until(asyncio.get_running_loop().time() + self.seconds)
                    yield chunk
            await self.before_sending()
        except ModelwardError as error:
            self.failure = error
            raise
        except (OSError, ValueError) as error:  # the second is for a file that was closed too soon
            self.failure = BodyLost("the request's files cannot be read just now; send it again later")
            raise self.failure from error
        if self.length not in {None, sent}:
            self.failure = BodyLost("the request's files are not as long as they were; send it again")
            raise self.failure
        self._wait_until(None)  # from here on the answer's own silence counts

    def error(self) -> ModelwardError | None:
        """Why it did not go out, where that is no fault of the connection's."""
        if self.patience.expired():
            return TimedOut("the upstream did not take the request in time")
        return self.failure

    def _wait_until(self, time: float | None) -> None:
        if not self.answered and not self.patience.expired():
            self.patience.reschedule(time)


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), _PIECE):
        yield body[start : start + _PIECE]


class UpstreamSocket:
    """An open socket. One task may receive while another sends."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, secrets: WithheldSecrets) -> None:
        self._socket = socket
        self._secrets = secrets

    async def send(self, text: str) -> None:
        """Sends one text frame; waits while the upstream is slow to take it. Raises Closed."""
        try:
            await self._socket.send_str(text)
        except _LOST:
            raise Closed(1006) from None

    async def receive(self) -> str | bytes:
        """The next frame as it came but for the secrets, a text or bytes. Raises Closed."""
        message = await self._socket.receive()
        if message.type is aiohttp.WSMsgType.TEXT:
            return self._secrets.hidden(message.data.encode()).decode()
        if message.type is aiohttp.WSMsgType.BINARY:
            return self._secrets.hidden(message.data)
        code = self._socket.close_code
        raise Closed(1006 if code is None or message.type is aiohttp.WSMsgType.ERROR else code)

    async def aclose(self) -> None:
        """Says goodbye, and waits a second for the upstream to take it and say its own."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._socket.close()


class Upstream:
    """All connections to upstreams. No redirect is followed, no cookie kept, no proxy taken from the environment;
    `SSL_CERT_FILE` and `SSL_CERT_DIR` name the authorities trusted for TLS.

    `before_sending` holds once there is a connection, before the first byte; what it raises passes as it is.
    """

    def __init__(self, max_connections: int = 1000, connect_seconds: float = 5.0) -> None:
        self._max_connections = max_connections
        self._connect_seconds = connect_seconds
        self._tls = httpx.create_ssl_context()
        self._sessions: list[aiohttp.ClientSession] = []

    async def send(
        self,
        target: Endpoint,
        written: Written,
        headers: Iterable[Header] = (),
        *,
        before_sending: BeforeSending,
        method: str = "POST",
    ) -> Reply:
        """Send what is `written`, and return when the answer's head is there; each silence is bounded by the time of
        `target`. `headers` are the client's; the answer repeats no secret, and its headers are still the upstream's.
        An answer that comes before a stream is whole ends it once that is read. `before_sending` holds again before
        each piece of a long body. Raises `NotReached`, `TimedOut` and `Broken`. What a stream raises of its own is no
        fault of the upstream's: a ModelwardError passes as it is, any fault of its files becomes `BodyLost`.
        """
        seconds = _READ_SECONDS if target.timeout is None else target.timeout
        sent = to_upstream(headers, target.credential, written.content_type, target.defaults)
        upload = _upload(written, seconds, before_sending)
        if upload is not None and upload.length is not None:
            sent.append(("content-length", str(upload.length)))
        timeout = _timeout(self._connect_seconds, seconds)
        asking: Awaitable[aiohttp.ClientResponse]
        if method == "POST" and isinstance(written.body, bytes) and 0 < len(written.body) <= short_calls.LONGEST:
            asking = short_calls.post(self._calls, target.url, sent, written.body, timeout)
        else:
            body = upload or written.body or None
            asking = self._calls.request(
                method, target.url, headers=sent, data=body, allow_redirects=False, timeout=timeout
            )
        try:
            async with upload.patience if upload is not None else nullcontext():
                response = await held(before_sending, asking)
        except _LOST as error:
            raise (upload and upload.error()) or _unanswered(error) from None
        finally:
            if upload is not None:
                upload.answered = True
        secrets = target.secrets.of_status(response.status)
        headers = secrets.without(response.raw_headers)
        return Reply(response.status, headers, _chunks(response, secrets), connection=response)

    async def open(
        self, target: Endpoint, headers: Iterable[Header] = (), *, before_sending: BeforeSending
    ) -> UpstreamSocket:
        """Open a socket at an http or https address, whose frames repeat no secret; `headers` are the client's.

        Raises `NotReached`, also where it is not open in time, and `Broken` for any other answer.
        """
        try:
            async with asyncio.timeout(_OPEN_SECONDS):
                opening = self._sockets.ws_connect(
                    target.url,
                    headers=to_upstream(headers, target.credential, b"", target.defaults),
                    heartbeat=_PING_SECONDS,
                    max_msg_size=_LONGEST_FRAME,
                )
                return UpstreamSocket(await held(before_sending, opening), target.secrets)
        except _NO_CONNECTION:
            raise NotReached("the upstream cannot be reached") from None
        except (aiohttp.ClientError, ValueError):
            raise Broken("the upstream does not open a socket") from None

    async def aclose(self) -> None:
        """Close every connection."""
        for session in self._sessions:
            await session.close()

    @cached_property
    def _calls(self) -> aiohttp.ClientSession:
        return self._session(self._max_connections)

    @cached_property
    def _sockets(self) -> aiohttp.ClientSession:
        trace = aiohttp.TraceConfig()
        trace.on_request_redirect.append(_stop)
        return self._session(_MOST_SOCKETS, trace)

    def _session(self, limit: int, *traces: aiohttp.TraceConfig) -> aiohttp.ClientSession:
        session = aiohttp.ClientSession(
            connector=HeldConnector(limit=limit, ssl=self._tls),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(sock_connect=self._connect_seconds),
            trace_configs=list(traces),
        )
        self._sessions.append(session)
        return session


@lru_cache
def _timeout(connect: float, silence: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(connect=connect, sock_connect=connect, sock_read=silence)


def _upload(written: Written, seconds: float, before_sending: BeforeSending) -> RequestBody | None:
    """What streams a body; `None` for one that is short and at hand."""
    if not isinstance(written.body, bytes):
        return RequestBody(written.body, written.length, seconds, before_sending)
    if len(written.body) > _PIECE:
        return RequestBody(_pieces(written.body), len(written.body), seconds, before_sending)
    return None


def _unanswered(error: BaseException) -> UpstreamError:
    if isinstance(error, aiohttp.SocketTimeoutError):
        return TimedOut("the upstream did not answer in time")
    if isinstance(error, _UNREADABLE):
        return Broken("the upstream's answer cannot be read")
    # A lost connection that had brought part of a head: aiohttp hands that part on in place of a text.
    if isinstance(error, aiohttp.ServerDisconnectedError) and not isinstance(error.message, str):
        return Broken("the upstream broke off in the middle of its answer")
    return NotReached("the upstream cannot be reached")


async def _chunks(response: aiohttp.ClientResponse, secrets: WithheldSecrets) -> AsyncIterator[bytes]:
    """The bytes of a body as they arrive, undecoded and without the secrets. Raises `TimedOut` and `Broken`."""
    kept = b""
    try:
        while chunk := await response.content.read(_READ):
            ready, kept = secrets.split(kept + chunk)
            if ready:
                yield ready
    except aiohttp.SocketTimeoutError:
        raise TimedOut("the upstream fell silent in the middle of its answer") from None
    except _LOST:
        raise Broken("the upstream broke off in the middle of its answer") from None
    if kept:
        yield kept


async def _stop(_: aiohttp.ClientSession, __: SimpleNamespace, redirect: aiohttp.TraceRequestRedirectParams) -> None:
    redirect.response.close()
    raise aiohttp.ClientError("the upstream redirects, which is not followed")
