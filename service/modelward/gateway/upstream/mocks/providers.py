"""Anthropic's, Google's and Bedrock's answers."""

from modelward.contract import JsonObject
from modelward.gateway.upstream.mocks.answers import (
    ANSWER_TOKENS,
    PROMPT_TOKENS,
    VECTOR,
    Events,
    MockCall,
    length,
    new_id,
    usage,
    words,
)


def conversed(call: MockCall) -> JsonObject:
    """Bedrock's message, whole."""
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": call.text}]}},
        "stopReason": "end_turn",
        "usage": usage("inputTokens", "outputTokens", "totalTokens"),
        "metrics": {"latencyMs": 1},
    }


def generated(call: MockCall) -> JsonObject:
    """Google's candidate, whole."""
    return _candidate(call, call.text, new_id("mock"), ended=True)


def generated_stream(call: MockCall) -> Events:
    """Google's candidate as events."""
    response_id = new_id("mock")
    *first, last = words(call.text)
    for word in first:
        yield _candidate(call, word, response_id, ended=False)
    yield _candidate(call, last, response_id, ended=True)


def google_token_count(_: MockCall) -> JsonObject:
    """How many tokens the contents have."""
    return {"totalTokens": PROMPT_TOKENS}


def embedded(_: MockCall) -> JsonObject:
    """One vector."""
    return {"embedding": {"values": VECTOR}}


def embedded_batch(call: MockCall) -> JsonObject:
    """One vector for each of the requests."""
    return {"embeddings": [{"values": VECTOR}] * length(call.body.get("requests"))}


def _candidate(call: MockCall, text: str, response_id: str, *, ended: bool) -> JsonObject:
    candidate: JsonObject = {"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}
    if ended:
        candidate["finishReason"] = "STOP"
    return {
        "candidates": [candidate],
        "usageMetadata": usage("promptTokenCount", "candidatesTokenCount", "totalTokenCount"),
        "modelVersion": call.model,
        "responseId": response_id,
    }


def message(call: MockCall) -> JsonObject | Events:
    """Anthropic's message, whole or as events."""
    if call.streams:
        return _events(call)
    return _message(call, [{"type": "text", "text": call.text}], "end_turn", ANSWER_TOKENS)


def messages_token_count(_: MockCall) -> JsonObject:
    """How many tokens the messages have."""
    return {"input_tokens": PROMPT_TOKENS}


def _events(call: MockCall) -> Events:
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
