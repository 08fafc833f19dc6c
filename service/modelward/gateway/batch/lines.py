"""A batch file as its lines, each read as the call that it is (M1), in bounded memory."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.endpoints import BATCHED
from modelward.gateway.exchange import customer_id
from modelward.gateway.objects import ObjectId, ids_of
from modelward.gateway.request.body import laid_out, parse
from modelward.gateway.request.footprint import Footprint, footprint
from modelward.gateway.request.form_parts import FilePart
from modelward.gateway.request.outgoing import Outgoing, Rename
from modelward.gateway.routes import Match, Router, naming

MOST_BYTES = 200 * 1024 * 1024
MOST_LINES = 50_000
LONGEST_LINE = 32 * 1024 * 1024

_AT_ONCE = 50
_CHUNK = 256 * 1024
_WHITE = b" \t\r"
_MARK = b"\xef\xbb\xbf"

Numbered = tuple[int, bytes]
"""A line and its number, from 1."""


async def slices(file: FilePart) -> AsyncIterator[list[Numbered]]:
    """The lines of `file`, some at a time: so few that working on them holds up nobody else.

    Raises Invalid for a file that is too long, has too many or too long lines, blank ones before others, or none.
    Raises OSError when the file cannot be read.
    """
    if file.file.size > MOST_BYTES:
        raise Invalid(f"the file is longer than {MOST_BYTES} bytes; split it")
    first_blank = 0
    async for lines in _cut(file):
        part = list[Numbered]()
        for number, raw in lines:
            if not raw.strip(_WHITE):
                first_blank = first_blank or number
                continue
            if first_blank:
                raise Invalid(f"line {first_blank} is blank; leave blank lines out, or at the end of the file")
            if number > MOST_LINES:
                raise Invalid(f"the file has more than {MOST_LINES} lines; split it")
            if number == 1 and raw.startswith(_MARK):
                raise Invalid("line 1 begins with a byte order mark; save the file as plain UTF-8")
            part.append((number, raw))
            if len(part) >= _AT_ONCE:
                yield part
                part = []
        if part:
            yield part
    if first_blank == 1:
        raise Invalid("the file holds no lines; a batch file holds one call a line")


async def _cut(file: FilePart) -> AsyncIterator[Iterable[Numbered]]:
    """The lines that end in each chunk of `file`, then the one at its end."""
    number, rest = 1, bytearray()
    async for chunk in file.chunks(_CHUNK):
        first, *others = chunk.split(b"\n")
        rest += first
        if len(rest) > LONGEST_LINE:
            raise Invalid(f"line {number} is longer than {LONGEST_LINE} bytes; send shorter lines")
        if others:
            *whole, last = bytes(rest), *others
            yield enumerate(whole, number)
            number, rest = number + len(whole), bytearray(last)
    yield [(number, bytes(rest))]


_FIELDS = frozenset({"custom_id", "method", "url", "body"})
_SHAPE = 'a line is {"custom_id": ..., "method": "POST", "url": ..., "body": {...}}'

Group = tuple[str, str | None]
"""What lines are judged together by: their `url`, and the customer they name."""


@dataclass(frozen=True, slots=True)
class Line:
    """One call. `footprint` holds its models, the one that answers first, and `ids` the objects that it names."""

    custom_id: str
    match: Match
    body: JsonObject
    footprint: Footprint
    customer: str | None
    ids: list[ObjectId]

    @property
    def group(self) -> Group:
        """Which lines it is judged with."""
        return self.match.route.template, self.customer

    def written(self, rename: Rename) -> JsonObject:
        """The line as it travels, each name in it replaced by what `rename` says."""
        route = self.match.route
        named = Outgoing(route, self.body).named(rename(self.footprint.models[0]), rename)
        return {"custom_id": self.custom_id, "method": "POST", "url": route.template, "body": named}

    def travelling(self) -> list[str]:
        """The names that are in the line as it travels; those of fallbacks do not."""
        if len(self.footprint.models) == 1:
            return self.footprint.models
        found = list[str]()

        def note(name: str) -> str:
            found.append(name)
            return name

        self.written(note)
        return found


@dataclass(frozen=True, slots=True)
class LineReader:
    """Reads lines. `completion_model` and `model_fields` are the config's (M6, M7); `customer` is the one that the
    upload itself names."""

    router: Router
    completion_model: str | None
    customer: str | None
    model_fields: tuple[str, ...] = ()

    def read(self, numbered: Numbered) -> Line:
        """The line. Raises Invalid, which names its number, for what is no call of OpenAI's style with a JSON body."""
        number, raw = numbered
        try:
            return self._read(parse((), raw))
        except Invalid as error:
            raise Invalid(f"line {number} of the file: {error}") from None

    def _read(self, line: JsonObject) -> Line:
        custom_id, url, call = line.get("custom_id"), line.get("url"), line.get("body")
        if not (line.keys() == _FIELDS and isinstance(custom_id, str) and isinstance(call, dict)):
            raise Invalid(f"it is no call; {_SHAPE}")
        if line["method"] != "POST":
            raise Invalid("its `method` must be `POST`")
        found = self.router.find("POST", url) if isinstance(url, str) and url in BATCHED else None
        if found is None:
            raise Invalid("its `url` is no path that a batch can call; send one such as `/v1/chat/completions`")
        match = Match(naming(found.route, self.model_fields), found.variables)
        call = laid_out(match.route, call)
        names = footprint(match, b"", call, self.completion_model)
        if not names.models:
            raise Invalid("its `body` names no model; name one")
        customer = customer_id((), call)
        if customer and self.customer and customer != self.customer:
            raise Invalid("it names another customer than the upload does; name one")
        ids = ids_of(match.route, {}, call).ids
        return Line(custom_id, match, call, names, customer or self.customer, ids)
