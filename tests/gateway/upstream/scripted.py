"""An upstream that does byte for byte what a test says: answers, drips, hangs, cuts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson


@dataclass(frozen=True)
class Asked:
    """One request as it came over the wire; header names are in lower case."""

    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return orjson.loads(self.body)


@dataclass
class Line:
    """The connection of one request, as the script sees it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    closed: asyncio.Event

    async def say(self, data: bytes) -> None:
        """Write, and wait while the other side does not read."""
        self.writer.write(data)
        await self.writer.drain()

    async def chunk(self, data: bytes) -> None:
        """Write one chunk of a chunked body; an empty one ends it."""
        await self.say(b"%x\r\n%b\r\n" % (len(data), data))

    def cut(self) -> None:
        """Reset the connection."""
        self.writer.transport.abort()

    async def until_closed(self) -> None:
        """Read until the other side closes."""
        while await self.reader.read(1024):
            pass
        self.closed.set()


Script = Callable[[Asked, Line], Awaitable[None]]


@dataclass
class Scripted:
    """A running upstream. `closed` is set when a client closed on a script that waits in `until_closed`."""

    port: int = 0
    script: Script | None = None
    asked: list[Asked] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def address(self) -> str:
        """An `api_base` at this upstream."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer every request of one connection by the script."""
        try:
            while asked := await _read(reader):
                self.asked.append(asked)
                self.arrived.set()
                assert self.script is not None
                await self.script(asked, Line(reader, writer, self.closed))
        except ConnectionError:
            self.closed.set()
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
    pairs = [line.split(": ", 1) for line in lines]
    headers = [(name.lower(), value) for name, value in pairs]
    body = await reader.readexactly(int(dict(headers).get("content-length", "0")))
    return Asked(first.split(" ")[1], headers, body)


@asynccontextmanager
async def scripted(script: Script | None = None) -> AsyncIterator[Scripted]:
    """An upstream on a free port."""
    upstream = Scripted(script=script)
    server = await asyncio.start_server(upstream.serve, "127.0.0.1", 0)
    upstream.port = server.sockets[0].getsockname()[1]
    try:
        yield upstream
    finally:
        server.close()


def answers(status: int = 200, body: bytes = b"{}", *headers: bytes) -> Script:
    """A script that answers every request alike; `headers` are raw lines."""

    async def script(asked: Asked, line: Line) -> None:
        lines = [b"HTTP/1.1 %d Said" % status, b"content-length: %d" % len(body), *headers]
        await line.say(b"\r\n".join(lines) + b"\r\n\r\n" + body)

    return script


EVENT_STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
"""The head of a stream of events."""


async def cuts(asked: Asked, line: Line) -> None:
    """A script that resets the connection before it says anything."""
    line.cut()


async def hangs(asked: Asked, line: Line) -> None:
    """A script that never answers."""
    await line.until_closed()
