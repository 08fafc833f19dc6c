"""A deployment with `mock_response`, asked by the official SDK over HTTP."""

from collections.abc import AsyncIterator

import openai
import pytest

from gateway.upstream.scripted import EVENT_STREAM, Asked, Line, Scripted
from gateway.upstream.serving import Gateway, deployment
from modelward.gateway.upstream.mocks import answer

TEXT = "It answers  offline."


@pytest.fixture
async def sdk(proxy: Gateway) -> AsyncIterator[openai.AsyncOpenAI]:
    """The official client of a gateway whose one deployment answers `TEXT`."""
    proxy.deployments = [deployment(mock_response=TEXT)]
    async with openai.AsyncOpenAI(base_url=proxy.url, api_key="sk-1", max_retries=0) as client:
        yield client


async def test_a_chat_answers_the_text_under_the_name_asked_for(sdk: openai.AsyncOpenAI) -> None:
    answer = await sdk.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "hello"}])
    assert (answer.choices[0].message.content, answer.model, answer.created) == (TEXT, "gpt-4o", 1000)
    assert answer.usage is not None


async def test_a_streamed_chat_joins_to_the_text(sdk: openai.AsyncOpenAI) -> None:
    stream = await sdk.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": "hello"}], stream=True
    )
    chunks = [chunk async for chunk in stream]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == TEXT
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert {chunk.model for chunk in chunks} == {"gpt-4o"}
    assert {chunk.usage for chunk in chunks} == {None}


async def test_a_streamed_chat_tells_its_usage_when_asked(sdk: openai.AsyncOpenAI) -> None:
    stream = await sdk.chat.completions.create(
        model="gpt-4o",
        messages=[{"role": "user", "content": "hello"}],
        stream=True,
        stream_options={"include_usage": True},
    )
    *chunks, last = [chunk async for chunk in stream]
    assert last.choices == []
    assert last.usage is not None
    assert {chunk.usage for chunk in chunks} == {None}


async def test_a_completion_answers_the_text(sdk: openai.AsyncOpenAI) -> None:
    answer = await sdk.completions.create(model="gpt-4o", prompt="hello")
    assert (answer.choices[0].text, answer.model) == (TEXT, "gpt-4o")


async def test_a_streamed_completion_joins_to_the_text(sdk: openai.AsyncOpenAI) -> None:
    stream = await sdk.completions.create(model="gpt-4o", prompt="hello", stream=True)
    assert "".join([chunk.choices[0].text async for chunk in stream]) == TEXT


@pytest.mark.parametrize(("given", "count"), [("a", 1), (["a", "b", "c"], 3), ([1, 2, 3], 1), ([[1], [2, 3]], 2)])
async def test_there_is_one_vector_for_each_text(given: list[str], count: int, sdk: openai.AsyncOpenAI) -> None:
    answer = await sdk.embeddings.create(model="gpt-4o", input=given)
    assert [item.index for item in answer.data] == list(range(count))


async def test_both_encodings_of_a_vector_are_the_same_vector(sdk: openai.AsyncOpenAI) -> None:
    packed = await sdk.embeddings.create(model="gpt-4o", input="a")
    plain = await sdk.embeddings.create(model="gpt-4o", input="a", encoding_format="float")
    assert packed.data[0].embedding == plain.data[0].embedding
    assert packed.model == "gpt-4o"


def test_a_stream_ends_with_done() -> None:
    made = answer("chat/completions", {"stream": True}, "m", TEXT, 0)
    assert made is not None
    assert made.chunks[-1] == b"data: [DONE]\n\n"


async def test_the_sdk_raises_when_a_stream_breaks(upstream: Scripted, proxy: Gateway, sdk: openai.AsyncOpenAI) -> None:
    async def breaks(asked: Asked, line: Line) -> None:
        await line.say(EVENT_STREAM)
        await line.chunk(b'data: {"id": "1", "object": "chat.completion.chunk", "choices": []}\n\n')
        line.writer.close()

    upstream.script = breaks
    proxy.deployments = [deployment(upstream.address)]
    stream = await sdk.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": "hello"}], stream=True
    )
    with pytest.raises(openai.APIError, match="the deployment of `gpt-4o` broke off its answer"):
        _ = [chunk async for chunk in stream]
