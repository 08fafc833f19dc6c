"""What every offline answer is made from."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

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
