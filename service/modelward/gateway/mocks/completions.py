"""OpenAI's chat and text completions."""

from collections.abc import Callable, Iterator

from modelward.contract import JsonObject
from modelward.gateway.mocks.answers import (
    ALL_TOKENS,
    ANSWER_TOKENS,
    PROMPT_TOKENS,
    MockAnswer,
    MockCall,
    json_answer,
    stream_answer,
    words,
)

_USAGE = {"prompt_tokens": PROMPT_TOKENS, "completion_tokens": ANSWER_TOKENS, "total_tokens": ALL_TOKENS}


def chat(call: MockCall) -> MockAnswer:
    """A chat completion, whole or in chunks."""
    if call.streams:
        return _stream(call, _chat_chunks)
    message = {"role": "assistant", "content": call.text, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return json_answer(_head("chat.completion", call) | {"choices": [choice], "usage": _USAGE})


def completion(call: MockCall) -> MockAnswer:
    """A text completion, whole or in chunks."""
    if call.streams:
        return _stream(call, _completion_chunks)
    choice = {"index": 0, "text": call.text, "finish_reason": "stop", "logprobs": None}
    return json_answer(_head("text_completion", call) | {"choices": [choice], "usage": _USAGE})


def _chat_chunks(call: MockCall) -> Iterator[JsonObject]:
    deltas: list[tuple[JsonObject, str | None]] = [({"role": "assistant", "content": ""}, None)]
    deltas += [({"content": word}, None) for word in words(call.text)]
    deltas += [({}, "stop")]
    for delta, reason in deltas:
        choice = {"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}
        yield _head("chat.completion.chunk", call) | {"choices": [choice]}


def _completion_chunks(call: MockCall) -> Iterator[JsonObject]:
    for word, reason in [*((word, None) for word in words(call.text)), ("", "stop")]:
        choice = {"index": 0, "text": word, "finish_reason": reason, "logprobs": None}
        yield _head("text_completion", call) | {"choices": [choice]}


def _stream(call: MockCall, chunks: Callable[[MockCall], Iterator[JsonObject]]) -> MockAnswer:
    values = list(chunks(call))
    if _wants_usage(call.body):
        values = [value | {"usage": None} for value in values] + [values[-1] | {"choices": [], "usage": _USAGE}]
    return stream_answer(values, [b"data: [DONE]\n\n"])


def _head(kind: str, call: MockCall) -> JsonObject:
    return {"id": "mock", "object": kind, "created": call.created, "model": call.model}


def _wants_usage(body: JsonObject) -> bool:
    options = body.get("stream_options")
    return isinstance(options, dict) and options.get("include_usage") is True
