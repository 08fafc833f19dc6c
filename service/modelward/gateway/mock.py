"""Answers without an upstream: a deployment with `mock_response` answers this text, in OpenAI's form, offline."""

import struct
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from modelward.gateway.providers import UpstreamOperation

# Nothing is counted offline.
_USAGE = {"prompt_tokens": 10, "completion_tokens": 20, "total_tokens": 30}
_VECTOR = [0.5, -0.5, 0.25, -0.25, 0.125, -0.125, 0.0625, -0.0625]

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MockAnswer:
    """A whole answer: the type of its content, and its chunks in order."""

    content_type: bytes
    chunks: list[bytes]


def answer(operation: UpstreamOperation, body: JsonObject, model: str, text: str, created: int) -> MockAnswer:
    """The answer of `operation` to `body`, under the name asked for; `created` is in seconds since the epoch."""
    if operation == "embeddings":
        return _json(_embeddings(body, model))
    chat = operation == "chat/completions"
    if body.get("stream") is not True:
        return _json((_chat if chat else _completion)(model, text, created))
    chunks = (_chat_chunks if chat else _completion_chunks)(model, text, created)
    return _events(chunks, with_usage=_wants_usage(body))


def _json(value: JsonObject) -> MockAnswer:
    return MockAnswer(b"application/json", [orjson.dumps(value)])


def _chat(model: str, text: str, created: int) -> JsonObject:
    message = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return _head("chat.completion", model, created) | {"choices": [choice], "usage": _USAGE}


def _completion(model: str, text: str, created: int) -> JsonObject:
    choice = {"index": 0, "text": text, "finish_reason": "stop", "logprobs": None}
    return _head("text_completion", model, created) | {"choices": [choice], "usage": _USAGE}


def _chat_chunks(model: str, text: str, created: int) -> Iterator[JsonObject]:
    deltas: list[tuple[JsonObject, str | None]] = [({"role": "assistant", "content": ""}, None)]
    deltas += [({"content": word}, None) for word in _words(text)]
    deltas += [({}, "stop")]
    for delta, reason in deltas:
        choice = {"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}
        yield _head("chat.completion.chunk", model, created) | {"choices": [choice]}


def _completion_chunks(model: str, text: str, created: int) -> Iterator[JsonObject]:
    for word, reason in [*((word, None) for word in _words(text)), ("", "stop")]:
        choice = {"index": 0, "text": word, "finish_reason": reason, "logprobs": None}
        yield _head("text_completion", model, created) | {"choices": [choice]}


def _events(chunks: Iterator[JsonObject], with_usage: bool) -> MockAnswer:
    values = list(chunks)
    if with_usage:
        values = [value | {"usage": None} for value in values] + [values[-1] | {"choices": [], "usage": _USAGE}]
    events = [b"data: %b\n\n" % orjson.dumps(value) for value in values]
    return MockAnswer(b"text/event-stream; charset=utf-8", [*events, b"data: [DONE]\n\n"])


def _embeddings(body: JsonObject, model: str) -> JsonObject:
    packed = b64encode(struct.pack(f"<{len(_VECTOR)}f", *_VECTOR)).decode()
    vector = packed if body.get("encoding_format") == "base64" else _VECTOR
    data = [{"object": "embedding", "index": i, "embedding": vector} for i in range(_inputs(body.get("input")))]
    return {"object": "list", "model": model, "data": data, "usage": {"prompt_tokens": 10, "total_tokens": 10}}


def _inputs(value: object) -> int:
    """How many texts `input` holds: a list of numbers is one text, given as tokens."""
    if not isinstance(value, list) or all(isinstance(item, int) for item in value):
        return 1
    return len(value)


def _head(kind: str, model: str, created: int) -> JsonObject:
    return {"id": "mock", "object": kind, "created": created, "model": model}


def _words(text: str) -> list[str]:
    """`text` in pieces that join to it again, each a word with the space before it."""
    first, *rest = text.split(" ")
    return [first, *(" " + word for word in rest)]


def _wants_usage(body: JsonObject) -> bool:
    options = body.get("stream_options")
    return isinstance(options, dict) and options.get("include_usage") is True
