"""OpenAI's responses. Each has an id of its own, by which it can be named again."""

from collections.abc import Iterator

from modelward.contract import JsonObject
from modelward.gateway.mocks.answers import (
    ALL_TOKENS,
    ANSWER_TOKENS,
    PROMPT_TOKENS,
    MockAnswer,
    MockCall,
    json_answer,
    named_stream_answer,
    new_id,
    words,
)

_USAGE = {
    "input_tokens": PROMPT_TOKENS,
    "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
    "output_tokens": ANSWER_TOKENS,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": ALL_TOKENS,
}


def response(call: MockCall) -> MockAnswer:
    """A response with one message, whole or as events."""
    head, item_id = _head(call), new_id("msg")
    if not call.streams:
        return json_answer(_completed(head, _item(item_id, call.text)))
    events = enumerate(_events(head, item_id, call.text))
    return named_stream_answer(event | {"sequence_number": number} for number, event in events)


def input_tokens(_: MockCall) -> MockAnswer:
    """How many tokens the input has."""
    return json_answer({"object": "response.input_tokens", "input_tokens": PROMPT_TOKENS})


def _events(head: JsonObject, item_id: str, text: str) -> Iterator[JsonObject]:
    begun = head | {"status": "in_progress", "output": []}
    empty_item = {"id": item_id, "type": "message", "role": "assistant", "status": "in_progress", "content": []}
    item, at_item = _item(item_id, text), {"output_index": 0}
    at_part = at_item | {"item_id": item_id, "content_index": 0}
    yield {"type": "response.created", "response": begun}
    yield {"type": "response.in_progress", "response": begun}
    yield {"type": "response.output_item.added", "item": empty_item} | at_item
    yield {"type": "response.content_part.added", "part": _part("")} | at_part
    for word in words(text):
        yield {"type": "response.output_text.delta", "delta": word, "logprobs": []} | at_part
    yield {"type": "response.output_text.done", "text": text, "logprobs": []} | at_part
    yield {"type": "response.content_part.done", "part": _part(text)} | at_part
    yield {"type": "response.output_item.done", "item": item} | at_item
    yield {"type": "response.completed", "response": _completed(head, item)}


def _head(call: MockCall) -> JsonObject:
    return {
        "id": new_id("resp"),
        "object": "response",
        "created_at": call.created,
        "model": call.model,
        "previous_response_id": call.body.get("previous_response_id"),
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
    }


def _completed(head: JsonObject, item: JsonObject) -> JsonObject:
    return head | {"status": "completed", "output": [item], "usage": _USAGE}


def _item(item_id: str, text: str) -> JsonObject:
    return {"id": item_id, "type": "message", "role": "assistant", "status": "completed", "content": [_part(text)]}


def _part(text: str) -> JsonObject:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
