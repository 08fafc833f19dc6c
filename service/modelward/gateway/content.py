"""A request's content as it was parsed, and how it is written anew for an upstream (M2)."""

from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import Protocol

import orjson

from modelward.contract import JsonObject


@dataclass(frozen=True, slots=True)
class Written:
    """A body ready to send. `length` is that of a stream, in bytes, where it is known; `content_type` is empty where
    there is no body."""

    content_type: bytes
    body: bytes | AsyncIterable[bytes]
    length: int | None = None


class Content(Protocol):
    """What a request holds. `fields` is where its models are looked for, a form's texts as an object too."""

    @property
    def fields(self) -> JsonObject:
        """The parsed fields; what is written may be made of other ones."""
        ...

    @property
    def size(self) -> int:
        """How many bytes the fields were read from."""
        ...

    def written(self, fields: JsonObject) -> Written:
        """The content with `fields` in place of its own; may be asked for again."""
        ...

    async def aclose(self) -> None:
        """Let go of what lies on disk."""
        ...


@dataclass(frozen=True, slots=True)
class JsonContent:
    """A JSON object."""

    fields: JsonObject
    size: int = 0

    def written(self, fields: JsonObject) -> Written:
        """See `Content`."""
        return Written(b"application/json", orjson.dumps(fields))

    async def aclose(self) -> None:
        """See `Content`."""


@dataclass(frozen=True, slots=True)
class NoContent:
    """A request without a body; one that came all the same is not read."""

    @property
    def fields(self) -> JsonObject:
        """See `Content`."""
        return {}

    @property
    def size(self) -> int:
        """See `Content`."""
        return 0

    def written(self, fields: JsonObject) -> Written:
        """See `Content`."""
        return Written(b"", b"")

    async def aclose(self) -> None:
        """See `Content`."""
