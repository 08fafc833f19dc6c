"""Gemini's answers, which are Vertex AI's for the same verbs too."""

from collections.abc import Iterator

from modelward.contract import JsonObject
from modelward.gateway.mocks.answers import (
    ALL_TOKENS,
    ANSWER_TOKENS,
    PROMPT_TOKENS,
    VECTOR,
    MockAnswer,
    MockCall,
    json_answer,
    new_id,
    stream_answer,
    words,
)

_USAGE = {
    "promptTokenCount": PROMPT_TOKENS,
    "candidatesTokenCount": ANSWER_TOKENS,
    "totalTokenCount": ALL_TOKENS,
}


def generated(call: MockCall) -> MockAnswer:
    """One candidate, whole."""
    return json_answer(_part(call, call.text, new_id("mock"), ended=True))


def generated_stream(call: MockCall) -> MockAnswer:
    """One candidate as events."""
    return stream_answer(_parts(call))


def token_count(_: MockCall) -> MockAnswer:
    """How many tokens the contents have."""
    return json_answer({"totalTokens": PROMPT_TOKENS})


def embedded(_: MockCall) -> MockAnswer:
    """One vector."""
    return json_answer({"embedding": {"values": VECTOR}})


def embedded_batch(call: MockCall) -> MockAnswer:
    """One vector for each of the requests."""
    requests = call.body.get("requests")
    return json_answer({"embeddings": [{"values": VECTOR}] * (len(requests) if isinstance(requests, list) else 0)})


def _parts(call: MockCall) -> Iterator[JsonObject]:
    response_id = new_id("mock")
    *first, last = words(call.text)
    for word in first:
        yield _part(call, word, response_id, ended=False)
    yield _part(call, last, response_id, ended=True)


def _part(call: MockCall, text: str, response_id: str, *, ended: bool) -> JsonObject:
    candidate: JsonObject = {"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}
    if ended:
        candidate["finishReason"] = "STOP"
    return {
        "candidates": [candidate],
        "usageMetadata": _USAGE,
        "modelVersion": call.model,
        "responseId": response_id,
    }
