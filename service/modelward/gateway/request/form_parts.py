"""The parts of a multipart form as they come in: bounded in number and memory, their heads read strictly (RFC 7578)."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from email.message import Message
from tempfile import SpooledTemporaryFile
from threading import Lock

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError

from modelward.contract.facts import UNPRINTABLE
from modelward.errors import Invalid, Refused
from modelward.gateway.headers import Header

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
    if all(spool.size <= IN_MEMORY for spool in spools):
        _close(spools)
    else:
        await asyncio.to_thread(_close, spools)


def _close(spools: Sequence[Spool]) -> None:
    for spool in spools:
        spool.close()


# What SDKs send as files. Whatever else is one is refused: its text would be forwarded unread (M1).
FILE_NAMES = frozenset(
    {
        *("archive", "audio", "audio_sample", "character", "characters", "data", "file", "files", "image", "images"),
        *("input_reference", "markup", "mask", "recording", "sdp", "thumbnail", "video"),
    }
)

_DEEPEST = 10
_SHAPE = re.compile(r'[^\s\[\]"\\%\x00-\x1f\x7f]+(?:\[[^\[\]"\\%\x00-\x1f\x7f]*\])*')


def segments(name: str) -> tuple[str, ...]:
    """The keys that a part's name is made of; `x[]` gives `("x", "")`.

    Raises Invalid for a name that would be written, or read by others, in another way.
    """
    if not _SHAPE.fullmatch(name) or name == "_charset_":
        raise Invalid(f"`{shown(name)}` cannot be the name of a form's part; send a plain name, or `name[key]`")
    head, bracket, rest = name.partition("[")
    found = (head, *rest[:-1].split("][")) if bracket else (head,)
    if len(found) > _DEEPEST:
        raise Invalid(f"`{shown(name)}` is nested too deeply; send a flatter form")
    return found


def check_file_name(name: str, allowed: frozenset[str]) -> None:
    """Raises Invalid when a part of this name may not be a file."""
    head, *rest = segments(name)
    if head not in allowed or (rest not in ([], [""]) and not (len(rest) == 1 and is_index(rest[0]))):
        raise Invalid(f"`{shown(name)}` may not be a file; send it as a text, without `filename`")


def is_index(segment: str) -> bool:
    """Whether a key is a place in a list."""
    return segment.isascii() and segment.isdigit()


def shown(name: str) -> str:
    """A name as a message shows it."""
    return name[:100].encode("ascii", "backslashreplace").decode().replace("`", "'")


_LONGEST = 4096
_PRINTABLE = re.compile(r"[\x20-\x7e]+")
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,199}[0-9A-Za-z'()+_,./:=?-]")
_UTF_8 = frozenset({"utf-8", "utf8", "us-ascii"})
_PLAIN = frozenset({b"", b"identity"})
_AS_THEY_ARE = frozenset({b"", b"7bit", b"8bit", b"binary"})


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one part. A part with a `filename` is a file; a `content_type` is printable ASCII."""

    name: str
    filename: str | None
    content_type: str | None


def boundary(headers: Iterable[Header]) -> bytes:
    """What is between the parts of a body with these headers. Raises Invalid when the body is no plain form."""
    types = list[bytes]()
    for name, value in headers:
        if name == b"content-encoding" and value.strip().lower() not in _PLAIN:
            raise Invalid("the body is compressed; send it without `Content-Encoding`")
        if name == b"content-type":
            types.append(value)
    if len(types) != 1:
        raise Invalid("the body must be a form; send one `Content-Type: multipart/form-data`")
    kind, parameters = _parameters(types[0], "Content-Type")
    if kind != "multipart/form-data":
        raise Invalid("the body must be a form; send it as `multipart/form-data`")
    _check_charset(parameters, "Content-Type")
    found = parameters.get("boundary", "")
    if not _BOUNDARY.fullmatch(found):
        raise Invalid("`Content-Type` names no `boundary`, or one that cannot be used; let the client choose one")
    return found.encode("ascii")


def part_head(fields: Iterable[Header]) -> Head:
    """The head that these header fields of a part make, names in lower case. Raises Invalid."""
    fields = list(fields)
    disposition = _only(fields, b"content-disposition")
    kind, parameters = _parameters(disposition or b"", "Content-Disposition")
    if kind != "form-data" or not parameters.get("name"):
        raise Invalid('a part of the form has no name; send `Content-Disposition: form-data; name="..."` with each')
    if parameters.get("filename") == "":
        raise Invalid(f"the file `{shown(parameters['name'])}` has an empty `filename`; name the file")
    if (_only(fields, b"content-transfer-encoding") or b"").lower() not in _AS_THEY_ARE:
        raise Invalid(f"the part `{shown(parameters['name'])}` is encoded; send it without `Content-Transfer-Encoding`")
    return Head(parameters["name"], parameters.get("filename"), _content_type(fields))


def _content_type(fields: list[Header]) -> str | None:
    value = _only(fields, b"content-type")
    if not value:
        return None
    kind, parameters = _parameters(value, "Content-Type")
    if kind.startswith("multipart/"):
        raise Invalid("a part of the form holds parts of its own; send each as a part of the form")
    _check_charset(parameters, "Content-Type")
    text = value.decode()
    if not _PRINTABLE.fullmatch(text):
        raise Invalid("a part's `Content-Type` holds more than printable ASCII; send a plain one")
    return text


def _only(fields: list[Header], name: bytes) -> bytes | None:
    """The one header field of this name, `None` if there is none. Raises Invalid when there are more."""
    found = [value.strip(b" \t") for field, value in fields if field == name]
    if len(found) > 1:
        raise Invalid(f"a part of the form has two `{name.decode().title()}`; send one")
    return found[0] if found else None


def _parameters(value: bytes, header: str) -> tuple[str, dict[str, str]]:
    """A header's value in lower case, and its parameters. Raises Invalid when two readers could read it differently."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        raise Invalid(f"a `{header}` of the form is not UTF-8; encode it again") from None
    if len(value) > _LONGEST or UNPRINTABLE.search(text):
        raise Invalid(f"a `{header}` is too long or holds a control character; send a plain one")
    message = Message()
    message[header] = text
    (kind, _), *pairs = message.get_params([("", "")], header)
    parameters = dict[str, str]()
    for name, parameter in pairs:
        if name == "filename" and not isinstance(parameter, str):
            continue  # `filename*` beside `filename`: some clients send both, and RFC 7578 knows only the plain one
        if name in parameters or not isinstance(parameter, str):
            raise Invalid(
                f"a `{header}` of the form has `{shown(name)}` twice, or as `{shown(name)}*`; send it once, in plain"
            )
        parameters[name] = parameter
    return kind.strip().lower(), parameters


def _check_charset(parameters: dict[str, str], header: str) -> None:
    if parameters.get("charset", "utf-8").lower() not in _UTF_8:
        raise Invalid(f"a `{header}` of the form names a charset other than UTF-8; send UTF-8")


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
