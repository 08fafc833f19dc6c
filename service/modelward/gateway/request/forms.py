"""A `multipart/form-data` body: judged like a JSON body, and written anew from what was parsed (M1, M2)."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import orjson
from starlette.types import Receive

from modelward.contract import JsonObject
from modelward.contract.facts import shortened
from modelward.errors import Invalid
from modelward.gateway.headers import Header
from modelward.gateway.request.body import Content, Written, laid_out, parse, read, worked
from modelward.gateway.request.form_parts import EncodedForm, FilePart, PartReader, Spool, TextPart, close_all, segments
from modelward.gateway.request.places import EXTRA, FILE_NAMES
from modelward.gateway.routes import IN_PATH, Route

_LONGEST_INDEX = 6

Path = tuple[str | int, ...]
_Texts = dict[str | int, Any]
"""The texts under each key, as a list, or what is below it; the class of the object says how its keys are written."""


def _is_index(segment: str) -> bool:
    return segment.isascii() and segment.isdigit()


class _Numbered(_Texts):
    """`x[0]`, `x[1]`."""


class _Appended(_Texts):
    """`x[]`, `x[]`."""


def _insert(texts: _Texts, part: TextPart) -> None:
    """Puts a text under the keys of its name. Raises Invalid for a name in two shapes, or without a place in a list."""
    key: str | int
    key, *rest = segments(part.name)
    for place, segment in enumerate(rest, 1):
        kind = _Appended if not segment else _Numbered if _is_index(segment) else dict
        texts, key = _below(texts, key, kind, part), segment
        if kind is _Appended:
            key = _item(texts, rest[place:])
        elif kind is _Numbered:
            if len(segment) > _LONGEST_INDEX or segment != str(int(segment)):
                raise Invalid(f"`{shortened(part.name)}` has no place in a list; count from 0, without leading zeros")
            key = int(segment)
    _below(texts, key, list, part).append(part)


def _below(texts: _Texts, key: str | int, kind: type[Any], part: TextPart) -> Any:
    """What is under a key, of that kind."""
    below = texts.setdefault(key, kind())
    if below.__class__ is not kind:
        raise Invalid(f"`{shortened(part.name)}` is sent in two shapes, such as `x` and `x[y]`; send one")
    return below


def _item(items: _Texts, rest: Sequence[str]) -> int:
    """The item that a text with these further keys belongs to: the last one, unless that has such a text already."""
    last = len(items) - 1
    found: Any = items.get(last, [])
    for segment in rest:
        if isinstance(found, list):
            break
        key = int(segment) if _is_index(segment) and len(segment) <= _LONGEST_INDEX else segment
        if key not in found:
            return last
        found = found[key]
    return last + 1


# Any other type could make a text look like a file.
_TYPES_OF_TEXTS = frozenset({"application/json", "application/sdp"})


class Form(Content):
    """A form on `route` that was read whole. Its files lie in memory or on disk until it is closed.

    `fields` holds its texts as an object, laid out: `svg[model]` is at `svg.model`, `tools[0][x]` and `tools[][x]` in a
    list, a name sent twice is a list. A text that begins as JSON is read as JSON, as an upstream may, but for the
    caller's own words: what is in a field of the route's content, or in `metadata`. `size` is how long the texts are.
    Raises Invalid where a name is a text and an object at once, for what is no JSON, and as `laid_out` does.
    """

    def __init__(self, parts: Sequence[TextPart | FilePart], route: Route) -> None:
        self._parts = parts
        self._route = route
        self._plain = frozenset(where for where in route.content if "." not in where)
        self._paths: dict[TextPart, Path] = {}
        texts = _Texts()
        for part in parts:
            if isinstance(part, TextPart):
                _insert(texts, part)
        fields = laid_out(route, {str(key): self._value(each, (key,)) for key, each in texts.items()})
        super().__init__(fields, sum(len(part.text) for part in self._paths))
        self.files = [part for part in parts if isinstance(part, FilePart)]

    def _value(self, found: _Texts | list[TextPart], path: Path) -> object:
        if isinstance(found, list):
            if len(found) == 1:
                return self._read(found[0], path)
            return [self._read(part, (*path, place)) for place, part in enumerate(found)]
        if isinstance(found, _Numbered | _Appended):
            items = [found[key] for key in sorted(found)]
            return [self._value(each, (*path, place)) for place, each in enumerate(items)]
        return {key: self._value(each, (*path, key)) for key, each in found.items()}

    def _read(self, part: TextPart, path: Path) -> object:
        self._paths[part] = path
        if not self._is_json(part.text, path):
            return part.text
        try:
            orjson.loads(part.text)
            return parse([], b'{"value":%b}' % part.text.encode())["value"]
        except orjson.JSONDecodeError as error:
            raise Invalid(f"`{shortened(part.name)}` begins as JSON, and is none: {error.msg}") from None

    def _is_json(self, text: str, path: Path) -> bool:
        """Whether a text at this place is read as JSON."""
        if not text.lstrip("\ufeff").strip().startswith(("{", "[")):
            return False
        head, *rest = path[1:] if path[0] == EXTRA and len(path) > 1 else path
        return head not in self._plain and not (head == "metadata" and rest)

    def written(self, fields: JsonObject) -> Written:
        """The form with the texts that `fields` holds, and all files, parts in their order; texts that it lacks are
        left out, others added. May be asked for again.

        The body of a stream raises OSError when a file cannot be read. Raises Invalid for a field that cannot be in a
        form, or where none is left.
        """
        leaves = set(self._paths.values())
        texts = {path: text for key, value in fields.items() for path, text in self._texts(value, (key,), leaves)}
        form = EncodedForm()
        for part in self._parts:
            if isinstance(part, FilePart):
                form.add(part.name, part, part.content_type)
            elif (text := texts.pop(self._paths[part], None)) is not None:
                kind = (part.content_type or "").partition(";")[0].strip().lower()
                form.add(part.name, text, kind if kind in _TYPES_OF_TEXTS else None)
        for path, text in texts.items():
            form.add(_name(path), text)
        if not form.pieces:
            raise Invalid("the form holds nothing that can be forwarded; send its fields")
        return form.written()

    def _texts(self, value: object, path: Path, leaves: Collection[Path]) -> Iterator[tuple[Path, bytes]]:
        """Each text that `value` is made of; what is where one text was read is one text."""
        if value is None:
            return
        if isinstance(value, str):
            if self._is_json(value, path):
                raise Invalid(f"`{shortened(str(path[0]))}` holds JSON as a text; send it as JSON")
            yield path, value.encode()
        elif path in leaves or not isinstance(value, dict | list):
            yield path, orjson.dumps(value)
        else:
            for key, each in value.items() if isinstance(value, dict) else enumerate(value):
                yield from self._texts(each, (*path, key), leaves)

    def with_file(self, part: FilePart, file: Spool) -> "Form":
        """This form with `file` in place of what `part` holds; its maker closes it, and this form its own."""
        other = replace(part, file=file)
        return Form([other if each is part else each for each in self._parts], self._route)

    async def aclose(self) -> None:
        """Forget the files."""
        await close_all([part.file for part in self.files])


def _name(path: Path) -> str:
    """The name of a text that was not sent as a part. Raises Invalid when it would be read as another one."""
    head, *rest = path
    keys = [*map(str, rest[:-1]), "" if isinstance(rest[-1], int) else rest[-1]] if rest else []
    name = f"{head}" + "".join(f"[{key}]" for key in keys)
    if segments(name) != (head, *keys):
        raise Invalid(f"`{shortened(name)}` cannot be in a form; leave it out")
    return name


async def read_form(
    route: Route,
    headers: Sequence[Header],
    receive: Receive,
    limit: int,
    *,
    idle_seconds: float = 120.0,
    whole_seconds: float = 3600.0,
) -> Form:
    """The form, which the caller must close. The object that a call runs is named in it, and no file.

    Raises Invalid for what is no form. Raises Refused: 413 beyond `limit` bytes, 408 when nothing came for
    `idle_seconds` or it is not whole in `whole_seconds`, 503 when there is no room for its files. Raises ClientLeft.
    """
    run = route.runs.partition(".")[0] if route.runs is not None and route.runs != IN_PATH else ""
    reader = PartReader(headers, FILE_NAMES - {run})
    async with AsyncExitStack() as on_error:
        on_error.push_async_callback(close_all, reader.spools)
        await read(headers, receive, limit, reader.feed, idle_seconds=idle_seconds, whole_seconds=whole_seconds)
        await reader.flush()
        if not reader.whole:
            raise Invalid("the form breaks off before its last boundary; send it whole")
        form = await worked(reader.text_size, lambda: Form(reader.parts, route))
        on_error.pop_all()
        return form
