"""What all drawn things are made of: chances, picks and grant lists."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from engines.words import GROUPS, JUNK, SPECIAL, WILDCARDS

T = TypeVar("T")


class Draws:
    """Draws from a seeded source of chance. Plain draws, because a strategy for each of the many small facts of a
    question would exceed what Hypothesis draws for one example."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def rarely(self, percent: float) -> bool:
        """True in so many of a hundred draws."""
        return self._random.random() * 100 < percent

    def number(self, least: int, most: int) -> int:
        """A whole number."""
        return self._random.randint(least, most)

    def pick(self, things: Sequence[T]) -> T:
        """One of the things."""
        return self._random.choice(things)

    def pick_or_none(self, things: Sequence[T], percent: float) -> T | None:
        """One of the things in so many of a hundred draws."""
        return self.pick(things) if self.rarely(percent) else None

    def some(self, things: Sequence[T], most: int, least: int = 0) -> list[T]:
        """So many of the things, perhaps the same more than once."""
        return [self.pick(things) for _ in range(self.number(least, most))]

    def different(self, things: Sequence[T], most: int, least: int = 0) -> list[T]:
        """So many of the things, each at most once."""
        return list(dict.fromkeys(self.some(things, most, least)))

    def grants(self, words: list[str], asked: list[str]) -> list[str]:
        """A grant list: empty, or what was asked for, or anything."""
        chance = self.number(0, 99)
        if chance < 30:
            return []
        other = self.some([*words, *SPECIAL, *JUNK, *GROUPS, *WILDCARDS], 3)
        together = [*(asked if chance < 88 else []), *other]
        return self._random.sample(together, len(together))

    def wide(self, words: list[str]) -> list[str]:
        """A grant list of the config, which knows no request: rather long, often everything."""
        return [*self.some([*words, *words, *GROUPS, *WILDCARDS, *SPECIAL], 5), *(["*"] if self.rarely(50) else [])]
