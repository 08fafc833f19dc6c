"""Callers kept in memory, for as long as the database vouches for them (A5)."""

from collections.abc import Callable

from cachetools import LRUCache

from modelward.contract import Caller

Clock = Callable[[], float]


class CallerCache:
    """A bounded map from key hash to Caller. Times are seconds of `clock`, which must not go back.

    Nothing is answered from it after the time that `trust` set: not to know whether something changed is not to know
    the caller. Every `clear` begins a new generation, and what was read in an older one does not enter.
    """

    def __init__(self, size: int, clock: Clock) -> None:
        self._callers: LRUCache[str, Caller] = LRUCache(size)
        self._clock = clock
        self.generation = 0
        self.distrust()

    def __len__(self) -> int:
        return len(self._callers)

    @property
    def trusted(self) -> bool:
        """Whether the cache may answer now."""
        return self._clock() < self._trusted_until

    def get(self, key_hash: str) -> Caller | None:
        """The caller, if it is known and may be trusted."""
        return self._callers.get(key_hash) if self.trusted else None

    def put(self, key_hash: str, caller: Caller, generation: int) -> None:
        """Keep a caller whose records were read in that generation."""
        if generation == self.generation:
            self._callers[key_hash] = caller

    def clear(self) -> None:
        """Something changed: know nobody."""
        self.generation += 1
        self._callers.clear()

    def trust(self, until: float) -> None:
        """The database vouches for everything kept, until then."""
        self._trusted_until = until

    def distrust(self) -> None:
        """The database is out of sight: answer nothing until `trust` is called again."""
        self._trusted_until = float("-inf")
