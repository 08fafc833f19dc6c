"""A form's parts as they come in, bounded in number and in memory."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError

from modelward.errors import Invalid, Refused
from modelward.gateway.forms.heads import Head, part_head
from modelward.gateway.forms.names import check_file_name, segments, shown
from modelward.gateway.forms.spool import IN_MEMORY, Spool
from modelward.gateway.headers import Header

_MOST_PARTS = 1000
_MOST_FILES = 20
_LONGEST_TEXT = 1024 * 1024
_MOST_TEXT = 16 * 1024 * 1024
_AT_ONCE = 256 * 1024
_MOST_WAITING = 1000


@dataclass(frozen=True, slots=True, eq=False)
class TextPart:
    """A text field. `content_type` is as sent."""

    name: str
    text: str
    content_type: str | None


@dataclass(frozen=True, slots=True, eq=False)
class FilePart:
    """A file, kept until its form is closed."""

    name: str
    filename: str
    content_type: str
    file: Spool

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return self.file.size

    async def chunks(self, length: int = IN_MEMORY) -> AsyncIterator[bytes]:
        """Its bytes from the start, at most `length` at a time. Raises OSError."""
        offset = 0
        while chunk := await asyncio.to_thread(self.file.read, offset, length):
            offset += len(chunk)
            yield chunk


class PartReader:
    """Takes a form's body chunk by chunk. `whole` once its end was seen; `parts` are then all of them, in order."""

    def __init__(self, boundary: bytes, file_names: frozenset[str]) -> None:
        self.parts: list[TextPart | FilePart] = []
        self.spools: list[Spool] = []
        self.whole = False
        self._file_names = file_names
        self._begun = False
        self._fields: list[Header] = []
        self._field = self._value = b""
        self._head = Head("", None, None)
        self._spool: Spool | None = None
        self._text = bytearray()
        self._all_text = 0
        self._waiting: list[tuple[Spool, bytes]] = []
        self._waiting_size = 0
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._on_part_begin,
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_head,
                "on_part_data": self._on_data,
                "on_part_end": self._on_part_end,
                "on_end": self._on_end,
            },
        )

    async def feed(self, chunk: bytes) -> None:
        """Read the next bytes of the body. Raises Invalid, and Refused: 413 for too much text, 503 for a full disk."""
        if not self._begun:
            chunk = chunk.lstrip(b"\r\n")
            if chunk and not chunk.startswith(b"-"):
                raise Invalid("the form does not begin with its boundary; send no text before it")
            self._begun = bool(chunk)
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise Invalid("the form cannot be read; encode it again as `multipart/form-data`") from None
        if self._waiting_size > _AT_ONCE or len(self._waiting) > _MOST_WAITING:
            await self.flush()

    async def flush(self) -> None:
        """Put what has come of files where it is kept. Raises Refused: 503 when there is no room."""
        waiting, size = self._waiting, self._waiting_size
        self._waiting, self._waiting_size = [], 0
        try:
            if all(spool.size + size < IN_MEMORY for spool, _ in waiting):
                _add(waiting)
            else:
                await asyncio.to_thread(_add, waiting)
        except OSError:
            raise Refused(
                "the files cannot be kept now; send the form again later", kind="server_error", status=503
            ) from None

    def _on_part_begin(self) -> None:
        if len(self.parts) >= _MOST_PARTS:
            raise Invalid(f"the form has more than {_MOST_PARTS} parts; send fewer")
        self._fields, self._spool, self._text = [], None, bytearray()

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        self._fields.append((self._field.lower(), self._value))
        self._field = self._value = b""

    def _on_head(self) -> None:
        self._head = part_head(self._fields)
        if self._head.filename is None:
            segments(self._head.name)
            return
        check_file_name(self._head.name, self._file_names)
        if len(self.spools) >= _MOST_FILES:
            raise Invalid(f"the form has more than {_MOST_FILES} files; send fewer")
        self._spool = Spool()
        self.spools.append(self._spool)

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._spool is not None:
            self._waiting.append((self._spool, data[start:end]))
            self._waiting_size += end - start
            return
        self._text += data[start:end]
        self._all_text += end - start
        if len(self._text) > _LONGEST_TEXT:
            raise Invalid(f"`{shown(self._head.name)}` is longer than {_LONGEST_TEXT} bytes; send a shorter text")
        if self._all_text > _MOST_TEXT:
            raise Refused(f"the form's texts are longer than {_MOST_TEXT} bytes; send less", status=413)

    def _on_part_end(self) -> None:
        name, filename, content_type = self._head.name, self._head.filename, self._head.content_type
        if self._spool is not None and filename is not None:
            self.parts.append(FilePart(name, filename, content_type or "application/octet-stream", self._spool))
            return
        try:
            self.parts.append(TextPart(name, self._text.decode(), content_type))
        except UnicodeDecodeError:
            raise Invalid(f"`{shown(name)}` is not UTF-8; encode it again") from None

    def _on_end(self) -> None:
        self.whole = True


def _add(waiting: list[tuple[Spool, bytes]]) -> None:
    for spool, data in waiting:
        spool.add(data)
