"""Whether what was read from the database may still be answered with (A5)."""

import os
from collections.abc import Callable
from multiprocessing.shared_memory import SharedMemory
from typing import Self, cast

from modelward.errors import StoreUnavailable

Clock = Callable[[], float]

_MARK_BYTES = 8


class SharedMark:
    """Eight bytes of memory that all workers of one replica share. A worker that changes a subject writes them anew
    before it answers, and reads them before it trusts what it keeps.

    The bytes are drawn, not counted, so that two workers may write at once without a lock: whichever is last, the mark
    differs from all marks before it.
    """

    def __init__(self, memory: SharedMemory) -> None:
        self._memory = memory
        self._bytes = cast(memoryview, memory.buf)  # there until it is closed

    @classmethod
    def create(cls) -> Self:
        """A new mark, for the process that starts the workers. Raises StoreUnavailable."""
        try:
            return cls(SharedMemory(create=True, size=_MARK_BYTES))
        except OSError as error:
            raise StoreUnavailable(
                f"several workers need shared memory, and there is none: {error.strerror}; make `/dev/shm` writable or "
                "use `--workers 1`"
            ) from error

    @classmethod
    def attach(cls, name: str) -> Self:
        """The mark of that name, for a worker. Raises StoreUnavailable."""
        try:
            return cls(SharedMemory(name))
        except (OSError, ValueError) as error:
            raise StoreUnavailable(
                "the memory that the workers share is gone or was never made; start `modelward serve` again"
            ) from error

    @property
    def name(self) -> str:
        """What `attach` takes."""
        return self._memory.name

    def read(self) -> bytes:
        """The present mark."""
        return bytes(self._bytes[:_MARK_BYTES])

    def write(self) -> None:
        """Write another mark."""
        self._bytes[:_MARK_BYTES] = os.urandom(_MARK_BYTES)

    def close(self) -> None:
        """Give up this process's view of it."""
        self._memory.close()

    def remove(self) -> None:
        """Give it up for all: no worker that starts from now on finds it."""
        self._memory.close()
        self._memory.unlink()


class Trust:
    """The database's word for everything kept in memory. Times are seconds of `clock`, which must not go back.

    Every change begins a new generation; what was read in an older one is not to be kept. `mark` is where the other
    workers of this replica tell of their changes, `None` where there are none.
    """

    def __init__(self, clock: Clock, mark: SharedMark | None = None) -> None:
        self._clock = clock
        self._mark = mark
        self._seen = mark.read() if mark is not None else b""
        self._generation = 0
        self.distrust()

    @property
    def generation(self) -> int:
        """The present generation; a change that any worker has made is in it from the moment it is answered."""
        if self._mark is not None and (present := self._mark.read()) != self._seen:
            self._seen = present
            self.clear()
        return self._generation

    @property
    def trusted(self) -> bool:
        """Whether what is kept may be answered with now."""
        return self._clock() < self._trusted_until

    def now(self) -> float:
        """The time, by its clock."""
        return self._clock()

    def clear(self) -> None:
        """Something changed: know nothing."""
        self._generation += 1

    def changed(self) -> None:
        """This process changed something: know nothing, in no worker."""
        if self._mark is not None:
            self._mark.write()
        self.clear()

    def trust(self, until: float) -> None:
        """The database vouches for everything kept, until then."""
        self._trusted_until = until

    def distrust(self) -> None:
        """The database is out of sight: answer nothing until `trust` is called again."""
        self._trusted_until = float("-inf")
