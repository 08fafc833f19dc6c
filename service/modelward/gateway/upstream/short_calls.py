"""A call whose body is short and at hand: head and body leave in one write.

aiohttp's session writes every body in a task of its own, and makes a payload, cookies and the address anew for it. None
of that is needed here, and it costs as much as the rest of a call.
"""

import asyncio
from collections.abc import Iterable
from functools import lru_cache

import aiohttp
from aiohttp.helpers import TimerNoop
from aiohttp.http import StreamWriter
from multidict import CIMultiDict
from yarl import URL

LONGEST = 64 * 1024
"""The longest body, in bytes, that is written without waiting until the upstream takes it."""

_NO_TIMER = TimerNoop()


async def post(
    session: aiohttp.ClientSession,
    url: str,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - of the library's own kind
) -> aiohttp.ClientResponse:
    """The answer to `body`, of at most `LONGEST` bytes, once its head is there; by a connection of the session's.

    Nothing is followed or decompressed. Raises aiohttp.ClientError and OSError, and what the connector raises.
    """
    loop, connector = asyncio.get_running_loop(), session.connector
    if connector is None:
        raise aiohttp.ClientConnectionError("the session is closed")
    request = _request(url, loop)
    connection = await connector.connect(request, [], timeout)
    try:
        protocol = connection.protocol
        if protocol is None:
            raise aiohttp.ServerDisconnectedError
        protocol.set_response_params(
            timer=_NO_TIMER, read_until_eof=True, auto_decompress=False, read_timeout=timeout.sock_read
        )
        protocol.start_timeout()
        writer = StreamWriter(protocol, loop)
        sent = CIMultiDict([("host", request.headers["host"]), *headers, ("content-length", str(len(body)))])
        sent.setdefault("accept", "*/*")
        await writer.write_headers(f"POST {request.url.raw_path_qs} HTTP/1.1", sent)
        await writer.write(body, drain=False)
        response = _response(request, session, loop, writer)
    except BaseException:
        connection.close()
        raise
    try:
        return await response.start(connection)
    except BaseException:
        response.close()
        raise


def _response(
    request: aiohttp.ClientRequest,
    session: aiohttp.ClientSession,
    loop: asyncio.AbstractEventLoop,
    writer: StreamWriter,
) -> aiohttp.ClientResponse:
    return aiohttp.ClientResponse(
        "POST",
        request.url,
        writer=None,
        continue100=None,
        timer=_NO_TIMER,
        request_info=request.request_info,
        traces=[],
        loop=loop,
        session=session,
        stream_writer=writer,
    )


@lru_cache(maxsize=1024)
def _request(url: str, loop: asyncio.AbstractEventLoop) -> aiohttp.ClientRequest:
    """What a connector is asked with, the same for all calls of an address."""
    return aiohttp.ClientRequest("POST", URL(url), loop=loop)
