"""A batch file as its lines, in bounded memory."""

from collections.abc import AsyncIterator, Iterator

from modelward.errors import Invalid
from modelward.gateway.forms.parts import FilePart

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
    if file.size > MOST_BYTES:
        raise Invalid(f"the file is longer than {MOST_BYTES} bytes; split it")
    lines = _Lines()
    async for chunk in file.chunks(_CHUNK):
        for each in _parted(lines.add(chunk)):
            yield each
    for each in _parted(lines.end()):
        yield each
    if not lines.any:
        raise Invalid("the file holds no lines; a batch file holds one call a line")


class _Lines:
    """Cuts chunks into lines."""

    def __init__(self) -> None:
        self.any = False
        self._number = 0
        self._blank = 0
        self._rest = bytearray()

    def add(self, chunk: bytes) -> Iterator[Numbered]:
        """The lines that end in this chunk."""
        first, *others = chunk.split(b"\n")
        self._rest += first
        if len(self._rest) > LONGEST_LINE:
            raise Invalid(f"line {self._number + 1} is longer than {LONGEST_LINE} bytes; send shorter lines")
        for other in others:
            yield from self._line(bytes(self._rest))
            self._rest = bytearray(other)

    def end(self) -> Iterator[Numbered]:
        """The last line, where the file does not end with a line end."""
        yield from self._line(bytes(self._rest))

    def _line(self, raw: bytes) -> Iterator[Numbered]:
        self._number += 1
        if not raw.strip(_WHITE):
            self._blank = self._blank or self._number
            return
        if self._blank:
            raise Invalid(f"line {self._blank} is blank; leave blank lines out, or at the end of the file")
        if self._number > MOST_LINES:
            raise Invalid(f"the file has more than {MOST_LINES} lines; split it")
        if self._number == 1 and raw.startswith(_MARK):
            raise Invalid("line 1 begins with a byte order mark; save the file as plain UTF-8")
        self.any = True
        yield self._number, raw


def _parted(lines: Iterator[Numbered]) -> Iterator[list[Numbered]]:
    part = list[Numbered]()
    for line in lines:
        part.append(line)
        if len(part) >= _AT_ONCE:
            yield part
            part = []
    if part:
        yield part
