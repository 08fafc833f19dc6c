"""Answers kept in memory while the database vouches for them, and one look-up for all who ask at once (A5)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from cachetools import LRUCache

from modelward.store.trust import Trust

V = TypeVar("V")

JOIN_SECONDS = 0.8
"""A look-up that began longer ago is joined by nobody: its answer would be older than one from memory may be."""


class LookupCache(Generic[V]):
    """A bounded map from what was asked to what was found, emptied with every generation of `trust`. `size` counts
    answers, or what `size_of` says of each.

    Nothing is answered from it without trust: not to know whether something changed is not to know anything. What was
    read in an older generation does not enter.
    """

    def __init__(self, size: int, trust: Trust, size_of: Callable[[V], int] | None = None) -> None:
        self._found: LRUCache[str, V] = LRUCache(size, size_of)
        self._trust = trust
        self._generation = trust.generation

    def __len__(self) -> int:
        return len(self._current())

    def known(self, keys: Iterable[str]) -> dict[str, V]:
        """What is known of these keys, and may be trusted."""
        if not self._trust.trusted:
            return {}
        found = self._current()
        return {key: found[key] for key in keys if key in found}

    def get(self, key: str) -> V | None:
        """The same of one key."""
        return self._current().get(key) if self._trust.trusted else None

    def keep(self, found: Mapping[str, V], generation: int) -> None:
        """Keep what was read in that generation."""
        if generation != self._trust.generation:
            return
        current = self._current()
        current.update((key, value) for key, value in found.items() if current.getsizeof(value) <= current.maxsize)

    def _current(self) -> LRUCache[str, V]:
        if self._generation != self._trust.generation:
            self._found.clear()
            self._generation = self._trust.generation
        return self._found


@dataclass(frozen=True, slots=True)
class _Lookup(Generic[V]):
    task: asyncio.Task[V]
    generation: int
    began: float


class SharedLookups(Generic[V]):
    """Look-ups under way, by what is asked: all who ask the same wait for the same answer, so that a crowd asks the
    database once. Nobody joins one of an older generation, or one that began JOIN_SECONDS ago."""

    def __init__(self, trust: Trust) -> None:
        self._trust = trust
        self._under_way: dict[str, _Lookup[V]] = {}
        self._tasks: set[asyncio.Task[V]] = set()

    async def look_up(self, key: str, read: Callable[[int], Awaitable[V]]) -> V:
        """What `read` gives, which gets the generation that it reads in. Raises what it raises.

        Whoever stops waiting does not stop the others' look-up.
        """
        lookup = self._under_way.get(key)
        if lookup is None or not self._may_be_joined(lookup):
            lookup = self._begin(key, read)
        return await asyncio.shield(lookup.task)

    async def aclose(self) -> None:
        """Waits for those that nobody waits for any more."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _may_be_joined(self, lookup: _Lookup[V]) -> bool:
        is_young = self._trust.now() - lookup.began < JOIN_SECONDS
        return is_young and lookup.generation == self._trust.generation and not lookup.task.done()

    def _begin(self, key: str, read: Callable[[int], Awaitable[V]]) -> _Lookup[V]:
        generation = self._trust.generation

        async def run() -> V:
            try:
                return await read(generation)
            finally:
                if self._under_way.get(key) is lookup:
                    del self._under_way[key]

        lookup = _Lookup(asyncio.create_task(run()), generation, self._trust.now())
        self._tasks.add(lookup.task)
        lookup.task.add_done_callback(self._tasks.discard)
        self._under_way[key] = lookup
        return lookup
