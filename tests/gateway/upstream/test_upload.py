"""Bodies that are streamed to an upstream, and requests without any."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from gateway.upstream.scripted import Asked, Line, Scripted, answers, cuts, hangs
from gateway.upstream.serving import nothing
from harness.ports import free_port
from modelward.errors import BodyLost, Broken, Invalid, NotReached, TimedOut
from modelward.gateway.request.body import NO_CONTENT, Written
from modelward.gateway.upstream.client import Upstream
from modelward.gateway.upstream.providers import Endpoint
from modelward.gateway.upstream.reply import Reply

BIG = 64 * 1024 * 1024


@pytest.fixture
async def way_out() -> AsyncIterator[Upstream]:
    """The gateway's own client."""
    running = Upstream(connect_seconds=2)
    yield running
    await running.aclose()


async def pieces(*parts: bytes | Exception) -> AsyncIterator[bytes]:
    """A body of these parts; an error is raised where it stands."""
    for part in parts:
        if isinstance(part, Exception):
            raise part
        yield part


async def big() -> AsyncIterator[bytes]:
    """More than any buffer on the way holds."""
    for _ in range(64):
        yield b"x" * (BIG // 64)


async def sent(
    way_out: Upstream, address: str, body: AsyncIterator[bytes], length: int | None = None, seconds: float | None = None
) -> Reply:
    """The answer to a text that is sent there; no silence may be longer than `seconds`."""
    target, written = Endpoint(address, timeout=seconds), Written(b"text/plain", body, length)
    return await way_out.send(target, written, before_sending=nothing)


def header(asked: Asked, name: str) -> str | None:
    """One header of a request."""
    return dict(asked.headers).get(name)


async def test_a_stream_goes_out_with_its_length(way_out: Upstream, upstream: Scripted) -> None:
    async with aclosing(await sent(way_out, upstream.address, pieces(b"ab", b"", b"c"), 3)) as answer:
        assert answer.status == 200
    (asked,) = upstream.asked
    assert (asked.body, header(asked, "content-length"), header(asked, "transfer-encoding")) == (b"abc", "3", None)
    assert [value for name, value in asked.headers if name == "content-type"] == ["text/plain"]


async def test_a_stream_of_unknown_length_goes_out_in_chunks(way_out: Upstream, upstream: Scripted) -> None:
    found = []

    async def reads_chunks(asked: Asked, line: Line) -> None:
        found.append(await line.reader.readuntil(b"0\r\n\r\n"))
        await answers()(asked, line)

    upstream.script = reads_chunks
    async with aclosing(await sent(way_out, upstream.address, pieces(b"ab", b"", b"c"))):
        assert header(upstream.asked[0], "transfer-encoding") == "chunked"
        assert found == [b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_request_without_a_body_says_nothing_of_one(method: str, way_out: Upstream, upstream: Scripted) -> None:
    target = Endpoint(upstream.address, ((b"x-a", b"b"),))
    async with aclosing(await way_out.send(target, NO_CONTENT.written({}), before_sending=nothing, method=method)):
        pass
    (asked,) = upstream.asked
    assert header(asked, "content-type") is None
    assert header(asked, "content-length") in {None, "0"}
    assert header(asked, "x-a") == "b"


async def test_an_answer_that_comes_before_the_body_is_whole_is_passed_on(way_out: Upstream) -> None:
    async with early() as port:
        address = f"http://127.0.0.1:{port}"
        async with aclosing(await sent(way_out, address, big(), BIG)) as answer:
            assert answer.status == 413
            assert b"".join([chunk async for chunk in answer.chunks]) == b"too long"
        async with aclosing(await sent(way_out, address, big(), BIG)) as answer:
            assert answer.status == 413


async def test_a_connection_lost_in_the_middle_of_the_body_may_be_tried_elsewhere(way_out: Upstream) -> None:
    async with early(answer=b"") as port:
        with pytest.raises(NotReached):
            await sent(way_out, f"http://127.0.0.1:{port}", big(), BIG)


async def test_nobody_there_is_not_reached(way_out: Upstream) -> None:
    with pytest.raises(NotReached):
        await sent(way_out, f"http://127.0.0.1:{free_port()}", pieces(b"a"), 1)


async def test_a_connection_lost_after_the_body_may_be_tried_elsewhere(way_out: Upstream, upstream: Scripted) -> None:
    upstream.script = cuts
    with pytest.raises(NotReached):
        await sent(way_out, upstream.address, pieces(b"a"), 1)


async def test_half_an_answer_to_a_stream_is_broken(way_out: Upstream, upstream: Scripted) -> None:
    async def half(asked: Asked, line: Line) -> None:
        await line.say(b"HTTP/1.1 200 OK\r\n")
        line.writer.close()

    upstream.script = half
    with pytest.raises(Broken):
        await sent(way_out, upstream.address, pieces(b"a"), 1)


async def test_an_upstream_that_takes_nothing_is_given_up(way_out: Upstream) -> None:
    async with early(answer=None) as port:
        with pytest.raises(TimedOut, match="take"):
            await sent(way_out, f"http://127.0.0.1:{port}", big(), BIG, 0.1)


async def test_an_upstream_that_takes_all_and_is_silent_is_given_up(way_out: Upstream, upstream: Scripted) -> None:
    upstream.script = hangs
    with pytest.raises(TimedOut, match="answer"):
        await sent(way_out, upstream.address, pieces(b"a"), 1, 0.1)


async def test_a_body_that_is_slow_but_goes_on_is_sent(way_out: Upstream, upstream: Scripted) -> None:
    async def slow() -> AsyncIterator[bytes]:
        for _ in range(6):
            await asyncio.sleep(0.05)
            yield b"a"

    async with aclosing(await sent(way_out, upstream.address, slow(), 6, 0.2)) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("error", [OSError("disk"), TimeoutError("slow disk"), ValueError("closed")])
async def test_a_failure_of_the_body_is_not_the_upstreams(
    error: Exception, way_out: Upstream, upstream: Scripted
) -> None:
    with pytest.raises(BodyLost, match="cannot be read"):
        await sent(way_out, upstream.address, pieces(b"a", error), 2)
    assert upstream.asked == []


async def test_a_refusal_in_the_body_passes_as_it_is(way_out: Upstream, upstream: Scripted) -> None:
    with pytest.raises(Invalid, match="line 3"):
        await sent(way_out, upstream.address, pieces(b"a", Invalid("line 3")), 2)
    assert upstream.asked == []


@pytest.mark.parametrize("length", [1, 3])
async def test_a_body_of_another_length_than_it_said_is_lost(
    length: int, way_out: Upstream, upstream: Scripted
) -> None:
    with pytest.raises(BodyLost, match="as long"):
        await sent(way_out, upstream.address, pieces(b"ab"), length)
    assert upstream.asked == []


@asynccontextmanager
async def early(answer: bytes | None = b"HTTP/1.1 413 No\r\ncontent-length: 8\r\n\r\ntoo long") -> AsyncIterator[int]:
    """The port of an upstream that reads the head only, and says `answer`: nothing and it cuts, `None` and it waits."""
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer or b"")
        if answer == b"":
            writer.transport.abort()
        else:
            await over.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        over.set()
        server.close()
