"""Which words a config and the management API know (K1, K2), and what is said of others. Those with a meaning are the
fields of the sections, the rest is in `words.yaml`, which explains its columns."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from modelward.config.fields import PREFIX
from modelward.config.report import ConfigReport
from modelward.config.sections import Sections, maps
from modelward.config.source import NodePath
from modelward.hints import meant


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


def report_unknown(document: Mapping[str, Any], report: ConfigReport) -> None:
    """Report every key without meaning once, near misses and misplaced or unsupported ones as problems."""
    for place, words in words_of_maps().items():
        for path, value in _values(document, place.replace("[]", ".[]").split(".") if place else []):
            for word in value.keys() - words.known if isinstance(value, dict) else ():
                if problem := _problem(word, value[word], place, words):
                    report.problem((*path, word), problem, key=True)
                else:
                    report.note((*path, word))
    variables = document.get("environment_variables")
    for name, value in variables.items() if isinstance(variables, dict) else ():
        instead = litellm_words().variables.get(name.upper())
        if instead and is_set(value) and not _refers(document, PREFIX + name):
            report.problem(("environment_variables", name), _decides(name, instead), key=True)


def _values(value: Any, steps: list[str], path: NodePath = ()) -> Iterator[tuple[NodePath, Any]]:
    """What is at the places of the document that the steps lead to."""
    if not steps:
        yield path, value
        return
    step, rest = steps[0], steps[1:]
    if step == "[]":
        for index, item in enumerate(value if isinstance(value, list) else []):
            yield from _values(item, rest, (*path, index))
    elif isinstance(value, dict):
        for name, item in value.items() if step == "*" else [(step, value.get(step))]:
            yield from _values(item, rest, (*path, name))


_ITEM = "model_list[]"
_PARAMS, _INFO = f"{_ITEM}.litellm_params", f"{_ITEM}.model_info"
_BESIDE = {_ITEM: (_PARAMS, _INFO), _PARAMS: (_INFO,)}
_SETTINGS = re.compile(r"\w+_settings(\.\w+)?")
_IN_SEVERAL = {"timeout", "request_timeout"}


@cache
def _elsewhere(place: str) -> tuple[Mapping[str, str], Mapping[str, Restriction]]:
    """The words of the maps beside one: where each that has a meaning belongs, and those that are not supported."""
    settings = [each for each, words in words_of_maps().items() if words.known and _SETTINGS.fullmatch(each)]
    others = _BESIDE.get(place, [each for each in settings if each != place] if place in [TOP, *settings] else [])
    places: dict[str, str] = {}
    unsupported: dict[str, Restriction] = {}
    for other in others:
        words = words_of_maps()[other]
        shown = other.removeprefix(f"{_ITEM}.")
        places |= {word: shown for word in words.known if shown != other or word not in _IN_SEVERAL}
        unsupported |= words.unsupported
    return places, unsupported


def _problem(word: str, value: Any, place: str, words: Words) -> str | None:
    """What is wrong with an unknown word; `None` if it only means nothing here."""
    belongs, unsupported = _elsewhere(place)
    restriction = words.unsupported.get(word) or unsupported.get(word)
    if restriction is not None:
        problem = f"`{word}` is not supported yet, and ignoring it could widen access; remove it"
        return problem if restriction.applies(value) else None
    instead = words.instead(word) if is_set(value) else None
    if instead and (not words.open or word in words.destinations):
        return _decides(word, instead)
    return _slip(word, words, belongs, unsupported) or (_decides(word, instead) if instead else None)


def _decides(word: str, instead: str) -> str:
    return f"`{word}` decides where calls go or with which key, and is not supported; {instead}"


def _refers(value: Any, reference: str) -> bool:
    if isinstance(value, dict | list):
        return any(_refers(each, reference) for each in (value.values() if isinstance(value, dict) else value))
    return bool(value == reference)


def _slip(word: str, words: Words, belongs: Mapping[str, str], unsupported: Iterable[str]) -> str | None:
    if word in words.noted:
        return None
    if word in belongs:
        return f"`{word}` belongs in `{belongs[word]}`"
    if close := words.meant.get(word) or _near_miss(word, words.known | words.noted):
        return f"`{word}` is unknown; did you mean `{close}`?"
    if close := _near_miss(word, belongs):
        return f"`{word}` is unknown; did you mean `{close}` in `{belongs[close]}`?"
    if not words.open:
        return f"`{word}` is unknown; remove it"
    if close := _near_miss(word, [*words.unsupported, *unsupported]):
        return f"`{word}` is unknown, and `{close}`, which it resembles, is not supported yet; remove it"
    return None


def _near_miss(word: str, right: Iterable[str]) -> str | None:
    return None if word in litellm_words().not_misspelled else meant(word, right)


_SECRET = re.compile(r"(?:^|_)(?:key|secret|token|password|credentials)$")


def is_secret(setting: str) -> bool:
    """Whether a setting of `litellm_params` holds a credential."""
    return _SECRET.search(setting) is not None


def report_literals(document: Mapping[str, Any], say: Callable[[NodePath, str], None]) -> None:
    """Say where a credential is in clear under `litellm_params` and `credential_values`."""
    for place in ("model_list.[].litellm_params.*", "credential_list.[].credential_values.*"):
        for path, value in _values(document, place.split(".")):
            name = str(path[-1])
            is_text = isinstance(value, str)
            is_file = is_text and name.endswith("credentials") and not value.lstrip().startswith("{")
            if is_secret(name) and value and not is_file and not (is_text and value.startswith((PREFIX, "oidc/"))):
                advice = "write `os.environ/NAME` and set that variable for the service"
                say(path, f"`{name}` is a secret in clear; {advice}")
