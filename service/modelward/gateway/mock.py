"""Answers without an upstream: a deployment with `mock_response` answers this text offline, where it can."""

from collections.abc import Callable, Mapping

from modelward.contract import JsonObject
from modelward.gateway.mocks import bedrock, completions, google, judgements, media, messages, responses
from modelward.gateway.mocks.answers import MockAnswer, MockCall

_GEMINI: Mapping[str, Callable[[MockCall], MockAnswer]] = {
    "generateContent": google.generated,
    "streamGenerateContent": google.generated_stream,
    "countTokens": google.token_count,
    "embedContent": google.embedded,
    "batchEmbedContents": google.embedded_batch,
}
_ON_VERTEX = ("generateContent", "streamGenerateContent", "countTokens")

ANSWERS: Mapping[str, Callable[[MockCall], MockAnswer]] = {
    "chat/completions": completions.chat,
    "completions": completions.completion,
    "embeddings": judgements.embeddings,
    "moderations": judgements.moderation,
    "rerank": judgements.rerank,
    "responses": responses.response,
    "responses/input_tokens": responses.input_tokens,
    "images/generations": media.image,
    "audio/speech": media.speech,
    "audio/transcriptions": media.transcription,
    "audio/translations": media.transcription,
    "messages": messages.message,
    "messages/count_tokens": messages.token_count,
    **{f"models/{{model}}:{verb}": made for verb, made in _GEMINI.items()},
    **{f"publishers/{{publisher}}/models/{{model}}:{verb}": _GEMINI[verb] for verb in _ON_VERTEX},
    "model/{model}/converse": bedrock.conversed,
}
"""By what a deployment is asked for, as the table of endpoints writes it."""


def answer(operation: str, body: JsonObject, model: str, text: str, created: int) -> MockAnswer | None:
    """The answer of `operation` to `body`, under the name asked for; `created` is in seconds since the epoch.

    `None` for an operation that has no offline answer.
    """
    made = ANSWERS.get(operation)
    return made(MockCall(body, model, text, created)) if made else None
