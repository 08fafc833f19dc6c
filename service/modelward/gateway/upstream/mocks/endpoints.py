"""Answers without an upstream: a deployment with `mock_response` answers this text offline, where it can."""

from collections.abc import Callable, Mapping

from modelward.contract import JsonObject
from modelward.gateway.upstream.mocks.answers import MockAnswer, MockCall
from modelward.gateway.upstream.mocks.openai import (
    chat,
    completion,
    embeddings,
    image,
    input_tokens,
    moderation,
    rerank,
    response,
    speech,
    transcription,
)
from modelward.gateway.upstream.mocks.providers import (
    conversed,
    embedded,
    embedded_batch,
    generated,
    generated_stream,
    google_token_count,
    message,
    messages_token_count,
)

_GEMINI: Mapping[str, Callable[[MockCall], MockAnswer]] = {
    "generateContent": generated,
    "streamGenerateContent": generated_stream,
    "countTokens": google_token_count,
    "embedContent": embedded,
    "batchEmbedContents": embedded_batch,
}
_ON_VERTEX = ("generateContent", "streamGenerateContent", "countTokens")

ANSWERS: Mapping[str, Callable[[MockCall], MockAnswer]] = {
    "chat/completions": chat,
    "completions": completion,
    "embeddings": embeddings,
    "moderations": moderation,
    "rerank": rerank,
    "responses": response,
    "responses/input_tokens": input_tokens,
    "images/generations": image,
    "audio/speech": speech,
    "audio/transcriptions": transcription,
    "audio/translations": transcription,
    "messages": message,
    "messages/count_tokens": messages_token_count,
    **{f"models/{{model}}:{verb}": made for verb, made in _GEMINI.items()},
    **{f"publishers/{{publisher}}/models/{{model}}:{verb}": _GEMINI[verb] for verb in _ON_VERTEX},
    "model/{model}/converse": conversed,
}
"""By what a deployment is asked for, as the table of endpoints writes it."""


def answer(operation: str, body: JsonObject, model: str, text: str, created: int) -> MockAnswer | None:
    """The answer of `operation` to `body`, under the name asked for; `created` is in seconds since the epoch.

    `None` for an operation that has no offline answer.
    """
    made = ANSWERS.get(operation)
    return made(MockCall(body, model, text, created)) if made else None
