"""A `multipart/form-data` body: judged like a JSON body, and written anew from what was parsed (M1, M2)."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from itertools import islice
from types import TracebackType
from typing import IO, Self, cast

import httpx
import orjson
from starlette.types import Receive

from modelward.contract import JsonObject
from modelward.errors import ClientLeft, Invalid, Refused
from modelward.gateway.headers import Header
from modelward.gateway.request.body import Written, parse, worked
from modelward.gateway.request.form_parts import (
    IN_MEMORY,
    FilePart,
    PartReader,
    Spool,
    TextPart,
    boundary,
    close_all,
    is_index,
    segments,
    shown,
)
from modelward.gateway.request.places import FILE_NAMES

_LONGEST_INDEX = 6
_MARK = "\ufeff"
_EXTRA = "extra_body"
_OWN = "metadata"

Path = tuple[str | int, ...]
LayOut = Callable[[JsonObject], JsonObject]


@dataclass(frozen=True, slots=True)
class Fields:
    """The texts as an object; `paths` says where in it each text is."""

    value: JsonObject
    paths: Mapping[TextPart, Path]


@dataclass(slots=True)
class _Node:
    """What is under a name: `kind` is how all of its keys are written."""

    kind: str = ""
    children: dict[str | int, "_Node | list[TextPart]"] = field(default_factory=dict)


def nested(texts: Iterable[TextPart], plain: frozenset[str]) -> Fields:
    """`svg[model]` is at `svg.model`, `tools[0][x]` and `tools[][x]` in a list, a name sent twice is a list.

    A text that begins as JSON is read as JSON, as an upstream may, but for the caller's own words: what is in a
    field of `plain`, or in `metadata`. Raises Invalid where a name is a text and an object at once, and for what is no
    JSON.
    """
    root = _Node("named")
    for part in texts:
        _insert(root, part)
    paths = dict[TextPart, Path]()
    return Fields({str(key): _value(each, (key,), plain, paths) for key, each in root.children.items()}, paths)


def looks_like_json(text: str, path: Path, plain: frozenset[str]) -> bool:
    """Whether a text at this place is read as JSON."""
    if not text.lstrip(_MARK).strip().startswith(("{", "[")):
        return False
    head, *rest = path[1:] if path[0] == _EXTRA and len(path) > 1 else path
    return head not in plain and not (head == _OWN and rest)


def _insert(root: _Node, part: TextPart) -> None:
    node, (first, *rest) = root, segments(part.name)
    key: str | int = first
    for place, segment in enumerate(rest):
        child = node.children.setdefault(key, _Node())
        if not isinstance(child, _Node):
            raise _clash(part)
        node, key = child, _key(child, segment, rest[place + 1 :], part)
    texts = node.children.setdefault(key, [])
    if not isinstance(texts, list):
        raise _clash(part)
    texts.append(part)


def _key(node: _Node, segment: str, rest: Sequence[str], part: TextPart) -> str | int:
    kind = "appended" if not segment else "numbered" if is_index(segment) else "named"
    if node.kind not in {"", kind}:
        raise _clash(part)
    node.kind = kind
    if kind == "named":
        return segment
    if kind == "numbered":
        return _index(segment, part)
    last = len(node.children) - 1
    return last if rest and last >= 0 and not _holds(node.children[last], rest) else last + 1


def _holds(found: "_Node | list[TextPart]", rest: Sequence[str]) -> bool:
    """Whether an item has this place already, so that the text belongs to the next item."""
    for segment in rest:
        if not isinstance(found, _Node):
            return True
        key = int(segment) if is_index(segment) and len(segment) <= _LONGEST_INDEX else segment
        if key not in found.children:
            return False
        found = found.children[key]
    return True


def _index(segment: str, part: TextPart) -> int:
    if len(segment) > _LONGEST_INDEX or (len(segment) > 1 and segment.startswith("0")):
        raise Invalid(f"`{shown(part.name)}` has no place in a list; count from 0, without leading zeros")
    return int(segment)


def _value(found: "_Node | list[TextPart]", path: Path, plain: frozenset[str], paths: dict[TextPart, Path]) -> object:
    if isinstance(found, list):
        if len(found) == 1:
            return _leaf(found[0], path, plain, paths)
        return [_leaf(part, (*path, place), plain, paths) for place, part in enumerate(found)]
    if found.kind == "named":
        return {key: _value(child, (*path, key), plain, paths) for key, child in found.children.items()}
    items = [child for _, child in sorted(found.children.items(), key=lambda item: int(item[0]))]
    return [_value(child, (*path, place), plain, paths) for place, child in enumerate(items)]


def _leaf(part: TextPart, path: Path, plain: frozenset[str], paths: dict[TextPart, Path]) -> object:
    paths[part] = path
    return _json(part) if looks_like_json(part.text, path, plain) else part.text


def _json(part: TextPart) -> object:
    try:
        orjson.loads(part.text)
        return parse([], b'{"value":%b}' % part.text.encode())["value"]
    except orjson.JSONDecodeError as error:
        raise Invalid(f"`{shown(part.name)}` begins as JSON, and is none: {error.msg}") from None


def _clash(part: TextPart) -> Invalid:
    return Invalid(f"`{shown(part.name)}` is sent in two shapes, such as `x` and `x[y]`; send one")


# Any other type could make a text look like a file.
_TYPES_OF_TEXTS = frozenset({"application/json", "application/sdp"})
_PIECES_AT_ONCE = 16

_Part = tuple[str, tuple[str | None, bytes | IO[bytes], str] | tuple[None, bytes]]


def written(parts: Sequence[TextPart | FilePart], known: Fields, fields: JsonObject, plain: frozenset[str]) -> Written:
    """The form of `parts` with the texts that `fields` holds: those that it lacks are left out, others are added.

    `known` is what was read from `parts`. Raises Invalid for a field that cannot be in a form, or where none is
    left.
    """
    leaves = set(known.paths.values())
    texts = {path: text for key, value in fields.items() for path, text in _texts(value, (key,), leaves, plain)}
    pieces = [piece for part in parts if (piece := _piece(part, known.paths, texts))]
    pieces += [(_name(path), (None, text)) for path, text in texts.items()]
    if not pieces:
        raise Invalid("the form holds nothing that can be forwarded; send its fields")
    form = httpx.Request("POST", "http://form", files=cast(list[tuple[str, tuple[str, bytes]]], pieces))
    stream, length = cast(Iterable[bytes], form.stream), int(form.headers["content-length"])
    content_type = form.headers["content-type"].encode("ascii")
    if length <= IN_MEMORY:
        return Written(content_type, b"".join(stream), length)
    return Written(content_type, _Stream(stream), length)


class _Stream:
    """A form as it is sent; its files are read bit by bit, and not by the event loop."""

    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = iter(self._stream)
        while piece := await asyncio.to_thread(_next, pieces):
            yield piece


def _next(pieces: Iterator[bytes]) -> bytes:
    """About 1 MB, as the encoder reads 64 KB of a file at a time; nothing at the end."""
    return b"".join(islice(pieces, _PIECES_AT_ONCE))


class _View:
    """A file as the encoder reads it, with a place of its own: a call that is sent again begins at the start."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._offset = 0

    def read(self, length: int) -> bytes:
        data = self._spool.read(self._offset, length)
        self._offset += len(data)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._offset = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._offset, io.SEEK_END: self._spool.size}[whence]
        return self._offset

    def tell(self) -> int:
        return self._offset


