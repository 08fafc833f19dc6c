"""An error is held back while another model may answer, so long as it is short and the client saw nothing (F2)."""

import asyncio

import httpx
import orjson
import pytest

from gateway.upstream.scripted import EVENT_STREAM, Asked, Line, Scripted, answers, hangs
from gateway.upstream.serving import CHAT, SECOND, Gateway, chat

LIMIT = 64 * 1024


async def test_half_an_error_is_returned_as_a_broken_answer(
    falling: Gateway, upstream: Scripted, second: Scripted, client: httpx.AsyncClient
) -> None:
    async def breaks(asked: Asked, line: Line) -> None:
        await line.say(b"HTTP/1.1 500 No\r\ncontent-length: 9\r\n\r\n{")
        line.writer.close()

    upstream.script, second.script = breaks, answers(500)
    answer = await chat(client)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_broken")


async def test_an_error_as_long_as_may_be_held_back_is_answered_by_the_second(
    falling: Gateway, upstream: Scripted, client: httpx.AsyncClient
) -> None:
    upstream.script = answers(500, b"x" * LIMIT)
    assert (await chat(client)).content == SECOND


async def test_a_longer_error_is_passed_on_whole_and_no_fallback_is_asked(
    falling: Gateway, upstream: Scripted, second: Scripted, client: httpx.AsyncClient
) -> None:
    body = bytes(range(256)) * (LIMIT // 256 + 1)
    upstream.script = answers(500, body)
    answer = await chat(client)
    assert (answer.status_code, answer.content) == (500, body)
    assert second.asked == []


async def test_an_endless_error_is_passed_on_as_it_comes(
    falling: Gateway, upstream: Scripted, second: Scripted, client: httpx.AsyncClient
) -> None:
    async def endless(asked: Asked, line: Line) -> None:
        await line.say(b"HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n")
        await line.chunk(b"x" * (LIMIT + 1))
        await line.until_closed()

    upstream.script = endless
    async with client.stream("POST", "/chat/completions", json=CHAT) as answer:
        assert answer.status_code == 500
        assert await anext(answer.aiter_raw())
    assert second.asked == []


async def test_a_stream_is_answered_by_the_second_as_it_comes(
    falling: Gateway, upstream: Scripted, second: Scripted, client: httpx.AsyncClient
) -> None:
    go_on = asyncio.Event()

    async def drips(asked: Asked, line: Line) -> None:
        await line.say(EVENT_STREAM)
        await line.chunk(b"data: 0\n\n")
        await go_on.wait()
        await line.chunk(b"data: 1\n\n")
        await line.chunk(b"")

    upstream.script, second.script = answers(503), drips
    seen = []
    async with client.stream("POST", "/chat/completions", json=CHAT | {"stream": True}) as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        async for chunk in answer.aiter_raw():
            seen.append(chunk)
            go_on.set()
    assert seen == [b"data: 0\n\n", b"data: 1\n\n"]


async def test_a_stream_that_breaks_after_the_client_saw_its_head_is_not_answered_by_another_model(
    falling: Gateway, upstream: Scripted, second: Scripted, client: httpx.AsyncClient
) -> None:
    async def breaks(asked: Asked, line: Line) -> None:
        await line.say(EVENT_STREAM)
        line.writer.close()

    upstream.script = breaks
    answer = await client.post("/chat/completions", json=CHAT | {"stream": True})
    assert b'"code":"upstream_broken"' in answer.content
    assert second.asked == []


async def test_a_fallback_that_breaks_off_does_not_name_itself(
    falling: Gateway, upstream: Scripted, second: Scripted, client: httpx.AsyncClient
) -> None:
    async def breaks(asked: Asked, line: Line) -> None:
        await line.say(EVENT_STREAM)
        line.writer.close()

    upstream.script, second.script = answers(500), breaks
    answer = await client.post("/chat/completions", json=CHAT | {"stream": True})
    assert "`gpt-4o`" in answer.text
    assert "3.5" not in answer.text


@pytest.mark.parametrize("waits_at", ["the error's body", "the fallback"])
async def test_a_client_that_leaves_ends_everything(
    waits_at: str, falling: Gateway, upstream: Scripted, second: Scripted
) -> None:
    async def half_an_error(asked: Asked, line: Line) -> None:
        await line.say(b"HTTP/1.1 500 No\r\ncontent-length: 9\r\n\r\n{")
        await line.until_closed()

    in_body = waits_at == "the error's body"
    upstream.script, second.script = half_an_error if in_body else answers(500), hangs
    waiting = upstream if in_body else second
    _, writer = await asyncio.open_connection("127.0.0.1", falling.port)
    body = orjson.dumps(CHAT)
    writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
    await asyncio.wait_for(waiting.arrived.wait(), 5)
    writer.close()
    await asyncio.wait_for(waiting.closed.wait(), 10)
    await asyncio.wait_for(falling.finished.wait(), 10)
    assert [outcome.status for outcome in falling.outcomes] == [499]
    assert len(second.asked) == (0 if in_body else 1)
