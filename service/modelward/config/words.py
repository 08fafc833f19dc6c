"""Which words a config and the management API know: those with a meaning are the fields of the sections, the others
are in `words.yaml`, which explains its columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict

from modelward.config.sections import Sections, maps

T = TypeVar("T")


def _flat(value: Any) -> list[Any]:
    """A list that holds lists, as YAML writes one that begins like another."""
    return [each for item in value for each in _flat(item)] if isinstance(value, list) else [value]


Flat = Annotated[tuple[T, ...], BeforeValidator(_flat)]


def is_set(value: Any) -> bool:
    """Whether something is said: a map that holds only what is empty says nothing."""
    return any(map(is_set, value.values())) if isinstance(value, dict) else bool(value)


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Restriction(_Row):
    """Which values of a word restrict something: by default those that are set."""

    unless: tuple[Any, ...] | None = None
    only: tuple[Any, ...] | None = None
    within: "Restricted | None" = None

    def applies(self, value: Any) -> bool:
        """Whether this value restricts something."""
        if self.unless is not None:
            return value not in self.unless
        if self.only is not None:
            return value in self.only
        if self.within is not None:
            return isinstance(value, dict) and any(
                each.applies(value.get(word)) for word, each in restrictions(self.within).items()
            )
        return is_set(value)


Restricted = Flat[str | dict[str, Restriction]]


def restrictions(listed: Sequence[str | dict[str, Restriction]]) -> dict[str, Restriction]:
    """The words of a list in which one that is alone restricts something where it is set."""
    found: dict[str, Restriction] = {}
    for each in listed:
        found.update({each: Restriction()} if isinstance(each, str) else each)
    return found


class _Advice(_Row):
    words: tuple[str, ...]
    instead: str


class MapWords(_Row):
    """One row of `words.yaml`."""

    open: bool = False
    kept: Flat[str] = ()
    dropped: Flat[str] = ()
    noted: Flat[str] = ()
    unsupported: Restricted = ()
    other_names: Mapping[str, tuple[str, ...]] = {}
    destinations: Flat[_Advice] = ()


class LiteLLMWords(BaseModel):
    """`words.yaml`. `instead`, `budgets` and the like are named there only to be used several times."""

    refused: frozenset[str]
    refused_in_requests: frozenset[str]
    other_names: Mapping[str, tuple[str, ...]]
    not_misspelled: frozenset[str]
    records: Mapping[str, MapWords]
    maps: Mapping[str, MapWords]
    variables: Flat[_Advice]


@cache
def litellm_words() -> LiteLLMWords:
    """The table, read once."""
    text = files(__package__).joinpath("words.yaml").read_bytes()
    return LiteLLMWords.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))


def right_names(word: str) -> Iterator[str]:
    """The names that a field has where others call it `word`."""
    return (right for right, others in litellm_words().other_names.items() if word in others)


@dataclass(frozen=True)
class Words:
    """The words of one map of a config: `known` have a meaning, `unsupported` are refused when their value restricts
    something, `noted` have none, `meant` are other names of a known one. `destinations` are patterns of words that
    decide where calls go, with what to do instead. Every other word is a problem, or in an `open` map noted too."""

    known: frozenset[str]
    unsupported: Mapping[str, Restriction] = field(default_factory=dict)
    noted: frozenset[str] = frozenset()
    meant: Mapping[str, str] = field(default_factory=dict)
    destinations: Mapping[str, str] = field(default_factory=dict)
    open: bool = False

    def instead(self, word: str) -> str | None:
        """What to do instead of a word that decides where calls go."""
        if word in self.destinations:
            return self.destinations[word]
        patterns = ((each, said) for each, said in self.destinations.items() if "*" in each)
        return next((said for pattern, said in patterns if fnmatchcase(word, pattern)), None)


TOP = ""
"""The place of the map that the file is."""


@cache
def words_of_maps() -> Mapping[str, Words]:
    """The words of every map of a config, by its place as `maps` has it."""
    table = litellm_words()
    known = {place: frozenset(each.alias or name for name, each in kind.model_fields.items()) for place, kind in maps()}
    known[TOP] = frozenset({*Sections.__dataclass_fields__, "environment_variables", "include"})
    rows = {**table.maps, **table.records}
    return {
        place: _words(known.get(place, frozenset()), rows.get(place, MapWords()), is_record=place in table.records)
        for place in sorted(known.keys() | rows.keys())
    }


def words_of_variables() -> Mapping[str, str]:
    """Variables of a config that decide where calls go, in capitals, and what to do instead."""
    return _destinations(litellm_words().variables)


def _words(known: frozenset[str], row: MapWords, *, is_record: bool) -> Words:
    table = litellm_words()
    noted = frozenset({*row.kept, *row.dropped, *row.noted})
    names = [each for each in table.other_names.items() if is_record and each[0] in known]
    names += row.other_names.items()
    meant = {other: right for right, others in names for other in others if other not in known}
    refused = table.refused - known - noted - meant.keys() if is_record else ()
    unsupported = dict.fromkeys(refused, Restriction()) | restrictions(row.unsupported)
    return Words(known, unsupported, noted, meant, _destinations(row.destinations), row.open)


def _destinations(rows: Sequence[_Advice]) -> dict[str, str]:
    return {word: row.instead for row in rows for word in row.words}
