"""Answers kept in memory, for as long as the database vouches for them (A5)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

from cachetools import LRUCache

from modelward.store.trust import Trust

V = TypeVar("V")


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
        return self.known((key,)).get(key)

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
