"""Anthropic's, Google's and Bedrock's answers."""

from collections.abc import Iterator

from modelward.contract import JsonObject
from modelward.gateway.upstream.mocks.answers import (
    ALL_TOKENS,
    ANSWER_TOKENS,
    PROMPT_TOKENS,
    VECTOR,
    MockAnswer,
    MockCall,
    json_answer,
    named_stream_answer,
    new_id,
    stream_answer,
    words,
)

_BEDROCK_USAGE = {"inputTokens": PROMPT_TOKENS, "outputTokens": ANSWER_TOKENS, "totalTokens": ALL_TOKENS}


def conversed(call: MockCall) -> MockAnswer:
    """One message, whole."""
    message = {"role": "assistant", "content": [{"text": call.text}]}
    answer = {
        "output": {"message": message},
        "stopReason": "end_turn",
        "usage": _BEDROCK_USAGE,
        "metrics": {"latencyMs": 1},
    }
    return json_answer(answer)


_GOOGLE_USAGE = {
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


def google_token_count(_: MockCall) -> MockAnswer:
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
        "usageMetadata": _GOOGLE_USAGE,
        "modelVersion": call.model,
        "responseId": response_id,
    }


def message(call: MockCall) -> MockAnswer:
    """A message, whole or as events."""
    if call.streams:
        return named_stream_answer(_events(call))
    return json_answer(_message(call, [{"type": "text", "text": call.text}], "end_turn", ANSWER_TOKENS))


def messages_token_count(_: MockCall) -> MockAnswer:
    """How many tokens the messages have."""
    return json_answer({"input_tokens": PROMPT_TOKENS})


def _events(call: MockCall) -> Iterator[JsonObject]:
    yield {"type": "message_start", "message": _message(call, [], None, 0)}
    yield {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    for word in words(call.text):
        yield {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word}}
    yield {"type": "content_block_stop", "index": 0}
    delta = {"stop_reason": "end_turn", "stop_sequence": None}
    yield {"type": "message_delta", "delta": delta, "usage": {"output_tokens": ANSWER_TOKENS}}
    yield {"type": "message_stop"}


def _message(call: MockCall, content: list[JsonObject], stop_reason: str | None, output_tokens: int) -> JsonObject:
    return {
        "id": new_id("msg"),
        "type": "message",
        "role": "assistant",
        "model": call.model,
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {"input_tokens": PROMPT_TOKENS, "output_tokens": output_tokens},
    }
