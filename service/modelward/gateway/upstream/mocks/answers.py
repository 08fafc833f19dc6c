"""What every offline answer is made from, and what it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

import orjson

from modelward.contract import JsonObject

# Nothing is counted offline.
PROMPT_TOKENS, ANSWER_TOKENS = 10, 20
ALL_TOKENS = PROMPT_TOKENS + ANSWER_TOKENS
VECTOR = (0.5, -0.5, 0.25, -0.25, 0.125, -0.125, 0.0625, -0.0625)

EVENT_STREAM = b"text/event-stream; charset=utf-8"


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


def json_answer(value: JsonObject) -> MockAnswer:
    """An answer that is one JSON object."""
    return MockAnswer(b"application/json", [orjson.dumps(value)])


def stream_answer(values: Iterable[JsonObject], last: Iterable[bytes] = ()) -> MockAnswer:
    """An event stream of nameless events, a chunk each."""
    return MockAnswer(EVENT_STREAM, [*(b"data: %b\n\n" % orjson.dumps(value) for value in values), *last])


def named_stream_answer(values: Iterable[JsonObject]) -> MockAnswer:
    """An event stream whose events are named by their own `type`, a chunk each."""
    events = ((str(value["type"]).encode(), orjson.dumps(value)) for value in values)
    return MockAnswer(EVENT_STREAM, [b"event: %b\ndata: %b\n\n" % event for event in events])


def new_id(prefix: str) -> str:
    """An id that no other answer bears."""
    return f"{prefix}_{uuid4().hex}"


def words(text: str) -> list[str]:
    """`text` in pieces that join to it again, each a word with the space before it."""
    first, *rest = text.split(" ")
    return [first, *(" " + word for word in rest)]


def count(value: object) -> int:
    """How many texts a body's `input` holds: a list of numbers is one text, given as tokens."""
    if not isinstance(value, list) or all(isinstance(item, int) for item in value):
        return 1
    return len(value)
