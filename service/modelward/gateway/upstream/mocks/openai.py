"""OpenAI's answers: completions, responses, embeddings and the like, pictures and sound."""

import struct
from base64 import b64encode
from collections.abc import Callable, Iterator

from modelward.contract import JsonObject
from modelward.gateway.upstream.mocks.answers import (
    ALL_TOKENS,
    ANSWER_TOKENS,
    PROMPT_TOKENS,
    VECTOR,
    MockAnswer,
    MockCall,
    count,
    json_answer,
    named_stream_answer,
    new_id,
    stream_answer,
    words,
)

_COMPLETION_USAGE = {"prompt_tokens": PROMPT_TOKENS, "completion_tokens": ANSWER_TOKENS, "total_tokens": ALL_TOKENS}


def chat(call: MockCall) -> MockAnswer:
    """A chat completion, whole or in chunks."""
    if call.streams:
        return _stream(call, _chat_chunks)
    message = {"role": "assistant", "content": call.text, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return json_answer(_completion_head("chat.completion", call) | {"choices": [choice], "usage": _COMPLETION_USAGE})


def completion(call: MockCall) -> MockAnswer:
    """A text completion, whole or in chunks."""
    if call.streams:
        return _stream(call, _completion_chunks)
    choice = {"index": 0, "text": call.text, "finish_reason": "stop", "logprobs": None}
    return json_answer(_completion_head("text_completion", call) | {"choices": [choice], "usage": _COMPLETION_USAGE})


def _chat_chunks(call: MockCall) -> Iterator[JsonObject]:
    deltas: list[tuple[JsonObject, str | None]] = [({"role": "assistant", "content": ""}, None)]
    deltas += [({"content": word}, None) for word in words(call.text)]
    deltas += [({}, "stop")]
    for delta, reason in deltas:
        choice = {"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}
        yield _completion_head("chat.completion.chunk", call) | {"choices": [choice]}


def _completion_chunks(call: MockCall) -> Iterator[JsonObject]:
    for word, reason in [*((word, None) for word in words(call.text)), ("", "stop")]:
        choice = {"index": 0, "text": word, "finish_reason": reason, "logprobs": None}
        yield _completion_head("text_completion", call) | {"choices": [choice]}


def _stream(call: MockCall, chunks: Callable[[MockCall], Iterator[JsonObject]]) -> MockAnswer:
    values = list(chunks(call))
    if _wants_usage(call.body):
        values = [value | {"usage": None} for value in values] + [
            values[-1] | {"choices": [], "usage": _COMPLETION_USAGE}
        ]
    return stream_answer(values, [b"data: [DONE]\n\n"])


def _completion_head(kind: str, call: MockCall) -> JsonObject:
    return {"id": "mock", "object": kind, "created": call.created, "model": call.model}


def _wants_usage(body: JsonObject) -> bool:
    options = body.get("stream_options")
    return isinstance(options, dict) and options.get("include_usage") is True


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


def embeddings(call: MockCall) -> MockAnswer:
    """A vector for each text, in the encoding asked for."""
    packed = b64encode(struct.pack(f"<{len(VECTOR)}f", *VECTOR)).decode()
    vector = packed if call.body.get("encoding_format") == "base64" else VECTOR
    texts = count(call.body.get("input"))
    data = [{"object": "embedding", "index": index, "embedding": vector} for index in range(texts)]
    usage = {"prompt_tokens": PROMPT_TOKENS, "total_tokens": PROMPT_TOKENS}
    return json_answer({"object": "list", "model": call.model, "data": data, "usage": usage})


def moderation(call: MockCall) -> MockAnswer:
    """Every text is harmless; a list of parts is one text."""
    given = call.body.get("input")
    in_parts = isinstance(given, list) and any(isinstance(item, dict) for item in given)
    results = [_HARMLESS] * (1 if in_parts else count(given))
    return json_answer({"id": new_id("modr"), "model": call.model, "results": results})


def rerank(call: MockCall) -> MockAnswer:
    """The documents in the order they came in, the first `top_n` of them; in Cohere's form."""
    documents = call.body.get("documents")
    places = range(len(documents) if isinstance(documents, list) else 0)
    wanted = call.body.get("top_n")
    if isinstance(wanted, int) and wanted >= 0:
        places = places[:wanted]
    results = [{"index": place, "relevance_score": 1 / (place + 1)} for place in places]
    meta = {"billed_units": {"search_units": 1}}
    return json_answer({"id": new_id("rerank"), "model": call.model, "results": results, "meta": meta})


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


def image(call: MockCall) -> MockAnswer:
    """As many pictures as are asked for, none by an address."""
    wanted = call.body.get("n")
    pictures = min(max(wanted, 1), _MOST_PICTURES) if isinstance(wanted, int) else 1
    return json_answer({"created": call.created, "data": [{"b64_json": _PNG}] * pictures})


def speech(_: MockCall) -> MockAnswer:
    """Silence, whatever the format asked for."""
    return MockAnswer(b"audio/wav", [_WAV])


def transcription(call: MockCall) -> MockAnswer:
    """What was said, or what it means in English."""
    if call.body.get("response_format") == "text":
        return MockAnswer(b"text/plain; charset=utf-8", [call.text.encode()])
    return json_answer({"text": call.text})


_RESPONSE_USAGE = {
    "input_tokens": PROMPT_TOKENS,
    "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
    "output_tokens": ANSWER_TOKENS,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": ALL_TOKENS,
}


def response(call: MockCall) -> MockAnswer:
    """A response with one message, whole or as events."""
    head, item_id = _response_head(call), new_id("msg")
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
