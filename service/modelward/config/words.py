"""Which words a config and the management API know: those with a meaning are the fields of the sections, the others
are in `words.yaml`, which explains its columns."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from modelward.config.sections import Sections, maps


def is_set(value: Any) -> bool:
    """Whether something is said: a map that holds only what is empty says nothing."""
    return any(map(is_set, value.values())) if isinstance(value, dict) else bool(value)


def _flat(value: Any) -> list[Any]:
    """A list that holds lists, as YAML writes one that begins like another."""
    return [each for item in value for each in _flat(item)] if isinstance(value, list) else [value]


def _restricted(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in _flat(value):
        found |= each if isinstance(each, dict) else {each: {}}
    return found


def _instead(value: Any) -> dict[str, str]:
    return {word: row["instead"] for row in _flat(value) for word in row["words"]}


def _right_names(value: Any) -> dict[str, str]:
    return {other: right for right, others in value.items() for other in others}


class Restriction(BaseModel):
    """Which values of a word restrict something: by default those that are set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

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
            inner = value if isinstance(value, dict) else {}
            return any(each.applies(inner[word]) for word, each in self.within.items() if word in inner)
        return is_set(value)


Flat = Annotated[frozenset[str], BeforeValidator(_flat)]
Restricted = Annotated[Mapping[str, Restriction], BeforeValidator(_restricted)]
Instead = Annotated[Mapping[str, str], BeforeValidator(_instead)]


class Words(BaseModel):
    """The words of one map of a config: `known` have a meaning, the others are a row of `words.yaml`.

    `unsupported` are refused when their value restricts something, `noted` have no meaning, `meant` are other names,
    each with the right one. `destinations` are patterns of words that decide where calls go, with what to do instead.
    Every other word is a problem, or in an `open` map noted too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    known: frozenset[str] = frozenset()
    open: bool = False
    kept: Flat = frozenset()
    dropped: Flat = frozenset()
    noted: Flat = frozenset()
    unsupported: Restricted = {}
    meant: Annotated[Mapping[str, str], BeforeValidator(_right_names), Field(alias="other_names")] = {}
    destinations: Instead = {}

    def instead(self, word: str) -> str | None:
        """What to do instead of a word that decides where calls go."""
        if word in self.destinations:
            return self.destinations[word]
        patterns = ((each, said) for each, said in self.destinations.items() if "*" in each)
        return next((said for pattern, said in patterns if fnmatchcase(word, pattern)), None)


class LiteLLMWords(BaseModel):
    """`words.yaml`. `instead`, `budgets` and the like are named there only to be used several times."""

    refused: frozenset[str]
    refused_in_requests: frozenset[str]
    other_names: Mapping[str, tuple[str, ...]]
    not_misspelled: frozenset[str]
    records: Mapping[str, Words]
    maps: Mapping[str, Words]
    variables: Instead


@cache
def litellm_words() -> LiteLLMWords:
    """The table, read once."""
    text = files(__package__).joinpath("words.yaml").read_bytes()
    return LiteLLMWords.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))


def right_names(word: str) -> Iterator[str]:
    """The names that a field has where others call it `word`."""
    return (right for right, others in litellm_words().other_names.items() if word in others)


TOP = ""
"""The place of the map that the file is."""


@cache
def words_of_maps() -> Mapping[str, Words]:
    """The words of every map of a config, by its place as `maps` has it."""
    table = litellm_words()
    known = {place: frozenset(each.alias or name for name, each in kind.model_fields.items()) for place, kind in maps()}
    known[TOP] = frozenset({*Sections.__dataclass_fields__, "environment_variables", "include"})
    found = {}
    for place in sorted(known.keys() | table.maps.keys() | table.records.keys()):
        words = table.maps.get(place, Words()).model_copy(update={"known": known.get(place, frozenset())})
        found[place] = _of_record(table.records[place], words.known) if place in table.records else words
    return found


def _of_record(row: Words, known: frozenset[str]) -> Words:
    """The words of a record: other records have the same, and some of theirs restrict access."""
    noted = row.kept | row.dropped | row.noted
    common = _right_names({right: others for right, others in litellm_words().other_names.items() if right in known})
    meant = {other: right for other, right in {**common, **row.meant}.items() if other not in known}
    refused = litellm_words().refused - known - noted - meant.keys()
    unsupported = {**dict.fromkeys(refused, Restriction()), **row.unsupported}
    return row.model_copy(update={"known": known, "noted": noted, "meant": meant, "unsupported": unsupported})
