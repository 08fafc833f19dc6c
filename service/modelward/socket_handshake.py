"""How long a socket's handshake may be: as long as the head of any other request."""

from collections.abc import Generator

from websockets.server import ServerProtocol
from websockets.streams import StreamReader

from modelward.protocol import MOST_HEAD


class Handshake(ServerProtocol):
    """A socket's server side, whose handshake is bounded as a whole, not line by line."""

    def parse(self) -> Generator[None]:
        """Reads the handshake, then frames."""
        self.reader = _Head(MOST_HEAD)
        yield from super().parse()


class _Head(StreamReader):
    """Reads lines as long as they are no more than `left` bytes together. Frames are not read as lines."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self._left = left

    def read_line(self, m: int) -> Generator[None, None, bytes]:
        """The next line. Raises RuntimeError where nothing is left for it."""
        line = yield from super().read_line(self._left)
        self._left -= len(line)
        return line
