"""Streams: chunk by chunk, no faster than the client reads, and no longer than it stays."""

import asyncio

import httpx
import pytest

from gateway.upstream.scripted import EVENT_STREAM, Asked, Line, Script, Scripted, hangs
from gateway.upstream.serving import CHAT, Gateway

REQUEST = (
    b'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 35\r\n\r\n{"model": "gpt-4o", "stream": true}'
)
MEGABYTE = b"x" * 2**20


async def test_each_chunk_flows_as_it_comes(upstream: Scripted, client: httpx.AsyncClient) -> None:
    go_on = asyncio.Event()

    async def drips(asked: Asked, line: Line) -> None:
        await line.say(EVENT_STREAM)
        for number in range(3):
            await line.chunk(b"data: %d\n\n" % number)
            await go_on.wait()
            go_on.clear()
        await line.chunk(b"")

    upstream.script = drips
    seen = []
    async with client.stream("POST", "/chat/completions", json=CHAT | {"stream": True}) as answer:
        async for chunk in answer.aiter_raw():
            seen.append(chunk)
            go_on.set()
    assert seen == [b"data: 0\n\n", b"data: 1\n\n", b"data: 2\n\n"]


async def test_the_head_of_a_stream_flows_before_its_first_event(upstream: Scripted, client: httpx.AsyncClient) -> None:
    async def only_head(asked: Asked, line: Line) -> None:
        await line.say(EVENT_STREAM)
        await line.until_closed()

    upstream.script = only_head
    async with client.stream("POST", "/chat/completions", json=CHAT | {"stream": True}) as answer:
        assert answer.headers["content-type"] == "text/event-stream"


async def test_a_slow_client_slows_the_upstream(upstream: Scripted, proxy: Gateway) -> None:
    written = 0

    async def floods(asked: Asked, line: Line) -> None:
        nonlocal written
        await line.say(EVENT_STREAM)
        for _ in range(200):
            await line.chunk(MEGABYTE)
            written += 1

    upstream.script = floods
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port, limit=2**16)
    writer.write(REQUEST)
    await reader.readuntil(b"\r\n\r\n")
    before = -1
    while written != before:
        before = written
        await asyncio.sleep(0.3)
    assert 0 < written < 60
    writer.close()


async def test_a_client_that_reads_on_gets_all_of_a_long_answer(upstream: Scripted, client: httpx.AsyncClient) -> None:
    async def floods(asked: Asked, line: Line) -> None:
        await line.say(EVENT_STREAM)
        for _ in range(20):
            await line.chunk(MEGABYTE)
        await line.chunk(b"")

    upstream.script = floods
    assert (await client.post("/chat/completions", json=CHAT)).content == MEGABYTE * 20


async def after_some_events(asked: Asked, line: Line) -> None:
    """Say one event, then wait for the other side to go."""
    await line.say(EVENT_STREAM)
    await line.chunk(b"data: {}\n\n")
    await line.until_closed()


@pytest.mark.parametrize("script", [hangs, after_some_events])
async def test_a_client_that_leaves_ends_the_upstreams_work(script: Script, upstream: Scripted, proxy: Gateway) -> None:
    upstream.script = script
    _, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(REQUEST)
    await asyncio.wait_for(upstream.arrived.wait(), 5)
    writer.close()
    await asyncio.wait_for(upstream.closed.wait(), 10)
    await asyncio.wait_for(proxy.finished.wait(), 10)
    assert [outcome.status for outcome in proxy.outcomes] == [499]


async def test_a_client_that_leaves_while_it_does_not_read_ends_the_upstreams_work(
    upstream: Scripted, proxy: Gateway
) -> None:
    async def floods(asked: Asked, line: Line) -> None:
        await line.say(EVENT_STREAM)
        while True:
            await line.chunk(MEGABYTE)

    upstream.script = floods
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port, limit=2**16)
    writer.write(REQUEST)
    await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(0.2)
    writer.transport.abort()
    await asyncio.wait_for(upstream.closed.wait(), 10)
