"""A failure of an upstream is told in the form of the endpoint that was called (E1)."""

import httpx
import pytest

from gateway.upstream.scripted import EVENT_STREAM, Asked, Line, Scripted, cuts
from gateway.upstream.serving import CHAT, Gateway, deployment


async def breaks(asked: Asked, line: Line) -> None:
    """Begins a stream and resets the connection."""
    await line.say(EVENT_STREAM)
    await line.chunk(b"data: {}\n\n")
    line.cut()


@pytest.mark.parametrize(
    ("path", "form"),
    [("/chat/completions", b'{"error":{"message":'), ("/messages", b'{"type":"error","error":{"type":"api_error",')],
)
async def test_an_unreachable_upstream(
    path: str, form: bytes, upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient
) -> None:
    upstream.script = cuts
    answer = await client.post(path, json=CHAT)
    assert answer.status_code == 502
    assert answer.content.startswith(form)


@pytest.mark.parametrize(
    ("path", "form"),
    [("/chat/completions", b'{"error":{"message":'), ("/messages", b'{"type":"error","error":{"type":"api_error",')],
)
async def test_a_stream_that_breaks(path: str, form: bytes, upstream: Scripted, client: httpx.AsyncClient) -> None:
    upstream.script = breaks
    answer = await client.post(path, json=CHAT)
    assert answer.content.startswith(b"data: {}\n\nevent: error\ndata: " + form)


async def test_an_endpoint_that_the_model_does_not_answer_is_400_in_its_form(
    proxy: Gateway, client: httpx.AsyncClient
) -> None:
    proxy.deployments = [deployment(provider="openai")]
    answer = await client.post("/messages", json=CHAT)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert "call it on one of its own provider's API" in answer.json()["error"]["message"]


async def test_another_deployment_answers_where_one_does_not_speak_the_calls_style(
    upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient
) -> None:
    proxy.deployments = [deployment(provider="openai"), deployment(upstream.address, provider="anthropic", weight=0)]
    assert (await client.post("/messages", json=CHAT)).status_code == 200
    assert upstream.asked[0].target == "/v1/messages"


@pytest.mark.parametrize("path", ["/chat/completions", "/messages"])
async def test_a_failure_carries_the_decisions_id_of_its_headers(
    path: str, upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient
) -> None:
    upstream.script = cuts
    assert "(decision decision-1)" in (await client.post(path, json=CHAT)).json()["error"]["message"]
    upstream.script = breaks
    assert b"(decision decision-1)" in (await client.post(path, json=CHAT)).content
