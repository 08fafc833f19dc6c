"""Answers without an upstream: a deployment with `mock_response` answers this text offline, where it can."""

from collections.abc import Callable, Mapping

import orjson

from modelward.contract import JsonObject
from modelward.gateway.upstream.mocks import openai, providers
from modelward.gateway.upstream.mocks.answers import Events, MockAnswer, MockCall

_GEMINI = "models/{model}:"
_VERTEX = "publishers/{publisher}/models/{model}:"

ANSWERS: Mapping[str, Callable[[MockCall], JsonObject | Events | MockAnswer]] = {
    "chat/completions": openai.chat,
    "completions": openai.completion,
    "embeddings": openai.embeddings,
    "moderations": openai.moderation,
    "rerank": openai.rerank,
    "responses": openai.response,
    "responses/input_tokens": openai.input_tokens,
    "images/generations": openai.image,
    "audio/speech": openai.speech,
    "audio/transcriptions": openai.transcription,
    "audio/translations": openai.transcription,
    "messages": providers.message,
    "messages/count_tokens": providers.messages_token_count,
    f"{_GEMINI}generateContent": providers.generated,
    f"{_GEMINI}streamGenerateContent": providers.generated_stream,
    f"{_GEMINI}countTokens": providers.google_token_count,
    f"{_GEMINI}embedContent": providers.embedded,
    f"{_GEMINI}batchEmbedContents": providers.embedded_batch,
    f"{_VERTEX}generateContent": providers.generated,
    f"{_VERTEX}streamGenerateContent": providers.generated_stream,
    f"{_VERTEX}countTokens": providers.google_token_count,
    "model/{model}/converse": providers.conversed,
}
"""By what a deployment is asked for, as the table of endpoints writes it."""


def answer(operation: str, body: JsonObject, model: str, text: str, created: int) -> MockAnswer | None:
    """The answer of `operation` to `body`, under the name asked for; `created` is in seconds since the epoch.

    `None` for an operation that has no offline answer.
    """
    if operation not in ANSWERS:
        return None
    made = ANSWERS[operation](MockCall(body, model, text, created))
    if isinstance(made, MockAnswer):
        return made
    if isinstance(made, dict):
        return MockAnswer(b"application/json", [orjson.dumps(made)])
    return MockAnswer(b"text/event-stream; charset=utf-8", [_chunk(event) for event in made])


def _chunk(event: JsonObject | bytes) -> bytes:
    if isinstance(event, bytes):
        return event
    name = b"event: %b\n" % str(event["type"]).encode() if "type" in event else b""
    return b"%bdata: %b\n\n" % (name, orjson.dumps(event))
