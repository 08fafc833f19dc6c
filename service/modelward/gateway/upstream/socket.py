"""Sockets to upstreams: opened without redirects, read only as fast as frames are asked for."""

import asyncio
import ssl
from collections.abc import Sequence
from contextlib import suppress
from types import SimpleNamespace, TracebackType
from typing import Self

import aiohttp

from modelward.errors import Broken, Closed, NotReached, TimedOut
from modelward.gateway.exchange import BeforeSending
from modelward.gateway.headers import Header
from modelward.gateway.upstream.client import CONNECT_SECONDS, HeldConnector, held
from modelward.gateway.upstream.withheld import NO_SECRETS, WithheldSecrets

LONGEST_FRAME = 16 * 1024 * 1024
_PING_SECONDS = 60.0
_CLOSE_SECONDS = 1.0
_OPEN_SECONDS = 15.0
_NO_STATUS = 1005

_UNREACHED = (aiohttp.ClientConnectorError, aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, OSError)


class _Redirected(aiohttp.ClientError):
    pass


class UpstreamSocket:
    """An open socket. One task may receive while another sends."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, secrets: WithheldSecrets) -> None:
        self._socket = socket
        self._secrets = secrets

    async def send(self, text: str) -> None:
        """Sends one text frame; waits while the upstream is slow to take it. Raises Closed."""
        try:
            await self._socket.send_str(text)
        except (aiohttp.ClientError, OSError):
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

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self.aclose()


class UpstreamSockets:
    """Opens sockets. No redirect is followed, no cookie kept, no proxy taken from the environment; `tls` is the trust
    of all other calls to upstreams."""

    def __init__(self, tls: ssl.SSLContext, max_connections: int = 10_000) -> None:
        self._tls = tls
        self._max_connections = max_connections
        self._session: aiohttp.ClientSession | None = None

    async def open(
        self, url: str, headers: Sequence[Header], before_sending: BeforeSending, secrets: WithheldSecrets = NO_SECRETS
    ) -> UpstreamSocket:
        """Opens a socket at an http or https address, whose frames repeat none of `secrets`. `before_sending` holds
        once there is a connection, and what it raises passes as it is.

        Raises NotReached, TimedOut, and Broken for any other answer.
        """
        if self._session is None:
            self._session = self._new_session()
        try:
            async with asyncio.timeout(_OPEN_SECONDS):
                with held(before_sending):
                    socket = await self._session.ws_connect(
                        url,
                        headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers],
                        heartbeat=_PING_SECONDS,
                        max_msg_size=LONGEST_FRAME,
                    )
                return UpstreamSocket(socket, secrets)
        except _UNREACHED:
            raise NotReached("the upstream cannot be reached") from None
        except TimeoutError:
            raise TimedOut("the upstream did not open the socket in time") from None
        except (aiohttp.ClientError, ValueError):
            raise Broken("the upstream does not open a socket") from None

    async def aclose(self) -> None:
        """Closes every connection."""
        if self._session is not None:
            await self._session.close()

    def _new_session(self) -> aiohttp.ClientSession:
        trace = aiohttp.TraceConfig()
        trace.on_request_redirect.append(_stop)
        return aiohttp.ClientSession(
            connector=HeldConnector(limit=self._max_connections, ssl=self._tls),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            timeout=aiohttp.ClientTimeout(sock_connect=CONNECT_SECONDS),
            trace_configs=[trace],
        )


async def _stop(_: aiohttp.ClientSession, __: SimpleNamespace, redirect: aiohttp.TraceRequestRedirectParams) -> None:
    redirect.response.close()
    raise _Redirected("the upstream redirects, which is not followed")
