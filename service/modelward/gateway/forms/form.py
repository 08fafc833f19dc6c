"""A `multipart/form-data` body, read in bounded memory and written anew (M1, M2)."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from types import TracebackType
from typing import Self

from starlette.types import Receive

from modelward.contract import JsonObject
from modelward.errors import Invalid, Refused
from modelward.gateway.body import ClientLeft
from modelward.gateway.content import Written
from modelward.gateway.forms.fields import nested
from modelward.gateway.forms.heads import boundary
from modelward.gateway.forms.names import FILE_NAMES
from modelward.gateway.forms.parts import FilePart, PartReader, TextPart
from modelward.gateway.forms.spool import Spool, close_all
from modelward.gateway.forms.writing import written
from modelward.gateway.headers import Header
from modelward.gateway.large import worked

_IDLE_SECONDS = 120.0
_WHOLE_SECONDS = 3600.0


class Form:
    """A form that was read whole. Its files lie in memory or on disk until it is closed.

    `fields` holds the texts as an object: `svg[model]` stands at `svg.model`. `plain` are fields whose texts are the
    caller's own words, and never JSON. Raises Invalid for names that clash.
    """

    def __init__(self, parts: Sequence[TextPart | FilePart], plain: frozenset[str]) -> None:
        self._parts = parts
        self._plain = plain
        self._known = nested((part for part in parts if isinstance(part, TextPart)), plain)
        self._size = sum(len(part.text) for part in parts if isinstance(part, TextPart))
        self.files = [part for part in parts if isinstance(part, FilePart)]

    @property
    def fields(self) -> JsonObject:
        """The texts; those that are JSON are parsed."""
        return self._known.value

    @property
    def size(self) -> int:
        """How long the texts are, in characters."""
        return self._size

    def written(self, fields: JsonObject) -> Written:
        """The form with the texts of `fields`, and all files, parts in their order; may be asked for again.

        The body of a stream raises OSError when a file cannot be read. Raises Invalid for what no form can hold.
        """
        return written(self._parts, self._known, fields, self._plain)

    def with_file(self, part: FilePart, file: Spool) -> "Form":
        """This form with `file` in place of what `part` holds; whoever made it closes it, and this form its own."""
        parts = [
            replace(each, file=file) if isinstance(each, FilePart) and each is part else each for each in self._parts
        ]
        return Form(parts, self._plain)

    async def aclose(self) -> None:
        """Forget the files."""
        await close_all([part.file for part in self.files])

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self.aclose()


async def read_form(
    headers: Sequence[Header],
    receive: Receive,
    limit: int,
    plain: frozenset[str] = frozenset(),
    file_names: frozenset[str] = FILE_NAMES,
    *,
    idle_seconds: float = _IDLE_SECONDS,
    whole_seconds: float = _WHOLE_SECONDS,
) -> Form:
    """The form, which the caller must close; a part may be a file only under one of `file_names`, and is never JSON
    under one of `plain`.

    Raises Invalid for what is no form. Raises Refused: 413 beyond `limit` bytes, 408 when nothing came for
    `idle_seconds` or it is not whole in `whole_seconds`, 503 when there is no room for its files. Raises ClientLeft.
    """
    for name, value in headers:
        if name == b"content-length" and value.isdigit():
            _check(int(value), limit)
    reader = PartReader(boundary(headers), file_names)
    async with AsyncExitStack() as on_error:
        on_error.push_async_callback(close_all, reader.spools)
        try:
            async with asyncio.timeout(whole_seconds):
                await _receive_all(reader, receive, limit, idle_seconds)
        except TimeoutError:
            raise Refused("the form did not come in time; send it again", status=408) from None
        if not reader.whole:
            raise Invalid("the form breaks off before its last boundary; send it whole")
        size = sum(len(part.text) for part in reader.parts if isinstance(part, TextPart))
        form = await worked(size, lambda: Form(reader.parts, plain))
        on_error.pop_all()
        return form


async def _receive_all(reader: PartReader, receive: Receive, limit: int, idle_seconds: float) -> None:
    received, more = 0, True
    while more:
        async with asyncio.timeout(idle_seconds):
            message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        chunk: bytes = message.get("body", b"")
        received += len(chunk)
        _check(received, limit)
        await reader.feed(chunk)
        more = message.get("more_body", False)
    await reader.flush()


def _check(size: int, limit: int) -> None:
    if size > limit:
        raise Refused(f"the form is longer than {limit} bytes; send less", status=413)
