"""Anthropic's messages."""

from collections.abc import Iterator

from modelward.contract import JsonObject
from modelward.gateway.mocks.answers import (
    ANSWER_TOKENS,
    PROMPT_TOKENS,
    MockAnswer,
    MockCall,
    json_answer,
    named_stream_answer,
    new_id,
    words,
)


def message(call: MockCall) -> MockAnswer:
    """A message, whole or as events."""
    if call.streams:
        return named_stream_answer(_events(call))
    return json_answer(_message(call, [{"type": "text", "text": call.text}], "end_turn", ANSWER_TOKENS))


def token_count(_: MockCall) -> MockAnswer:
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
