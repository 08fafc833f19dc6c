"""What a client gets: an upstream's answer as it comes in, or what is at hand here, an error or a mock's answer."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from aiohttp import ClientResponse

from modelward.gateway.headers import Header


async def joined(here: Iterable[bytes], rest: AsyncIterable[bytes] | None = None) -> AsyncIterator[bytes]:
    """The chunks that are here, then those that are still to come."""
    for chunk in here:
        yield chunk
    if rest is not None:
        async for chunk in rest:
            yield chunk


@dataclass(slots=True)
class Reply:
    """An answer: its head is here, and `chunks` are read only as fast as they are asked for. `deployment` is the id of
    the one behind it, `connection` what the rest of it comes from. Close it, read or not.

    `chunks` raise `TimedOut`, `Broken` and `Withheld`.
    """

    status: int
    headers: Sequence[Header]
    chunks: AsyncIterator[bytes]
    deployment: str | None = None
    connection: ClientResponse | None = None

    async def preview(self) -> AsyncGenerator[bytes, None]:
        """Its chunks as they come in, as far as they are asked for; they are sent all the same.

        Raises what they do, while the client knows nothing yet; it may not be sent then.
        """
        read, rest = list[bytes](), self.chunks
        self.chunks = joined(read, rest)
        async for chunk in rest:
            read.append(chunk)
            yield chunk

    async def whole(self, limit: int) -> bytes | None:
        """All of it, as far as it is no longer than `limit` bytes, else `None`; it is sent all the same.

        Raises what `preview` does.
        """
        read, size = list[bytes](), 0
        async with aclosing(self.preview()) as chunks:
            async for chunk in chunks:
                read.append(chunk)
                size += len(chunk)
                if size > limit:
                    return None
        return b"".join(read)

    async def aclose(self) -> None:
        """Give the connection back; one whose answer was not read to its end is closed at once."""
        if self.connection is not None:
            self.connection.release()
            await self.connection.wait_for_close()
