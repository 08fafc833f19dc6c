"""OpenAI's answers: completions, responses, embeddings and the like, pictures and sound."""

import struct
from base64 import b64encode
from collections.abc import Iterator

from modelward.contract import JsonObject
from modelward.gateway.upstream.mocks.answers import (
    PROMPT_TOKENS,
    VECTOR,
    Events,
    MockAnswer,
    MockCall,
    length,
    new_id,
    usage,
    words,
)

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
    events = enumerate(_events(head, item_id, call.text))
    return (event | {"sequence_number": number} for number, event in events)


def input_tokens(_: MockCall) -> JsonObject:
    """How many tokens the input has."""
    return {"object": "response.input_tokens", "input_tokens": PROMPT_TOKENS}


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
