"""The one way out: a request to an upstream, and its answer as it comes in."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import lru_cache
from types import TracebackType
from typing import Self, cast

import aiohttp
import httpx
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from httpx_aiohttp import AiohttpTransport

from modelward.errors import BodyLost, Broken, ModelwardError, NotReached, TimedOut, UpstreamError
from modelward.gateway.exchange import BeforeSending
from modelward.gateway.headers import Header
from modelward.gateway.upstream.withheld import NO_SECRETS, WithheldSecrets


class RequestBody:
    """A body on its way: `patience` is over when the upstream takes nothing for `seconds`, and `before_sending` holds
    before each part of it, and before its end.

    `failure` is the body's own; set `answered` once the answer's head is there, and `patience` is over.
    """

    def __init__(
        self, body: AsyncIterable[bytes], length: int | None, seconds: float, before_sending: BeforeSending
    ) -> None:
        self._body = body
        self.length = length
        self._seconds = seconds
        self._before_sending = before_sending
        self.patience = asyncio.timeout(None)
        self.answered = False
        self.failure: ModelwardError | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        sent = 0
        try:
            async for chunk in self._body:
                sent += len(chunk)
                if self.length is not None and sent > self.length:
                    break
                if chunk:  # an empty one would end a body in chunks
                    await self._before_sending()
                    self._wait_until(asyncio.get_running_loop().time() + self._seconds)
                    yield chunk
            await self._before_sending()
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

    def _wait_until(self, time: float | None) -> None:
        if not self.answered and not self.patience.expired():
            self.patience.reschedule(time)


CONNECT_SECONDS = 5.0
READ_SECONDS = 600.0

# A body longer than this is handed on piece by piece, as the upstream takes it.
_PIECE = 64 * 1024

_OF_A_BODY = frozenset({b"content-type", b"content-length", b"content-encoding"})


_before_sending: ContextVar[BeforeSending] = ContextVar("before_sending")


@contextmanager
def held(before_sending: BeforeSending) -> Iterator[None]:
    """What a `HeldConnector` connects for in the block is held by `before_sending` first."""
    token = _before_sending.set(before_sending)
    try:
        yield
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
        with ExitStack() as held_back:
            held_back.callback(connection.release)
            await before_sending()
            held_back.pop_all()
        return connection


class UpstreamAnswer:
    """An upstream's answer: its head, and a body that is read only as fast as it is asked for. It repeats none of
    `secrets`."""

    def __init__(self, response: httpx.Response, secrets: WithheldSecrets) -> None:
        self.status: int = response.status_code
        self._secrets = secrets.of_status(self.status) if secrets.short else secrets
        self.headers: list[Header] = response.headers.raw
        if self._secrets.forms:
            self.headers = self._secrets.without(self.headers)
        self._stream = cast(httpx.AsyncByteStream, response.stream)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body's bytes as they arrive, undecoded. Raises `TimedOut` and `Broken`."""
        try:
            stream = aiter(self._stream)
            async for chunk in self._secrets.stripped(stream) if self._secrets.forms else stream:
                yield chunk
        except httpx.ReadTimeout:
            raise TimedOut("the upstream fell silent in the middle of its answer") from None
        except (httpx.HTTPError, aiohttp.ClientError, OSError):
            raise Broken("the upstream broke off in the middle of its answer") from None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Give the connection back; one whose answer was not read to its end is closed at once."""
        await self._stream.aclose()


class Upstream:
    """All connections to upstreams. No redirect is followed, no cookie kept, no proxy taken from the environment;
    `SSL_CERT_FILE` and `SSL_CERT_DIR` name the authorities trusted for TLS."""

    def __init__(self, max_connections: int = 1000, connect_seconds: float = CONNECT_SECONDS) -> None:
        self._max_connections = max_connections
        self._connect_seconds = connect_seconds
        self.tls = httpx.create_ssl_context()
        self._transport = AiohttpTransport(verify=self.tls, trust_env=False, client=self._open_session)

    async def send(
        self,
        url: str,
        headers: Sequence[Header],
        body: bytes | AsyncIterable[bytes],
        read_seconds: float | None = None,
        *,
        before_sending: BeforeSending,
        method: str = "POST",
        length: int | None = None,
        secrets: WithheldSecrets = NO_SECRETS,
    ) -> UpstreamAnswer:
        """Send `body`, and return when the answer's head is there; `read_seconds` bounds each silence. The answer
        repeats none of `secrets`.

        A stream of `length` bytes goes out with its length, one of unknown length in chunks; an answer that comes
        before it is whole ends it once that is read. No body, and no word about one, goes with a GET or DELETE.
        `before_sending` holds once there is a connection, before the first byte, and again before each piece of a long
        body; what it raises passes as it is. Raises `NotReached`, `TimedOut` and `Broken`. What a stream raises of its
        own is no fault of the upstream's: a ModelwardError passes as it is, any fault of its files becomes `BodyLost`.
        """
        seconds = READ_SECONDS if read_seconds is None else read_seconds
        with held(before_sending):
            if isinstance(body, bytes) and len(body) <= _PIECE:
                if not body and method in {"GET", "DELETE"}:
                    headers = [(name, value) for name, value in headers if name.lower() not in _OF_A_BODY]
                response = await self._ask(method, url, headers, httpx.ByteStream(body), seconds)
            else:
                pieces = _pieces(body) if isinstance(body, bytes) else body
                known = len(body) if isinstance(body, bytes) else length
                upload = RequestBody(pieces, known, seconds, before_sending)
                response = await self._stream(method, url, headers, upload, seconds)
            return UpstreamAnswer(response, secrets)

    async def _stream(
        self, method: str, url: str, headers: Sequence[Header], upload: RequestBody, seconds: float
    ) -> httpx.Response:
        if upload.length is not None:
            headers = [*headers, (b"content-length", b"%d" % upload.length)]
        try:
            async with upload.patience:
                return await self._ask(method, url, headers, cast(httpx.AsyncByteStream, upload), seconds)
        except TimeoutError:
            raise TimedOut("the upstream did not take the request in time") from None
        except UpstreamError:
            if upload.failure is not None:
                raise upload.failure from None
            raise
        finally:
            upload.answered = True

    async def _ask(
        self, method: str, url: str, headers: Sequence[Header], stream: httpx.AsyncByteStream, seconds: float
    ) -> httpx.Response:
        timeout = {"connect": self._connect_seconds, "pool": self._connect_seconds, "read": seconds}
        try:
            request = httpx.Request(
                method,
                _url(url),
                headers=httpx.Headers(headers, encoding="latin-1"),  # else each request has its encoding guessed
                stream=stream,
                extensions={"timeout": timeout},
            )
            if isinstance(stream, httpx.ByteStream):
                request.read()  # a body at hand is sent with its length, not in chunks
            return await self._transport.handle_async_request(request)
        except httpx.ReadTimeout:
            raise TimedOut("the upstream did not answer in time") from None
        except (httpx.ReadError, httpx.UnsupportedProtocol, httpx.InvalidURL, aiohttp.ClientResponseError):
            raise Broken("the upstream's answer cannot be read") from None
        except (httpx.TransportError, aiohttp.ClientError, OSError) as error:
            if _answer_began(error):
                raise Broken("the upstream broke off in the middle of its answer") from None
            raise NotReached("the upstream cannot be reached") from None

    async def aclose(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    def _open_session(self) -> aiohttp.ClientSession:
        connector = HeldConnector(limit=self._max_connections, ssl=self.tls)
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), _PIECE):
        yield body[start : start + _PIECE]


@lru_cache(maxsize=1024)
def _url(url: str) -> httpx.URL:
    return httpx.URL(url)


def _answer_began(error: BaseException) -> bool:
    """Whether a lost connection had brought part of a head: aiohttp then hands that part on in place of a text."""
    lost = error.__cause__
    return isinstance(lost, aiohttp.ServerDisconnectedError) and not isinstance(lost.message, str)
