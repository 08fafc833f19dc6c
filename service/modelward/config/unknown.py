"""What to say about a key of the config that no section knows (K1, K2)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from modelward.config.fields import PREFIX
from modelward.config.report import ConfigReport
from modelward.config.source import NodePath
from modelward.config.words import (
    TOP,
    Restriction,
    Words,
    is_set,
    litellm_words,
    words_of_maps,
    words_of_variables,
)
from modelward.hints import meant


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """The words of the maps beside one: where each that has a meaning belongs, and those that are not supported."""

    places: Mapping[str, str] = field(default_factory=dict)
    unsupported: Mapping[str, Restriction] = field(default_factory=dict)


def report_unknown(document: Mapping[str, Any], report: ConfigReport) -> None:
    """Report every key without meaning once, near misses and misplaced or unsupported ones as problems."""
    for place, words in words_of_maps().items():
        for path, value in _values(document, place.replace("[]", ".[]").split(".") if place else []):
            _check(value, words, path, report, _elsewhere(place))
    _check_variables(document, report)


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
def _elsewhere(place: str) -> _Elsewhere:
    settings = [each for each, words in words_of_maps().items() if words.known and _SETTINGS.fullmatch(each)]
    others = _BESIDE.get(place, [each for each in settings if each != place] if place in [TOP, *settings] else [])
    places: dict[str, str] = {}
    unsupported: dict[str, Restriction] = {}
    for other in others:
        words = words_of_maps()[other]
        shown = other.removeprefix(f"{_ITEM}.")
        places |= {word: shown for word in words.known if shown != other or word not in _IN_SEVERAL}
        unsupported |= words.unsupported
    return _Elsewhere(places, unsupported)


def _check(value: Any, words: Words, path: NodePath, report: ConfigReport, elsewhere: _Elsewhere) -> None:
    if not isinstance(value, dict) or value.keys() <= words.known:
        return
    unsupported = {**elsewhere.unsupported, **words.unsupported}
    for word in value.keys() - words.known:
        if word in unsupported:
            problem = _restriction(word) if unsupported[word].applies(value[word]) else None
        else:
            misdirection = _decides(word, words.instead(word) if is_set(value[word]) else None)
            is_said_first = not words.open or word in words.destinations
            problem = (misdirection if is_said_first else None) or _problem(word, words, elsewhere) or misdirection
        if problem:
            report.problem((*path, word), problem, key=True)
        else:
            report.note((*path, word), word)


def _restriction(word: str) -> str:
    return f"`{word}` is not supported yet, and ignoring it could widen access; remove it"


def _decides(word: str, instead: str | None) -> str | None:
    return instead and f"`{word}` decides where calls go or with which key, and is not supported; {instead}"


def _check_variables(document: Mapping[str, Any], report: ConfigReport) -> None:
    variables = document.get("environment_variables")
    for name, value in variables.items() if isinstance(variables, dict) else ():
        problem = _decides(name, words_of_variables().get(name.upper()) if is_set(value) else None)
        if problem and not _refers(document, PREFIX + name):
            report.problem(("environment_variables", name), problem, key=True)


def _refers(value: Any, reference: str) -> bool:
    if isinstance(value, dict | list):
        return any(_refers(each, reference) for each in (value.values() if isinstance(value, dict) else value))
    return bool(value == reference)


def _problem(word: str, words: Words, elsewhere: _Elsewhere) -> str | None:
    if word in words.noted:
        return None
    if word in elsewhere.places:
        return f"`{word}` belongs in `{elsewhere.places[word]}`"
    if close := words.meant.get(word) or _near_miss(word, words.known | words.noted):
        return f"`{word}` is unknown; did you mean `{close}`?"
    if close := _near_miss(word, elsewhere.places):
        return f"`{word}` is unknown; did you mean `{close}` in `{elsewhere.places[close]}`?"
    if not words.open:
        return f"`{word}` is unknown; remove it"
    if close := _near_miss(word, [*words.unsupported, *elsewhere.unsupported]):
        return f"`{word}` is unknown, and `{close}`, which it resembles, is not supported yet; remove it"
    return None


def _near_miss(word: str, right: Iterable[str]) -> str | None:
    return None if word in litellm_words().not_misspelled else meant(word, right)
