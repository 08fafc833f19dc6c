"""The bytes of a file that a client sent: in memory while they are few, else on disk."""

import asyncio
from collections.abc import Sequence
from tempfile import SpooledTemporaryFile
from threading import Lock

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