def _piece(part: TextPart | FilePart, paths: Mapping[TextPart, Path], texts: dict[Path, bytes]) -> _Part | None:
    if isinstance(part, FilePart):
        return part.name, (part.filename, cast(IO[bytes], _View(part.file)), part.content_type)
    text = texts.pop(paths[part], None)
    if text is None:
        return None
    kind = (part.content_type or "").partition(";")[0].strip().lower()
    return part.name, (None, text, kind) if kind in _TYPES_OF_TEXTS else (None, text)


def _texts(value: object, path: Path, leaves: Collection[Path], plain: frozenset[str]) -> Iterator[tuple[Path, bytes]]:
    """Each text that `value` is made of; what is where one text was read is one text."""
    if value is None:
        return
    if isinstance(value, str):
        if looks_like_json(value, path, plain):
            raise Invalid(f"`{shown(str(path[0]))}` holds JSON as a text; send it as JSON")
        yield path, value.encode()
    elif path not in leaves and isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, (*path, key), leaves, plain)
    elif path not in leaves and isinstance(value, list):
        for place, each in enumerate(value):
            yield from _texts(each, (*path, place), leaves, plain)
    else:
        yield path, orjson.dumps(value)


def _name(path: Path) -> str:
    """The name of a text that was not sent as a part. Raises Invalid when it would be read as another one."""
    head, *rest = path
    place = "[]" if rest and isinstance(rest[-1], int) else None
    name = f"{head}" + "".join(f"[{key}]" for key in (rest[:-1] if place else rest)) + (place or "")
    if segments(name) != (head, *map(str, rest[:-1] if place else rest), *([""] if place else [])):
        raise Invalid(f"`{shown(name)}` cannot be in a form; leave it out")
    return name


_IDLE_SECONDS = 120.0
_WHOLE_SECONDS = 3600.0


class Form:
    """A form that was read whole. Its files lie in memory or on disk until it is closed.

    `fields` holds the texts as an object: `svg[model]` is at `svg.model`. `plain` are fields whose texts are the
    caller's own words, and never JSON. `lay_out` is what is done with the object (see `laid_out`). Raises Invalid for
    names that clash, and what `lay_out` raises.
    """

    def __init__(
        self, parts: Sequence[TextPart | FilePart], plain: frozenset[str], lay_out: LayOut | None = None
    ) -> None:
        self._parts = parts
        self._plain = plain
        self._known = nested((part for part in parts if isinstance(part, TextPart)), plain)
        self._lay_out = lay_out
        self.fields = lay_out(self._known.value) if lay_out else self._known.value
        self._size = sum(len(part.text) for part in parts if isinstance(part, TextPart))
        self.files = [part for part in parts if isinstance(part, FilePart)]

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
        """This form with `file` in place of what `part` holds; its maker closes it, and this form its own."""
        parts = [
            replace(each, file=file) if isinstance(each, FilePart) and each is part else each for each in self._parts
        ]
        return Form(parts, self._plain, self._lay_out)

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
    lay_out: LayOut | None = None,
    idle_seconds: float = _IDLE_SECONDS,
    whole_seconds: float = _WHOLE_SECONDS,
) -> Form:
    """The form, which the caller must close; a part may be a file only under one of `file_names`, and is never JSON
    under one of `plain`. `lay_out` is as in `Form`.

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
        form = await worked(size, lambda: Form(reader.parts, plain, lay_out))
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
