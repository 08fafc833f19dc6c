"""Chances and picks, and grant lists out of the words of the worlds."""

from compare.words import GROUPS, JUNK, PATTERNS, SPECIAL
from engines.drawn import Draws


class WorldDraws(Draws):
    """Draws from a seeded source of chance."""

    def grants(self, words: list[str], asked: list[str]) -> list[str]:
        """A grant list: often empty, else some of the names, groups, patterns and special words."""
        if self.rarely(35):
            return []
        other = self.some([*GROUPS * 2, *PATTERNS, *SPECIAL, *JUNK], 2)
        return [*self.some([*words, *asked], 3), *other] or ["ghost"]

    def wide(self, words: list[str]) -> list[str]:
        """A grant list of the config: rather long, often everything."""
        return [*self.grants(words, words), *self.some(words, 4), *(["*"] if self.rarely(40) else [])]
