"""A request may wait long for its connection, and a long body for its upstream: it is held before each byte (A5)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest

from gateway.upstream.scripted import Asked, Line, Scripted, answers
from gateway.upstream.serving import nothing
from modelward.errors import NotReached, Refused
from modelward.gateway.request.body import Written
from modelward.gateway.upstream.client import HeldConnector, Upstream
from modelward.gateway.upstream.providers import Endpoint
from modelward.gateway.upstream.reply import Reply

LONG = b"x" * (16 * 1024 * 1024)
JSON = Written(b"application/json", b"{}")
NO = Refused("this key is unknown", status=401)


@dataclass
class Gate:
    """What holds a request: it waits for `decided`, then raises `no`, if there is any."""

    no: Exception | None = None
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    decided: asyncio.Event = field(default_factory=asyncio.Event)
    times: int = 0

    async def hold(self) -> None:
        self.times += 1
        self.asked.set()
        await self.decided.wait()
        if self.no is not None:
            raise self.no


@dataclass
class Silent:
    """An upstream that says nothing; `received` is all that it was sent, as far as it `reads`."""

    port: int = 0
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    reads: asyncio.Event = field(default_factory=asyncio.Event)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    received: bytearray = field(default_factory=bytearray)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connected.set()
        await self.reads.wait()
        try:
            while part := await reader.read(65536):
                self.received += part
        except ConnectionError:
            pass
        self.closed.set()
        writer.close()


@asynccontextmanager
async def silent() -> AsyncIterator[Silent]:
    """The upstream, on a free port."""
    made = Silent()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        made.reads.set()
        server.close()


@pytest.fixture
async def way_out() -> AsyncIterator[Upstream]:
    """The gateway's own client, with one connection for all."""
    running = Upstream(max_connections=1)
    yield running
    await running.aclose()


async def test_a_request_is_held_once_there_is_a_connection_and_nothing_of_it_is_sent() -> None:
    way_out, gate = Upstream(), Gate(NO)
    async with silent() as upstream:
        upstream.reads.set()
        sending = asyncio.create_task(way_out.send(Endpoint(upstream.address), JSON, before_sending=gate.hold))
        await gate.asked.wait()
        await upstream.connected.wait()
        gate.decided.set()
        with pytest.raises(Refused, match="unknown"):
            await sending
        await way_out.aclose()
        await upstream.closed.wait()
        assert upstream.received == b""


async def test_a_request_that_waits_for_a_pooled_connection_is_held_when_it_has_one(
    way_out: Upstream, upstream: Scripted
) -> None:
    answer, goes_on = asyncio.Event(), answers()

    async def slow(asked: Asked, line: Line) -> None:
        await answer.wait()
        await goes_on(asked, line)

    upstream.script = slow
    first = asyncio.create_task(
        way_out.send(Endpoint(upstream.address), Written(b"application/json", b'{"n": 1}'), before_sending=nothing)
    )
    await upstream.arrived.wait()
    gate = Gate(NO)
    second = asyncio.create_task(
        way_out.send(Endpoint(upstream.address), Written(b"application/json", b'{"n": 2}'), before_sending=gate.hold)
    )
    await asyncio.sleep(0)
    assert not gate.asked.is_set()
    answer.set()
    await _read(await first)
    await gate.asked.wait()
    gate.decided.set()
    with pytest.raises(Refused, match="unknown"):
        await second
    assert [asked.json() for asked in upstream.asked] == [{"n": 1}]


async def test_a_connection_that_was_not_used_serves_the_next(way_out: Upstream, upstream: Scripted) -> None:
    gate = Gate(NO)
    gate.decided.set()
    for _ in range(3):
        with pytest.raises(Refused):
            await way_out.send(Endpoint(upstream.address), JSON, before_sending=gate.hold)
    await _read(await way_out.send(Endpoint(upstream.address), JSON, before_sending=nothing))
    assert len(upstream.asked) == 1


async def test_a_client_that_leaves_while_it_is_held_gives_the_connection_back(
    way_out: Upstream, upstream: Scripted
) -> None:
    gate = Gate()
    sending = asyncio.create_task(way_out.send(Endpoint(upstream.address), JSON, before_sending=gate.hold))
    await gate.asked.wait()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    await _read(await way_out.send(Endpoint(upstream.address), JSON, before_sending=nothing))
    assert len(upstream.asked) == 1


@pytest.mark.parametrize("body", ["at hand", "streamed"])
async def test_a_long_body_is_cut_off_where_it_is_held(body: str) -> None:
    way_out, gate = Upstream(), Gate()
    gate.decided.set()

    async def parts() -> AsyncIterator[bytes]:
        for start in range(0, len(LONG), 65536):
            yield LONG[start : start + 65536]

    sent, length = (LONG, None) if body == "at hand" else (parts(), len(LONG))
    async with silent() as upstream:
        written = Written(b"text/plain", sent, length)
        sending = asyncio.create_task(way_out.send(Endpoint(upstream.address), written, before_sending=gate.hold))
        await _is_stuck(gate)
        gate.no = NO
        upstream.reads.set()
        with pytest.raises(Refused, match="unknown"):
            await sending
        await way_out.aclose()
        await upstream.closed.wait()
        assert 0 < len(upstream.received) < len(LONG)


async def test_the_end_of_a_body_in_chunks_is_held_too(way_out: Upstream, upstream: Scripted) -> None:
    gate = Gate()
    gate.decided.set()

    async def parts() -> AsyncIterator[bytes]:
        yield b"all of it"
        gate.no = NO

    with pytest.raises(Refused, match="unknown"):
        await way_out.send(Endpoint(upstream.address), Written(b"text/plain", parts()), before_sending=gate.hold)
    assert gate.times == 3


async def test_a_long_body_arrives_whole(way_out: Upstream, upstream: Scripted) -> None:
    await _read(await way_out.send(Endpoint(upstream.address), Written(b"text/plain", LONG), before_sending=nothing))
    assert upstream.asked[0].body == LONG


async def test_a_socket_is_held_once_there_is_a_connection_and_nothing_of_it_is_sent() -> None:
    way_out, gate = Upstream(), Gate(NO)
    async with silent() as upstream:
        upstream.reads.set()
        opening = asyncio.create_task(way_out.open(Endpoint(upstream.address), before_sending=gate.hold))
        await gate.asked.wait()
        gate.decided.set()
        with pytest.raises(Refused, match="unknown"):
            await opening
        await way_out.aclose()
        await upstream.closed.wait()
        assert upstream.received == b""


async def test_a_connection_that_nobody_holds_is_never_made(upstream: Scripted) -> None:
    async with aiohttp.ClientSession(connector=HeldConnector()) as session:
        with pytest.raises(LookupError):
            await session.get(upstream.address)
    assert not upstream.asked


async def test_a_failure_to_connect_is_none_to_hold(way_out: Upstream) -> None:
    gate = Gate(NO)
    with pytest.raises(NotReached):
        await way_out.send(Endpoint("http://127.0.0.1:1/v1"), JSON, before_sending=gate.hold)
    assert gate.times == 0


async def _is_stuck(gate: Gate) -> None:
    """Return when no more of a body is asked for: all buffers on the way are full."""
    seen = -1
    while gate.times != seen:
        seen = gate.times
        await asyncio.sleep(0.3)


async def _read(answer: Reply) -> None:
    async with aclosing(answer):
        assert [chunk async for chunk in answer.chunks] == [b"{}"]
