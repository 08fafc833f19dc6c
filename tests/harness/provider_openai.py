"""OpenAI's answers to calls that leave nothing behind; Azure's are the same."""

from collections.abc import Callable
from itertools import count
from typing import Any

from harness.provider_replies import TEXT, Event, said, streamed
from harness.upstream import Call, Reply

SOUND = b"ID3 the sound of a provider"

_numbers = count(1)
_USAGE = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
_IMAGE = {"created": 1, "data": [{"b64_json": "aGVsbG8="}]}


def _chat(call: Call) -> Reply:
    asked = call.json()
    whole: dict[str, Any] = {"id": "chatcmpl-1", "created": 1, "model": asked.get("model", "in-the-path")}
    if not asked.get("stream"):
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": TEXT}}
        return said(whole | {"object": "chat.completion", "choices": [choice], "usage": _USAGE})
    whole["object"] = "chat.completion.chunk"
    deltas = [({"role": "assistant", "content": TEXT}, None), ({}, "stop")]
    choices = [{"index": 0, "delta": delta, "finish_reason": reason} for delta, reason in deltas]
    return streamed((("", whole | {"choices": [choice]}) for choice in choices), "data: [DONE]\n\n")


def _completion(call: Call) -> Reply:
    choice = {"index": 0, "finish_reason": "stop", "text": TEXT, "logprobs": None}
    whole = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": call.json()["model"]}
    return said(whole | {"choices": [choice], "usage": _USAGE})


def _embedding(call: Call) -> Reply:
    asked = call.json()["input"]
    count = len(asked) if isinstance(asked, list) else 1
    data = [{"object": "embedding", "index": index, "embedding": [0.0, 1.0]} for index in range(count)]
    return said({"object": "list", "model": "m", "data": data, "usage": {"prompt_tokens": 1, "total_tokens": 1}})


def _moderation(call: Call) -> Reply:
    result: dict[str, Any] = {"flagged": True, "categories": {}, "category_scores": {}}
    return said({"id": "modr-1", "model": call.json()["model"], "results": [result]})


def _response(call: Call) -> Reply:
    asked = call.json()
    response = response_object(asked)
    if not asked.get("stream"):
        return said(response)
    begun = response | {"status": "in_progress", "output": []}
    delta = {"item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": TEXT, "logprobs": []}
    events: list[Event] = [
        ("response.created", {"response": begun}),
        ("response.output_text.delta", delta),
        ("response.completed", {"response": response}),
    ]
    return streamed((name, {"type": name, "sequence_number": n} | data) for n, (name, data) in enumerate(events))


def response_object(asked: dict[str, Any]) -> dict[str, Any]:
    """A finished response, with an id that no other has."""
    part = {"type": "output_text", "text": TEXT, "annotations": []}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
    return {
        "id": f"resp_{next(_numbers)}",
        "object": "response",
        "created_at": 1,
        "status": "completed",
        "model": asked.get("model", "m"),
        "previous_response_id": asked.get("previous_response_id"),
        "output": [message],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
    }


def _secret(call: Call) -> Reply:
    lives = call.json()["expires_after"]["seconds"]
    return said({"value": "ek_1", "expires_at": 1 + lives, "session": {"type": "realtime", "id": "sess_1"}})


CALLS: tuple[tuple[str, Callable[[Call], Reply]], ...] = (
    ("/chat/completions", _chat),
    ("/completions", _completion),
    ("/embeddings", _embedding),
    ("/moderations", _moderation),
    ("/audio/speech", lambda _: Reply(body=SOUND, content_type="audio/mpeg")),
    ("/audio/(transcriptions|translations)", lambda _: said({"text": TEXT})),
    ("/images/(generations|edits|variations)", lambda _: said(_IMAGE)),
    ("/responses", _response),
    ("/responses/input_tokens", lambda _: said({"object": "response.input_tokens", "input_tokens": 1})),
    ("/realtime/client_secrets", _secret),
)
"""The end of each path, as a pattern, and what is answered there to a POST; the first that fits."""
