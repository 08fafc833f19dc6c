"""What happens when an upstream cannot be reached, is silent, or breaks off."""

import asyncio

import httpx
import pytest

from gateway.upstream.scripted import EVENT_STREAM, Asked, Line, Scripted, answers, cuts, hangs, scripted
from gateway.upstream.serving import CHAT, Gateway, deployment
from harness.ports import free_port

SECRET_WORDS = ["127.0.0.1", "sk-upstream-secret", "real-gpt"]


def refuses() -> str:
    """An `api_base` where nobody listens."""
    return f"http://127.0.0.1:{free_port()}/v1"


def error(answer: httpx.Response) -> tuple[int, str]:
    """The status and the code; the body must be OpenAI's form, and give nothing away."""
    body = answer.json()["error"]
    assert set(body) == {"message", "type", "param", "code"}
    assert not [word for word in SECRET_WORDS if word in answer.text]
    assert "`gpt-4o`" in body["message"]
    assert answer.headers["x-request-id"] == "decision-1"
    return answer.status_code, body["code"]


async def test_a_refused_connection_is_502(proxy: Gateway, client: httpx.AsyncClient) -> None:
    proxy.deployments = [deployment(refuses())]
    assert error(await client.post("/chat/completions", json=CHAT)) == (502, "upstream_unreachable")


async def test_a_name_without_an_address_is_502(proxy: Gateway, client: httpx.AsyncClient) -> None:
    proxy.deployments = [deployment("http://nowhere.invalid/v1")]
    assert error(await client.post("/chat/completions", json=CHAT)) == (502, "upstream_unreachable")


@pytest.mark.parametrize(
    "fields", [{"provider": "bedrock"}, {"provider": "azure"}, {"api_base": "ftp://x"}, {"api_key": "sk-\n"}]
)
async def test_a_deployment_that_cannot_be_called_is_502(
    fields: dict[str, str], proxy: Gateway, client: httpx.AsyncClient
) -> None:
    proxy.deployments = [deployment(**fields)]
    answer = await client.post("/chat/completions", json=CHAT)
    assert error(answer) == (502, "upstream_unusable")
    assert answer.headers["x-should-retry"] == "false"


async def test_a_deployment_that_cannot_be_reached_is_told_before_one_that_cannot_be_called(
    proxy: Gateway, client: httpx.AsyncClient
) -> None:
    proxy.deployments = [deployment(refuses()), deployment(provider="bedrock", weight=0)]
    assert error(await client.post("/chat/completions", json=CHAT)) == (502, "upstream_unreachable")


async def test_no_deployment_is_502(proxy: Gateway, client: httpx.AsyncClient) -> None:
    proxy.deployments = []
    assert error(await client.post("/chat/completions", json=CHAT)) == (502, "upstream_missing")


async def test_another_deployment_answers_when_others_refuse(
    upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient
) -> None:
    proxy.deployments = [deployment(upstream.address, weight=0), *(deployment(refuses()) for _ in range(3))]
    assert (await client.post("/chat/completions", json=CHAT)).status_code == 200


async def test_another_deployment_answers_when_one_cuts_before_the_first_byte(
    upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient
) -> None:
    async with scripted(cuts) as cutting:
        proxy.deployments = [deployment(upstream.address, weight=0), deployment(cutting.address)]
        assert (await client.post("/chat/completions", json=CHAT)).status_code == 200
        assert (len(cutting.asked), len(upstream.asked)) == (1, 1)


async def answer_of(first: bytes, upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient) -> httpx.Response:
    """The answer when a deployment says `first` and closes, and `upstream` could have answered instead."""

    async def breaks(asked: Asked, line: Line) -> None:
        await line.say(first)
        line.writer.close()

    async with scripted(breaks) as breaking:
        proxy.deployments = [deployment(upstream.address, weight=0), deployment(breaking.address)]
        return await client.post("/chat/completions", json=CHAT)


