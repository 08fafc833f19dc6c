"""The parts of a multipart form: read strictly (RFC 7578), bounded in number and memory, and written anew."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from email.message import Message
from tempfile import SpooledTemporaryFile
from threading import Lock

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError

from modelward.contract.facts import UNPRINTABLE, shortened
from modelward.errors import Invalid, Refused
from modelward.gateway.headers import Header
from modelward.gateway.request.body import Written, worked

IN_MEMORY = 1024 * 1024


class Spool:
    """Bytes that are added, then read any number of times. Calls may block, and may come from any thread.

    What is on disk has no name there, and is gone when the spool is closed. All may raise OSError; what is closed
    raises ValueError.
    """

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile[bytes](max_size=IN_MEMORY)
        self._lock = Lock()
        self.size = 0

    def add(self, data: bytes) -> None:
        """Append `data`."""
        with self._lock:
            self._file.seek(self.size)
            self._file.write(data)
            self.size += len(data)

    def read(self, offset: int, length: int) -> bytes:
        """At most `length` bytes from `offset` on; none at the end."""
        with self._lock:
            self._file.seek(offset)
            return self._file.read(length)

    def close(self) -> None:
        """Forget the bytes; a call that another thread has under way is waited for."""
        with self._lock:
            self._file.close()


async def close_all(spools: Sequence[Spool]) -> None:
    """Close each; the event loop does not wait for a disk."""

    def close() -> None:
        for spool in spools:
            spool.close()

    await worked(max((spool.size for spool in spools), default=0), close)


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

    async def chunks(self, length: int = IN_MEMORY) -> AsyncIterator[bytes]:
        """Its bytes from the start, at most `length` at a time. Raises OSError."""
        offset = 0
        while chunk := await asyncio.to_thread(self.file.read, offset, length):
            offset += len(chunk)
            yield chunk


_DEEPEST = 10
_SHAPE = re.compile(r'[^\s\[\]"\\%\x00-\x1f\x7f]+(?:\[[^\[\]"\\%\x00-\x1f\x7f]*\])*')


def segments(name: str) -> tuple[str, ...]:
    """The keys that a part's name is made of; `x[]` gives `("x", "")`. Raises Invalid for a name that would be written,
    or read by others, in another way."""
    if not _SHAPE.fullmatch(name) or name == "_charset_":
        raise Invalid(f"`{shortened(name)}` cannot be the name of a form's part; send a plain name, or `name[key]`")
    head, bracket, rest = name.partition("[")
    found = (head, *rest[:-1].split("][")) if bracket else (head,)
    if len(found) > _DEEPEST:
        raise Invalid(f"`{shortened(name)}` is nested too deeply; send a flatter form")
    return found


_LONGEST = 4096
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,199}[0-9A-Za-z'()+_,./:=?-]")
_UTF_8 = frozenset({"utf-8", "utf8", "us-ascii"})
_AS_THEY_ARE = frozenset({"", "7bit", "8bit", "binary"})


def boundary(headers: Sequence[Header]) -> bytes:
    """What is between the parts of a body with these headers. Raises Invalid when the body is no plain form."""
    if any(name == b"content-encoding" and value.strip().lower() not in {b"", b"identity"} for name, value in headers):
        raise Invalid("the body is compressed; send it without `Content-Encoding`")
    _, kind, parameters = _header(headers, "Content-Type")
    if kind != "multipart/form-data":
        raise Invalid("the body must be a form; send it as `multipart/form-data`")
    found = parameters.get("boundary", "")
    if not _BOUNDARY.fullmatch(found):
        raise Invalid("`Content-Type` names no `boundary`, or one that cannot be used; let the client choose one")
    return found.encode("ascii")


def part_head(fields: Sequence[Header]) -> tuple[str, str | None, str | None]:
    """The name in the head of a part, and its `filename` and content type if they are there. `fields` have names in
    lower case; a part with a `filename` is a file; a type is printable ASCII. Raises Invalid."""
    _, kind, parameters = _header(fields, "Content-Disposition")
    name, filename = parameters.get("name"), parameters.get("filename")
    if kind != "form-data" or not name:
        raise Invalid('a part of the form has no name; send `Content-Disposition: form-data; name="..."` with each')
    if filename == "":
        raise Invalid(f"the file `{shortened(name)}` has an empty `filename`; name the file")
    encoding, _, _ = _header(fields, "Content-Transfer-Encoding")
    if encoding.lower() not in _AS_THEY_ARE:
        raise Invalid(f"the part `{shortened(name)}` is encoded; send it without `Content-Transfer-Encoding`")
    content_type, kind, _ = _header(fields, "Content-Type")
    if kind.startswith("multipart/"):
        raise Invalid("a part of the form holds parts of its own; send each as a part of the form")
    if not _PRINTABLE.fullmatch(content_type):
        raise Invalid("a part's `Content-Type` holds more than printable ASCII; send a plain one")
    return name, filename, content_type or None


def _header(fields: Iterable[Header], name: str) -> tuple[str, str, dict[str, str]]:
    """The header of that name, its value in lower case, and its parameters; empty where there is none. Raises Invalid
    where there are more, or two readers could read it differently."""
    values = [value.strip(b" \t") for field, value in fields if field == name.lower().encode()] or [b""]
    if len(values) > 1:
        raise Invalid(f"the form, or a part of it, has two `{name}`; send one `{name}`")
    text = values[0].decode(errors="surrogateescape")
    if len(values[0]) > _LONGEST or UNPRINTABLE.search(text):
        raise Invalid(f"a `{name}` of the form is too long, no UTF-8 or holds a control character; send a plain one")
    message = Message()
    message[name] = text
    (kind, _), *pairs = message.get_params([("", "")], name)
    parameters = dict[str, str]()
    for key, value in pairs:
        if key == "filename" and not isinstance(value, str):
            continue  # `filename*` beside `filename`: some clients send both, and RFC 7578 knows only the plain one
        if key in parameters or not isinstance(value, str):
            raise Invalid(f"a `{name}` of the form has `{shortened(key)}` twice, or with a `*`; send it once, in plain")
        parameters[key] = value
    if name == "Content-Type" and parameters.get("charset", "utf-8").lower() not in _UTF_8:
        raise Invalid(f"a `{name}` of the form names a charset other than UTF-8; send UTF-8")
    return text, kind.strip().lower(), parameters


_NAMES_A_FILE = re.compile(r"[^\[]+(?:\[[0-9]*\])?")
_MOST_PARTS = 1000
_MOST_FILES = 20
_LONGEST_TEXT = 1024 * 1024
_MOST_TEXT = 16 * 1024 * 1024
_AT_ONCE = 256 * 1024
_MOST_WAITING = 1000


class PartReader:
    """Takes a form's body chunk by chunk. `whole` once its end was seen; `parts` are then all of them, in order, and
    `text_size` is how many bytes of them are texts."""

    def __init__(self, headers: Sequence[Header], file_names: frozenset[str]) -> None:
        self.parts: list[TextPart | FilePart] = []
        self.spools: list[Spool] = []
        self.whole = False
        self.text_size = 0
        self._file_names = file_names
        self._begun = False
        self._fields: list[Header] = []
        self._field = self._value = b""
        self._head: tuple[str, str | None, str | None] = ("", None, None)
        self._text = bytearray()
        self._waiting: list[tuple[Spool, bytes]] = []
        self._waiting_size = 0
        self._parser = MultipartParser(
            boundary(headers),
            {
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

        def add() -> None:
            for spool, data in waiting:
                spool.add(data)

        try:
            await worked(size + max((spool.size for spool, _ in waiting), default=0), add)
        except OSError:
            raise Refused(
                "the files cannot be kept now; send the form again later", kind="server_error", status=503
            ) from None

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        self._fields.append((self._field.lower(), self._value))
        self._field = self._value = b""

    def _on_head(self) -> None:
        if len(self.parts) >= _MOST_PARTS:
            raise Invalid(f"the form has more than {_MOST_PARTS} parts; send fewer")
        self._head = name, filename, _ = part_head(self._fields)
        self._fields, self._text = [], bytearray()
        head, *_ = segments(name)
        if filename is None:
            return
        if head not in self._file_names or not _NAMES_A_FILE.fullmatch(name):
            raise Invalid(f"`{shortened(name)}` may not be a file; send it as a text, without `filename`")
        if len(self.spools) >= _MOST_FILES:
            raise Invalid(f"the form has more than {_MOST_FILES} files; send fewer")
        self.spools.append(Spool())

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        name, filename, _ = self._head
        if filename is not None:
            self._waiting.append((self.spools[-1], data[start:end]))
            self._waiting_size += end - start
            return
        self._text += data[start:end]
        self.text_size += end - start
        if len(self._text) > _LONGEST_TEXT:
            raise Invalid(f"`{shortened(name)}` is longer than {_LONGEST_TEXT} bytes; send a shorter text")
        if self.text_size > _MOST_TEXT:
            raise Refused(f"the form's texts are longer than {_MOST_TEXT} bytes; send less", status=413)

    def _on_part_end(self) -> None:
        name, filename, content_type = self._head
        if filename is not None:
            self.parts.append(FilePart(name, filename, content_type or "application/octet-stream", self.spools[-1]))
            return
        try:
            self.parts.append(TextPart(name, self._text.decode(), content_type))
        except UnicodeDecodeError:
            raise Invalid(f"`{shortened(name)}` is not UTF-8; encode it again") from None

    def _on_end(self) -> None:
        self.whole = True


class EncodedForm:
    """A form as it is sent, from its start each time it is iterated; files are read bit by bit, not by the loop."""

    def __init__(self) -> None:
        self.pieces: list[bytes | FilePart] = []
        self._boundary = secrets.token_hex(16)

    def add(self, name: str, value: bytes | FilePart, content_type: str | None = None) -> None:
        """Adds a part; `name` and `content_type` hold nothing that ends them."""
        head = f'--{self._boundary}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(value, FilePart):
            filename = value.filename.replace("\\", "\\\\").replace('"', "%22")
            head += f'; filename="{filename}"'
        if content_type is not None:
            head += f"\r\nContent-Type: {content_type}"
        start, end = f"{head}\r\n\r\n".encode(), b"\r\n"
        self.pieces += [start + value + end] if isinstance(value, bytes) else [start, value, end]

    def written(self) -> Written:
        """The form, whole where it is short."""
        self.pieces.append(f"--{self._boundary}--\r\n".encode())
        content_type = f"multipart/form-data; boundary={self._boundary}".encode()
        length = sum(len(each) if isinstance(each, bytes) else each.file.size for each in self.pieces)
        if length > IN_MEMORY:
            return Written(content_type, self, length)
        read = (each if isinstance(each, bytes) else each.file.read(0, IN_MEMORY) for each in self.pieces)
        return Written(content_type, b"".join(read), length)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, bytes):
                yield piece
            else:
                async for chunk in piece.chunks():
                    yield chunk
