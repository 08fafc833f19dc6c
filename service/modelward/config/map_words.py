"""What the words of one map of the config are: which have a bearing, which are refused, which are only noted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from modelward.config.fields import Section

Restricts = Callable[[Any], bool]
Pattern = tuple[str | None, ...]

EACH = None
"""In a pattern, any place in a list."""
EACH_NAME = "*"
"""In a pattern, any key of a map."""


@dataclass(frozen=True)
class Words:
    """The words of one map: `known` have a bearing, `unsupported` are refused when their test says that they restrict
    something, `noted` have none, `meant` are other names of a known one. `destinations` are patterns of words that
    decide where calls go, with what to do instead. Of a `closed` map every other word is a problem, else it is noted
    too."""

    known: frozenset[str]
    unsupported: dict[str, Restricts] = field(default_factory=dict)
    noted: frozenset[str] = frozenset()
    meant: dict[str, str] = field(default_factory=dict)
    destinations: Mapping[str, str] = field(default_factory=dict)
    closed: bool = False


def is_set(value: Any) -> bool:
    """Whether something is said: a map that holds only what is empty says nothing."""
    return any(map(is_set, value.values())) if isinstance(value, dict) else bool(value)


def stands_there(value: Any) -> bool:
    """Whether there is a value, be it an empty list."""
    return value is not None


def open_words(section: type[Section], *unsupported: str, **tested: Restricts) -> Words:
    """The words of a map of LiteLLM's; those of `unsupported` restrict something wherever they are set."""
    known = frozenset(each.alias or name for name, each in section.model_fields.items())
    return Words(known, dict.fromkeys(unsupported, is_set) | tested)


def closed_words(section: type[Section], *unsupported: str, **tested: Restricts) -> Words:
    """The same for a map that holds nothing else."""
    return replace(open_words(section, *unsupported, **tested), closed=True)
