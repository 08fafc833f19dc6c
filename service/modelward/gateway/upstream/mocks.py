"""Answers without an upstream: a deployment with `mock_response` answers this text offline, where it can, in the style
of the endpoint."""

import struct
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from uuid import uuid4

import orjson

from modelward.contract import JsonObject

# Nothing is counted offline.
PROMPT_TOKENS, ANSWER_TOKENS = 10, 20
VECTOR = (0.5, -0.5, 0.25, -0.25, 0.125, -0.125, 0.0625, -0.0625)


@dataclass(frozen=True, slots=True)
class MockCall:
    """A call to be answered with `text`, under the name asked for; `created` is in seconds since the epoch."""

    body: JsonObject
    model: str
    text: str
    created: int

    @property
    def streams(self) -> bool:
        """Whether the body asks for a stream."""
        return self.body.get("stream") is True


@dataclass(frozen=True, slots=True)
class MockAnswer:
    """A whole answer: the type of its content, and its chunks in order."""

    content_type: bytes
    chunks: list[bytes]


Events = Iterator[JsonObject | bytes]
"""A stream, a chunk for each event: an object that has a `type` is named by it, and bytes are sent as they are."""


def usage(prompt: str, answer: str, total: str) -> JsonObject:
    """How many tokens a call took, by the provider's words for the three numbers."""
    return {prompt: PROMPT_TOKENS, answer: ANSWER_TOKENS, total: PROMPT_TOKENS + ANSWER_TOKENS}


def new_id(prefix: str) -> str:
    """An id that no other answer has."""
    return f"{prefix}_{uuid4().hex}"


def words(text: str) -> list[str]:
    """`text` in pieces that join to it again, each a word with the space before it."""
    first, *rest = text.split(" ")
    return [first, *(" " + word for word in rest)]


def length(value: object) -> int:
    """How many members a list has; 0 for anything else."""
    return len(value) if isinstance(value, list) else 0


_COMPLETION_USAGE = usage("prompt_tokens", "completion_tokens", "total_tokens")


def chat(call: MockCall) -> JsonObject | Events:
    """A chat completion, whole or in chunks."""
    if call.streams:
        deltas = [{"role": "assistant", "content": ""}, *({"content": word} for word in words(call.text)), {}]
        return _chunks(call, "chat.completion.chunk", [{"delta": delta} for delta in deltas])
    message = {"role": "assistant", "content": call.text, "refusal": None}
    return _completion(call, "chat.completion", {"message": message}) | {"usage": _COMPLETION_USAGE}


def completion(call: MockCall) -> JsonObject | Events:
    """A text completion, whole or in chunks."""
    if call.streams:
        return _chunks(call, "text_completion", [{"text": word} for word in [*words(call.text), ""]])
    return _completion(call, "text_completion", {"text": call.text}) | {"usage": _COMPLETION_USAGE}


def _completion(call: MockCall, kind: str, choice: JsonObject, reason: str | None = "stop") -> JsonObject:
    choices = [{"index": 0, **choice, "finish_reason": reason, "logprobs": None}]
    return {"id": "mock", "object": kind, "created": call.created, "model": call.model, "choices": choices}


def _chunks(call: MockCall, kind: str, choices: list[JsonObject]) -> Events:
    options = call.body.get("stream_options")
    wants_usage = isinstance(options, dict) and options.get("include_usage") is True
    no_usage: JsonObject = {"usage": None} if wants_usage else {}
    for left, choice in zip(range(len(choices) - 1, -1, -1), choices, strict=True):
        yield _completion(call, kind, choice, None if left else "stop") | no_usage
    if wants_usage:
        yield _completion(call, kind, {}) | {"choices": [], "usage": _COMPLETION_USAGE}
    yield b"data: [DONE]\n\n"


_CATEGORIES = (
    *("harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent"),
    *("self-harm", "self-harm/instructions", "self-harm/intent", "sexual", "sexual/minors"),
    *("violence", "violence/graphic"),
)
_HARMLESS = {
    "flagged": False,
    "categories": dict.fromkeys(_CATEGORIES, False),
    "category_scores": dict.fromkeys(_CATEGORIES, 0.0),
    "category_applied_input_types": {category: ["text"] for category in _CATEGORIES},
}


def embeddings(call: MockCall) -> JsonObject:
    """A vector for each text, in the encoding asked for."""
    packed = b64encode(struct.pack(f"<{len(VECTOR)}f", *VECTOR)).decode()
    vector = packed if call.body.get("encoding_format") == "base64" else VECTOR
    data = [{"object": "embedding", "index": index, "embedding": vector} for index in range(_texts(call))]
    usage = {"prompt_tokens": PROMPT_TOKENS, "total_tokens": PROMPT_TOKENS}
    return {"object": "list", "model": call.model, "data": data, "usage": usage}


