"""The offline answers of Anthropic, Google and Bedrock, read by their SDKs; Bedrock's by its documentation."""

from anthropic.types import MessageParam

from gateway.upstream.mocked import TEXT, said, serving

MESSAGES: list[MessageParam] = [{"role": "user", "content": "hello"}]


async def test_a_message() -> None:
    async with serving("messages") as server, server.anthropic() as client:
        answer = await client.messages.create(model="m", max_tokens=9, messages=MESSAGES)
    assert [block.text for block in answer.content if block.type == "text"] == [TEXT]
    assert (answer.model, answer.stop_reason, answer.role) == ("m", "end_turn", "assistant")
    assert answer.usage.output_tokens > 0


async def test_a_streamed_message() -> None:
    async with (
        serving("messages", stream=True) as server,
        server.anthropic() as client,
        client.messages.stream(model="m", max_tokens=9, messages=MESSAGES) as stream,
    ):
        pieces = [piece async for piece in stream.text_stream]
        answer = await stream.get_final_message()
    assert "".join(pieces) == TEXT
    assert len(pieces) > 1
    assert (answer.model, answer.stop_reason) == ("m", "end_turn")
    assert answer.usage.output_tokens > 0


async def test_the_tokens_of_messages() -> None:
    async with serving("messages/count_tokens") as server, server.anthropic() as client:
        assert (await client.messages.count_tokens(model="m", messages=MESSAGES)).input_tokens > 0


async def test_generated_content() -> None:
    async with serving("models/{model}:generateContent") as server, server.google() as client:
        answer = await client.models.generate_content(model="m", contents="hello")
    assert (answer.text, answer.model_version) == (TEXT, "m")
    assert answer.candidates is not None
    assert answer.candidates[0].finish_reason == "STOP"


async def test_generated_content_as_a_stream() -> None:
    async with serving("models/{model}:streamGenerateContent") as server, server.google() as client:
        parts = [part async for part in await client.models.generate_content_stream(model="m", contents="hello")]
    assert "".join(part.text or "" for part in parts) == TEXT
    assert len(parts) > 1
    assert parts[-1].candidates is not None
    assert parts[-1].candidates[0].finish_reason == "STOP"


async def test_the_tokens_of_contents() -> None:
    async with serving("models/{model}:countTokens") as server, server.google() as client:
        assert (await client.models.count_tokens(model="m", contents="hello")).total_tokens


async def test_a_vector_for_each_content() -> None:
    async with serving("models/{model}:batchEmbedContents", requests=[{}, {}]) as server, server.google() as client:
        vectors = (await client.models.embed_content(model="m", contents=["a", "b"])).embeddings
    assert vectors is not None
    assert [bool(vector.values) for vector in vectors] == [True, True]


def test_a_vector_for_one_content() -> None:
    assert said("models/{model}:embedContent")["embedding"]["values"]


def test_a_conversation_on_bedrock() -> None:
    answer = said("model/{model}/converse")
    assert answer["output"]["message"] == {"role": "assistant", "content": [{"text": TEXT}]}
    assert (answer["stopReason"], answer["usage"]["totalTokens"]) == ("end_turn", 30)
