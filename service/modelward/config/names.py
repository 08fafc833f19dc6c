"""Which names a catalogue knows (C2-C4): enough of it to say that a grant or an alias names nothing."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

from modelward.config.published_names import published_names

EVERYTHING = frozenset({"*", "all-proxy-models"})
SPECIAL = EVERYTHING | {"no-default-models", "all-team-models"}
_CLOSE = 0.88


class LookAlikes:
    """Names, and which of them another word is probably a slip of the pen for. Other versions and shorter names are no
    slips: the digits are the same, and neither begins with the other."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_digits: dict[str, list[str]] = {}
        for name in sorted(set(names)):
            self._by_digits.setdefault(_digits(name), []).append(name)

    def of(self, word: str) -> str | None:
        """The first such name, `None` if the word is a name itself or nothing is like it."""
        known = self._by_digits.get(_digits(word), [])
        return None if word in known else next((name for name in known if _is_slip(word, name)), None)


def _digits(name: str) -> str:
    return re.sub(r"\D", "", name)


def _is_slip(word: str, name: str) -> bool:
    if word.startswith(name) or name.startswith(word):
        return False
    if _letters(word) == _letters(name):
        return True
    matcher = difflib.SequenceMatcher(None, word, name)
    return matcher.real_quick_ratio() >= _CLOSE and matcher.quick_ratio() >= _CLOSE and matcher.ratio() >= _CLOSE


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


class KnownNames:
    """The names of entries, any of which may hold `*`; `added` maps providers to bare names that the config adds."""

    def __init__(self, entries: Iterable[str], added: Mapping[str, Sequence[str]]) -> None:
        self._added = added
        self._entries = frozenset(entries)
        self._names = self._entries.union(*map(self.under_providers, self._entries))
        patterns = [pattern_of(name) for name in self._entries if "*" in name]
        self._patterns = re.compile("|".join(patterns) or r"(?!)", re.DOTALL)
        self._granted: dict[str, bool] = {}

    def has(self, name: str) -> bool:
        """Whether a request for `name` finds an entry (C3)."""
        return self._found(name) or any(map(self._found, self.under_providers(name)))

    def granted(self, item: str) -> bool:
        """Whether an item of a grant list covers an entry, or a name that finds one (G3, G5)."""
        if item not in self._granted:
            self._granted[item] = self.has(item) or ("*" in item and self._matches(item))
        return self._granted[item]

    def under_providers(self, name: str) -> list[str]:
        """A bare name under each of its providers (C4)."""
        if "/" in name:
            return []
        owners = [*published_names().of(name), *(provider for provider, names in self._added.items() if name in names)]
        return [f"{owner}/{name}" for owner in owners]

    def _found(self, name: str) -> bool:
        return name in self._entries or self._patterns.fullmatch(name) is not None

    def _matches(self, pattern: str) -> bool:
        wanted = re.compile(pattern_of(pattern), re.DOTALL)
        return any(wanted.fullmatch(name) for name in self._names)


def pattern_of(name: str) -> str:
    """A name with `*` as a regular expression: `*` is any run of characters, all else is itself (C2)."""
    return ".*".join(re.escape(part) for part in re.split(r"\*+", name))
