"""Answers without an upstream: a deployment with `mock_response` answers this text offline, where it can, in the style
of the endpoint. The table of answers is `mocks.yaml`."""

import struct
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from typing import Any
from uuid import uuid4

import orjson
import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from modelward.contract import JsonObject

_VECTOR = (0.5, -0.5, 0.25, -0.25, 0.125, -0.125, 0.0625, -0.0625)
_PACKED = b64encode(struct.pack(f"<{len(_VECTOR)}f", *_VECTOR)).decode()
_MOST_PICTURES = 10
_EACH, _IS = "$each", "$is"


class MockTemplate(BaseModel):
    """What one operation answers; the fields are explained in the table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    whole: JsonObject | bytes | None = None
    content_type: str = "application/json"
    plain: bool = False
    events: tuple[JsonObject, ...] = ()
    numbered: bool = False
    usage_event: JsonObject | None = None
    end: str | None = None


ANSWERS = TypeAdapter(Mapping[str, MockTemplate]).validate_python(
    yaml.safe_load(files(__package__).joinpath("mocks.yaml").read_text(encoding="utf-8"))
)
"""By what a deployment is asked for, as the table of endpoints writes it."""


@dataclass(frozen=True, slots=True)
class MockAnswer:
    """A whole answer: the type of its content, and its chunks in order."""

    content_type: bytes
    chunks: list[bytes]


def answer(operation: str, body: JsonObject, model: str, text: str, created: int) -> MockAnswer | None:
    """The answer of `operation` to `body`, under the name asked for; `created` is in seconds since the epoch.

    `None` for an operation that has no offline answer.
    """
    template = ANSWERS.get(operation)
    if template is None:
        return None
    values = {"model": model, "text": text, "created": created, "id": uuid4().hex, **_words(text), **_asked(body)}
    if template.plain and body.get("response_format") == "text":
        return MockAnswer(b"text/plain; charset=utf-8", [text.encode()])
    if template.whole is None or (template.events and body.get("stream") is True):
        return MockAnswer(b"text/event-stream; charset=utf-8", _stream(template, body, values))
    whole = template.whole if isinstance(template.whole, bytes) else orjson.dumps(_filled(template.whole, values))
    return MockAnswer(template.content_type.encode(), [whole])


def _words(text: str) -> JsonObject:
    first, *rest = text.split(" ")
    words = [first, *(" " + word for word in rest)]
    return {"words": words, "first_words": words[:-1], "last_word": words[-1]}


def _asked(body: JsonObject) -> JsonObject:
    """The values that depend on what the body asks for. A list of numbers is one text, given as tokens."""
    given, documents, requests = (
        found if isinstance(found := body.get(name), list) else [] for name in ("input", "documents", "requests")
    )
    texts = len(given) if any(not isinstance(item, int) for item in given) else 1
    wanted, pictures = body.get("top_n"), body.get("n")
    most = wanted if isinstance(wanted, int) and wanted >= 0 else len(documents)
    return {
        "texts": range(texts),
        "moderated": range(1 if any(isinstance(item, dict) for item in given) else texts),
        "ranked": [{"index": at, "relevance_score": 1 / (at + 1)} for at in range(len(documents))[:most]],
        "pictures": range(min(max(pictures, 1), _MOST_PICTURES) if isinstance(pictures, int) else 1),
        "requests": requests,
        "vector": _VECTOR,
        "embedding": _PACKED if body.get("encoding_format") == "base64" else _VECTOR,
        "previous": body.get("previous_response_id"),
    }


def _stream(template: MockTemplate, body: JsonObject, values: Mapping[str, Any]) -> list[bytes]:
    events: list[JsonObject] = []
    for event in template.events:
        filled = _filled(event, values)
        events += filled if isinstance(filled, list) else [filled]
    options = body.get("stream_options")
    if template.usage_event and isinstance(options, dict) and options.get("include_usage") is True:
        events = [*({**event, "usage": None} for event in events), _filled(template.usage_event, values)]
    if template.numbered:
        events = [{**event, "sequence_number": number} for number, event in enumerate(events)]
    chunks = []
    for event in events:
        name = f"event: {event['type']}\n".encode() if "type" in event else b""
        chunks.append(b"%bdata: %b\n\n" % (name, orjson.dumps(event)))
    return [*chunks, f"data: {template.end}\n\n".encode()] if template.end else chunks


def _filled(template: Any, values: Mapping[str, Any]) -> Any:
    """`template` with the values in their places."""
    if isinstance(template, dict):
        if _EACH in template:
            items = _filled(template[_EACH], values)
            return [_filled(template[_IS], {**values, "item": item}) for item in items]
        return {name: _filled(value, values) for name, value in template.items()}
    if isinstance(template, list):
        return [_filled(item, values) for item in template]
    if isinstance(template, str) and "$" in template:
        return values[template[1:]] if template.startswith("$") else Template(template).substitute(values)
    return template
