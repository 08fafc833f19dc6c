"""What was read from the database, kept in memory while the database vouches for it (A5)."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory
from typing import Generic, Self, TypeVar, cast

from cachetools import LRUCache

from modelward.errors import StoreUnavailable

A = TypeVar("A")
V = TypeVar("V")
Clock = Callable[[], float]

JOIN_SECONDS = 0.8
"""A look-up that began longer ago is joined by nobody: its answer would be older than one from memory may be."""

NEVER = float("-inf")
_MARK_BYTES = 8


class SharedMark(SharedMemory):
    """Eight bytes of memory that all workers of one replica share. A worker that changes a subject writes them anew
    before it answers, and reads them before it trusts what it keeps. The bytes are drawn, not counted, so that two
    workers may write at once without a lock: whichever is last, the mark differs from all marks before it."""

    @classmethod
    def create(cls) -> Self:
        """A new mark, for the process that starts the workers. Raises StoreUnavailable."""
        try:
            return cls(create=True, size=_MARK_BYTES)
        except OSError as error:
            message = f"several workers need shared memory, and there is none: {error.strerror}"
            raise StoreUnavailable(f"{message}; make `/dev/shm` writable or use `--workers 1`") from error

    @classmethod
    def attach(cls, name: str) -> Self:
        """The mark of that name, for a worker. Raises StoreUnavailable."""
        try:
            return cls(name)
        except (OSError, ValueError) as error:
            message = "the memory that the workers share is gone or was never made; start `modelward serve` again"
            raise StoreUnavailable(message) from error

    def read(self) -> bytes:
        """The present mark."""
        return bytes(cast(memoryview, self.buf)[:_MARK_BYTES])

    def write(self) -> None:
        """Write another mark."""
        cast(memoryview, self.buf)[:_MARK_BYTES] = os.urandom(_MARK_BYTES)

    def remove(self) -> None:
        """Give it up for all: no worker that starts from now on finds it."""
        self.close()
        self.unlink()


class Trust:
    """The database's word for everything kept in memory: it may be answered with `until` then, in seconds of `clock`,
    which must not go back. Every change begins a new generation; what was read in an older one is not to be kept.
    `mark` is where the other workers of this replica tell of their changes, `None` where there are none."""

    def __init__(self, clock: Clock, mark: SharedMark | None = None) -> None:
        self.clock = clock
        self.until = NEVER
        self._mark = mark
        self._seen = mark.read() if mark is not None else b""
        self._generation = 0

    @property
    def generation(self) -> int:
        """The present generation; a change that any worker has made is in it from the moment it is answered."""
        if self._mark is not None and (present := self._mark.read()) != self._seen:
            self._seen = present
            self.clear()
        return self._generation

    def clear(self) -> None:
        """Something changed: know nothing."""
        self._generation += 1

    def changed(self) -> None:
        """This process changed something: know nothing, in no worker."""
        if self._mark is not None:
            self._mark.write()
        self.clear()


@dataclass(frozen=True, slots=True)
class _Lookup(Generic[V]):
    task: asyncio.Task[V]
    generation: int
    joined_until: float


class CachedLookups(Generic[A, V]):
    """Look-ups of one kind: `read` answers what is asked, `name_of` says under which name the answer is kept. All who
    ask for the same at once wait for one answer, so that a crowd asks the database once.

    Nothing is answered from memory without trust: not to know whether something changed is not to know anything. A new
    generation empties the memory; what was read in an older one does not enter, and nobody waits for it. `None` is not
    kept. `size` counts answers, or what `size_of` says of each.
    """

    def __init__(
        self,
        trust: Trust,
        size: int,
        read: Callable[[A], Awaitable[V]],
        name_of: Callable[[A], str],
        size_of: Callable[[V], int] | None = None,
    ) -> None:
        self._trust = trust
        self._read = read
        self._name_of = name_of
        self._kept: LRUCache[str, V] = LRUCache(size, size_of)
        self._generation = trust.generation
        self._under_way: dict[str, _Lookup[V]] = {}
        self._tasks: set[asyncio.Task[V]] = set()

    async def get(self, asked: A) -> V:
        """What `read` answers, the same object until something changes. Raises what it raises. Whoever stops waiting
        does not stop the others' look-up."""
        name, trust = self._name_of(asked), self._trust
        if (generation := trust.generation) != self._generation:
            self._kept.clear()
            self._generation = generation
        if (now := trust.clock()) < trust.until and (kept := self._kept.get(name)) is not None:
            return kept
        lookup = self._under_way.get(name)
        if lookup is None or lookup.generation != generation or lookup.task.done() or now >= lookup.joined_until:
            task = asyncio.create_task(self._look_up(asked, name, generation))
            lookup = _Lookup(task, generation, now + JOIN_SECONDS)
            self._tasks.add(lookup.task)
            lookup.task.add_done_callback(self._tasks.discard)
            self._under_way[name] = lookup
        return await asyncio.shield(lookup.task)

    async def aclose(self) -> None:
        """Waits for the look-ups that nobody waits for any more."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _look_up(self, asked: A, name: str, generation: int) -> V:
        try:
            found = await self._read(asked)
        finally:
            lookup = self._under_way.get(name)
            if lookup is not None and lookup.task is asyncio.current_task():
                del self._under_way[name]
        kept = self._kept
        if found is not None and generation == self._trust.generation and kept.getsizeof(found) <= kept.maxsize:
            kept[name] = found
        return found