@pytest.mark.parametrize("first", [b"HTTP/1.1 200 OK\r\ncontent-le", b"HTTP/1.1 200 OK\r\n", b"no http at all\r\n\r\n"])
async def test_nothing_is_sent_again_after_the_first_byte_of_a_head(
    first: bytes, upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient
) -> None:
    assert error(await answer_of(first, upstream, proxy, client)) == (502, "upstream_broken")
    assert upstream.asked == []


async def test_nothing_is_sent_again_after_the_head(
    upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient
) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await answer_of(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", upstream, proxy, client)
    assert upstream.asked == []


async def test_an_upstreams_own_error_is_not_sent_again(
    upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient
) -> None:
    async with scripted(answers(500)) as failing:
        proxy.deployments = [deployment(upstream.address, weight=0), deployment(failing.address)]
        assert (await client.post("/chat/completions", json=CHAT)).status_code == 500
        assert upstream.asked == []


async def test_a_silent_upstream_is_504_and_not_sent_again(
    upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient
) -> None:
    async with scripted(hangs) as hanging:
        proxy.deployments = [deployment(upstream.address, weight=0), deployment(hanging.address, timeout=0.1)]
        answer = await client.post("/chat/completions", json=CHAT)
        assert error(answer) == (504, "upstream_timeout")
        assert answer.headers["x-should-retry"] == "false"
        assert upstream.asked == []


async def test_half_an_answer_is_never_taken_for_whole(upstream: Scripted, client: httpx.AsyncClient) -> None:
    async def half(asked: Asked, line: Line) -> None:
        await line.say(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        await line.chunk(b'{"choices": [')
        line.writer.close()

    upstream.script = half
    with pytest.raises(httpx.RemoteProtocolError):
        await client.post("/chat/completions", json=CHAT)


@pytest.mark.parametrize("begun", [b"", b"data: {}\n\n", b"data: {}\r\n\r\n", b"data: {}\n\ndata: {", b"data: {}\n"])
async def test_a_stream_that_breaks_ends_with_an_error_event(
    begun: bytes, upstream: Scripted, client: httpx.AsyncClient
) -> None:
    async def breaks(asked: Asked, line: Line) -> None:
        await line.say(EVENT_STREAM)
        if begun:
            await line.chunk(begun)
        line.writer.close()

    upstream.script = breaks
    content = (await client.post("/chat/completions", json=CHAT | {"stream": True})).content
    assert content.startswith(begun)
    event = content[len(begun) :].lstrip(b"\n")
    assert event.startswith(b'event: error\ndata: {"error":{"message":"the deployment of `gpt-4o` broke off')
    assert not begun or b"\n\nevent:" in content.replace(b"\r", b"")


async def test_a_stream_that_falls_silent_ends_with_an_error_event(
    upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient
) -> None:
    async def stops(asked: Asked, line: Line) -> None:
        await line.say(EVENT_STREAM)
        await line.chunk(b"data: {}\n\n")
        await line.until_closed()

    upstream.script = stops
    proxy.deployments = [deployment(upstream.address, timeout=0.1)]
    content = (await client.post("/chat/completions", json=CHAT | {"stream": True})).content
    assert b'"code":"upstream_timeout"' in content
    await asyncio.wait_for(upstream.closed.wait(), 10)


async def test_a_deployment_that_refused_rests(upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient) -> None:
    async with scripted(cuts) as cutting:
        proxy.deployments = [deployment(upstream.address, weight=0), deployment(cutting.address)]
        for _ in range(3):
            await client.post("/chat/completions", json=CHAT)
        assert len(cutting.asked) == 1
        proxy.clock.seconds += 60
        await client.post("/chat/completions", json=CHAT)
        assert len(cutting.asked) == 2


async def test_deployments_that_all_rest_are_tried_all_the_same(
    upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient
) -> None:
    upstream.script = cuts
    assert (await client.post("/chat/completions", json=CHAT)).status_code == 502
    upstream.script = answers()
    assert (await client.post("/chat/completions", json=CHAT)).status_code == 200
