"""Patterns and providers, as C2 and C4 put them and no cleverer."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.resources import files

_ROWS = json.loads(
    files("modelward.config").joinpath("published_models.json").read_text(encoding="utf-8"),
)["names"]
_PUBLISHED: dict[str, list[str]] = {name: owners.split() for owners, names in _ROWS.items() for name in names}
_DATES = ("%Y-%m-%d", "%Y%m%d", "%m-%Y")


def holds(pattern: str, name: str) -> bool:
    """Whether `*` in the pattern can stand for such runs of characters that the name comes out (C2)."""
    if not pattern:
        return not name
    if pattern[0] == "*":
        return any(holds(pattern[1:], name[start:]) for start in range(len(name) + 1))
    return name[:1] == pattern[0] and holds(pattern[1:], name[1:])


def literals(pattern: str) -> int:
    """How many characters of the pattern stand for themselves (C3)."""
    return sum(character != "*" for character in pattern)


def providers_of(name: str, added: Mapping[str, Sequence[str]]) -> list[str]:
    """The providers of a bare name (C4), those of the config's `provider_names` last; a name with a `/` has none."""
    if "/" in name:
        return []
    own = [provider for provider, names in added.items() if name in names]
    return list(dict.fromkeys([*_publishers(name), *own]))


def publishers(added: Mapping[str, Sequence[str]]) -> list[str]:
    """All providers of whom a bare name may be (C4)."""
    return sorted({*added, *(owner for owners in _ROWS for owner in owners.split())})


def _publishers(name: str) -> list[str]:
    found = _with_suffix(name)
    if not found and name[:3] == "ft:":
        found = _with_suffix(name[3:].partition(":")[0])
    return found


def _with_suffix(name: str) -> list[str]:
    """Who publishes the name, or a name before one suffix of it."""
    if name in _PUBLISHED:
        return _PUBLISHED[name]
    dashes = [place for place, character in enumerate(name) if character == "-"]
    bases = [name[:place] for place in dashes if _may_follow(name[place + 1 :])]
    return next((_PUBLISHED[base] for base in bases if base in _PUBLISHED), [])


def _may_follow(word: str) -> bool:
    if word in {"latest", "preview"}:
        return True
    if not set(word) <= set("0123456789-"):
        return False
    # A day of the leap year 2000 is any day that a month can have, but for the last days of short months.
    return any(_is_date(word, form) for form in _DATES) or (len(word) == 4 and _is_date(f"2000{word}", "%Y%m%d"))


def _is_date(word: str, form: str) -> bool:
    try:
        read = datetime.strptime(word, form).replace(tzinfo=UTC)
    except ValueError:
        return False
    return read.strftime(form) == word and 2000 <= read.year < 2100
