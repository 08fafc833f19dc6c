"""A form written anew from what was parsed, so that what is forwarded is what was judged (M2)."""

import asyncio
import io
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import IO, cast

import httpx
import orjson

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.content import Written
from modelward.gateway.forms.fields import Fields, Path, looks_like_json
from modelward.gateway.forms.names import segments, shown
from modelward.gateway.forms.parts import FilePart, TextPart
from modelward.gateway.forms.spool import IN_MEMORY, Spool

# Any other type could make a text look like a file.
_TYPES_OF_TEXTS = frozenset({"application/json", "application/sdp"})
_PIECES_AT_ONCE = 16

_Part = tuple[str, tuple[str | None, bytes | IO[bytes], str] | tuple[None, bytes]]


def written(parts: Sequence[TextPart | FilePart], known: Fields, fields: JsonObject, plain: frozenset[str]) -> Written:
    """The form of `parts` with the texts that `fields` holds: those that it lacks are left out, others are added.

    `known` is what was read from `parts`. Raises Invalid for a field that cannot stand in a form, or where none is
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
    """Each text that `value` is made of; what stands where one text was read is one text."""
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
        raise Invalid(f"`{shown(name)}` cannot stand in a form; leave it out")
    return name
