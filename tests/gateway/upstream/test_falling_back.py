"""Which failures another model answers, and what the client gets when none does (F2)."""

import asyncio

import httpx
import pytest

from gateway.upstream.scripted import Asked, Line, Script, Scripted, answers, cuts, hangs, scripted
from gateway.upstream.serving import CHAT, SECOND, Gateway, chat, deployment
from harness.ports import free_port


@pytest.mark.parametrize("status", [401, 402, 403, 404, 408, 409, 429, 500, 502, 503, 504, 529])
async def test_a_failure_that_is_not_the_callers_is_answered_by_the_second(
    status: int, falling: Gateway, upstream: Scripted, second: Scripted, client: httpx.AsyncClient
) -> None:
    upstream.script = answers(status, b'{"error": {}}')
    answer = await chat(client)
    assert (answer.status_code, answer.content) == (200, SECOND)
    assert second.asked[0].json() == CHAT | {"model": "real-3.5"}
    assert [(each.status, each.deployment) for each in falling.outcomes] == [(200, "second")]


@pytest.mark.parametrize("status", [200, 201, 400, 413, 415, 422])
async def test_an_answer_and_the_callers_own_mistake_are_returned_as_they_are(
    status: int, falling: Gateway, upstream: Scripted, second: Scripted, client: httpx.AsyncClient
) -> None:
    upstream.script = answers(status, b'{"as": "it is"}')
    answer = await chat(client)
    assert (answer.status_code, answer.json()) == (status, {"as": "it is"})
    assert second.asked == []


@pytest.mark.parametrize(
    "script", [cuts, answers(302, b"", b"location: /x"), answers(500, b"{}", b"content-encoding: gzip")]
)
async def test_what_gives_no_usable_answer_is_answered_by_the_second(
    script: Script, falling: Gateway, upstream: Scripted, client: httpx.AsyncClient
) -> None:
    upstream.script = script
    assert (await chat(client)).content == SECOND


async def test_a_model_that_cannot_be_reached_is_answered_by_the_second(
    falling: Gateway, client: httpx.AsyncClient
) -> None:
    falling.deployments = [deployment(f"http://127.0.0.1:{free_port()}/v1")]
    assert (await chat(client)).content == SECOND


@pytest.mark.parametrize("fields", [{"provider": "bedrock"}, {"api_key": "sk-\n"}])
async def test_a_model_that_cannot_be_called_is_answered_by_the_second(
    fields: dict[str, str], falling: Gateway, client: httpx.AsyncClient
) -> None:
    falling.deployments = [deployment(**fields)]
    assert (await chat(client)).content == SECOND


async def test_a_silent_model_is_answered_by_the_second(
    falling: Gateway, upstream: Scripted, client: httpx.AsyncClient
) -> None:
    upstream.script = hangs
    falling.deployments = [deployment(upstream.address, timeout=0.1)]
    assert (await chat(client)).content == SECOND
    await asyncio.wait_for(upstream.closed.wait(), 10)


@pytest.mark.parametrize("begun", [b"HTTP/1.1 200 OK\r\ncontent-le", b"HTTP/1.1 500 No\r\ncontent-length: 9\r\n\r\n{"])
async def test_an_answer_that_breaks_before_the_client_saw_any_of_it_is_answered_by_the_second(
    begun: bytes, falling: Gateway, upstream: Scripted, client: httpx.AsyncClient
) -> None:
    async def breaks(asked: Asked, line: Line) -> None:
        await line.say(begun)
        line.writer.close()

    upstream.script = breaks
    assert (await chat(client)).content == SECOND


async def test_every_deployment_of_the_model_is_tried_before_another_model(
    falling: Gateway, upstream: Scripted, second: Scripted, client: httpx.AsyncClient
) -> None:
    async with scripted(cuts) as cutting:
        falling.deployments = [deployment(upstream.address, weight=0), deployment(cutting.address)]
        assert (await chat(client)).content == b"{}"
        assert (len(cutting.asked), len(second.asked)) == (1, 0)


@pytest.mark.parametrize("second_script", [answers(500, b"2"), answers(400, b"2"), answers(302, b"2"), cuts])
async def test_the_first_error_is_returned_where_no_fallback_answers(
    second_script: Script, falling: Gateway, upstream: Scripted, second: Scripted, client: httpx.AsyncClient
) -> None:
    first = b'{"error": {"message": "the first", "code": null}}'
    upstream.script = answers(429, first, b"retry-after: 7", b"set-cookie: a=b", b"content-type: application/x")
    second.script = second_script
    answer = await chat(client)
    assert (answer.status_code, answer.content) == (429, first)
    assert (answer.headers["retry-after"], answer.headers["content-type"]) == ("7", "application/x")
    assert "set-cookie" not in answer.headers
    assert answer.headers["x-request-id"] == "decision-1"
    assert falling.outcomes[0].deployment == upstream.address
    assert len(second.asked) == 1


async def test_an_error_of_our_own_is_returned_where_no_fallback_answers(
    falling: Gateway, second: Scripted, client: httpx.AsyncClient
) -> None:
    falling.deployments = [deployment(f"http://127.0.0.1:{free_port()}/v1")]
    second.script = answers(500)
    answer = await chat(client)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_unreachable")
    assert "`gpt-4o`" in answer.text


async def test_fallbacks_are_tried_in_order_until_one_answers(
    falling: Gateway, upstream: Scripted, second: Scripted, client: httpx.AsyncClient
) -> None:
    async with scripted(answers(500)) as failing, scripted() as never:
        bases = [failing.address, second.address, never.address]
        falling.fallbacks = {"general": [deployment(base) for base in bases]}
        upstream.script = answers(500)
        assert (await chat(client)).content == SECOND
        assert (len(failing.asked), len(second.asked), len(never.asked)) == (1, 1, 0)


async def test_a_mocked_fallback_answers(falling: Gateway, upstream: Scripted, client: httpx.AsyncClient) -> None:
    falling.fallbacks = {"general": [deployment(mock_response="from the mock")]}
    upstream.script = answers(500)
    assert "from the mock" in (await chat(client)).text