def _texts(call: MockCall) -> int:
    """How many texts the `input` holds: a list of numbers is one text, given as tokens."""
    given = call.body.get("input")
    return 1 if not isinstance(given, list) or all(isinstance(item, int) for item in given) else len(given)


def moderation(call: MockCall) -> JsonObject:
    """Every text is harmless; a list of parts is one text."""
    given = call.body.get("input")
    in_parts = isinstance(given, list) and any(isinstance(item, dict) for item in given)
    results = [_HARMLESS] * (1 if in_parts else _texts(call))
    return {"id": new_id("modr"), "model": call.model, "results": results}


def rerank(call: MockCall) -> JsonObject:
    """The documents in the order they came in, the first `top_n` of them; in Cohere's form."""
    places = range(length(call.body.get("documents")))
    wanted = call.body.get("top_n")
    if isinstance(wanted, int) and wanted >= 0:
        places = places[:wanted]
    results = [{"index": place, "relevance_score": 1 / (place + 1)} for place in places]
    meta = {"billed_units": {"search_units": 1}}
    return {"id": new_id("rerank"), "model": call.model, "results": results, "meta": meta}


# One white point.
_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAHLCMmQAAAABJRU5ErkJggg=="
# A tenth of a second of silence: one channel, 8000 samples a second of 8 bits, which are silent at 128.
_SAMPLES = b"\x80" * 800
_WAV = b"".join(
    (
        b"RIFF" + struct.pack("<I", 36 + len(_SAMPLES)) + b"WAVE",
        b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8),
        b"data" + struct.pack("<I", len(_SAMPLES)) + _SAMPLES,
    )
)
_MOST_PICTURES = 10


def image(call: MockCall) -> JsonObject:
    """As many pictures as are asked for, none by an address."""
    wanted = call.body.get("n")
    pictures = min(max(wanted, 1), _MOST_PICTURES) if isinstance(wanted, int) else 1
    return {"created": call.created, "data": [{"b64_json": _PNG}] * pictures}


def speech(_: MockCall) -> MockAnswer:
    """Silence, whatever the format asked for."""
    return MockAnswer(b"audio/wav", [_WAV])


def transcription(call: MockCall) -> JsonObject | MockAnswer:
    """What was said, or what it means in English."""
    if call.body.get("response_format") == "text":
        return MockAnswer(b"text/plain; charset=utf-8", [call.text.encode()])
    return {"text": call.text}


_RESPONSE_USAGE = usage("input_tokens", "output_tokens", "total_tokens") | {
    "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
    "output_tokens_details": {"reasoning_tokens": 0},
}


def response(call: MockCall) -> JsonObject | Events:
    """A response with one message, whole or as events."""
    head, item_id = _response_head(call), new_id("msg")
    if not call.streams:
        return _completed(head, _item(item_id, call.text))
    events = enumerate(_response_events(head, item_id, call.text))
    return (event | {"sequence_number": number} for number, event in events)


def input_tokens(_: MockCall) -> JsonObject:
    """How many tokens the input has."""
    return {"object": "response.input_tokens", "input_tokens": PROMPT_TOKENS}


def _response_events(head: JsonObject, item_id: str, text: str) -> Iterator[JsonObject]:
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


def _response_head(call: MockCall) -> JsonObject:
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
    return head | {"status": "completed", "output": [item], "usage": _RESPONSE_USAGE}


def _item(item_id: str, text: str) -> JsonObject:
    return {"id": item_id, "type": "message", "role": "assistant", "status": "completed", "content": [_part(text)]}


def _part(text: str) -> JsonObject:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


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
        return _message_events(call)
    return _message(call, [{"type": "text", "text": call.text}], "end_turn", ANSWER_TOKENS)


def messages_token_count(_: MockCall) -> JsonObject:
    """How many tokens the messages have."""
    return {"input_tokens": PROMPT_TOKENS}


def _message_events(call: MockCall) -> Events:
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


_GEMINI = "models/{model}:"
_VERTEX = "publishers/{publisher}/models/{model}:"

ANSWERS: Mapping[str, Callable[[MockCall], JsonObject | Events | MockAnswer]] = {
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
    f"{_GEMINI}generateContent": generated,
    f"{_GEMINI}streamGenerateContent": generated_stream,
    f"{_GEMINI}countTokens": google_token_count,
    f"{_GEMINI}embedContent": embedded,
    f"{_GEMINI}batchEmbedContents": embedded_batch,
    f"{_VERTEX}generateContent": generated,
    f"{_VERTEX}streamGenerateContent": generated_stream,
    f"{_VERTEX}countTokens": google_token_count,
    "model/{model}/converse": conversed,
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
