"""The answers of Anthropic, Gemini, Vertex AI and Bedrock to calls that leave nothing behind."""

from collections.abc import Callable
from typing import Any

from harness.provider_replies import TEXT, Event, said, streamed
from harness.upstream import Call, Reply


def _message(call: Call) -> Reply:
    asked = call.json()
    usage = {"input_tokens": 1, "output_tokens": 1}
    message: dict[str, Any] = {"id": "msg_1", "type": "message", "role": "assistant", "model": asked["model"]}
    block = {"type": "text", "text": TEXT}
    end = {"stop_reason": "end_turn", "stop_sequence": None}
    if not asked.get("stream"):
        return said(message | end | {"content": [block], "usage": usage})
    begun = message | {"content": [], "stop_reason": None, "stop_sequence": None, "usage": usage}
    events: list[Event] = [
        ("message_start", {"message": begun}),
        ("content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}}),
        ("content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": TEXT}}),
        ("content_block_stop", {"index": 0}),
        ("message_delta", {"delta": end, "usage": {"output_tokens": 1}}),
        ("message_stop", {}),
    ]
    return streamed((name, {"type": name} | data) for name, data in events)


def _generated() -> dict[str, Any]:
    candidate = {"index": 0, "finishReason": "STOP", "content": {"role": "model", "parts": [{"text": TEXT}]}}
    usage = {"promptTokenCount": 1, "candidatesTokenCount": 1, "totalTokenCount": 2}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "m", "responseId": "r"}


def _converse(_: Call) -> Reply:
    message = {"role": "assistant", "content": [{"text": TEXT}]}
    usage = {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}
    return said({"output": {"message": message}, "stopReason": "end_turn", "usage": usage, "metrics": {"latencyMs": 1}})


CALLS: tuple[tuple[str, Callable[[Call], Reply]], ...] = (
    ("/v1/messages", _message),
    ("/v1/messages/count_tokens", lambda _: said({"input_tokens": 7})),
    (":generateContent", lambda _: said(_generated())),
    (":streamGenerateContent", lambda _: streamed([("", _generated()), ("", _generated())])),
    (":countTokens", lambda _: said({"totalTokens": 7})),
    (":embedContent", lambda _: said({"embedding": {"values": [0.0, 1.0]}})),
    (":batchEmbedContents", lambda _: said({"embeddings": [{"values": [0.0, 1.0]}]})),
    ("/model/[^/]+/converse", _converse),
)
"""The end of each path, as a pattern, and what is answered there to a POST; the first that fits."""
