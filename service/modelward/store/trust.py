"""Whether what was read from the database may still be answered with (A5)."""

from collections.abc import Callable

Clock = Callable[[], float]


class Trust:
    """The database's word for everything kept in memory. Times are seconds of `clock`, which must not go back.

    Every `clear` begins a new generation; what was read in an older one is not to be kept.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.generation = 0
        self.distrust()

    @property
    def trusted(self) -> bool:
        """Whether what is kept may be answered with now."""
        return self._clock() < self._trusted_until

    def clear(self) -> None:
        """Something changed: know nothing."""
        self.generation += 1

    def trust(self, until: float) -> None:
        """The database vouches for everything kept, until then."""
        self._trusted_until = until

    def distrust(self) -> None:
        """The database is out of sight: answer nothing until `trust` is called again."""
        self._trusted_until = float("-inf")
