"""Which names a catalogue knows (C2-C4): enough of it to say that a grant or an alias names nothing."""

import re
from collections.abc import Iterable

from modelward.config.providers import providers

EVERYTHING = frozenset({"*", "all-proxy-models"})
SPECIAL = EVERYTHING | {"no-default-models", "all-team-models"}


class KnownNames:
    """The names of entries, any of which may hold `*`."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._entries = frozenset(entries)
        patterns = [pattern_of(name) for name in self._entries if "*" in name]
        self._patterns = re.compile("|".join(patterns) or r"(?!)", re.DOTALL)

    def has(self, name: str) -> bool:
        """Whether a request for `name` finds an entry (C3)."""
        return self._found(name) or ("/" not in name and self._found(f"{providers().of(name)}/{name}"))

    def has_pattern(self, pattern: str) -> bool:
        """Whether a granted pattern matches an entry's name, or an entry is at least as wide as the pattern."""
        wanted = re.compile(pattern_of(pattern), re.DOTALL)
        return self._found(pattern) or any(wanted.fullmatch(name) for name in self._names())

    def _found(self, name: str) -> bool:
        return name in self._entries or self._patterns.fullmatch(name) is not None

    def _names(self) -> Iterable[str]:
        for name in self._entries:
            yield name
            if "/" not in name:
                yield f"{providers().of(name)}/{name}"


def pattern_of(name: str) -> str:
    """A name with `*` as a regular expression: `*` is any run of characters, all else is itself (C2)."""
    return ".*".join(re.escape(part) for part in re.split(r"\*+", name))
