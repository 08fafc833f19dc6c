"""What to say about a key of the config that no section knows (K1, K2)."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from modelward.config.fields import PREFIX
from modelward.config.report import Report
from modelward.config.source import NodePath
from modelward.config.words import (
    EACH,
    EACH_NAME,
    IN_VARIABLES,
    INFO,
    ITEMS,
    LOOKALIKES,
    MODEL,
    PARAMS,
    SETTINGS,
    TOP,
    Pattern,
    Restricts,
    Words,
    advice,
    is_set,
)

CLOSE = 0.8


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """The words of the maps beside one: where each that has a bearing belongs, and those that are not supported."""

    places: Mapping[str, str] = field(default_factory=dict)
    unsupported: Mapping[str, Restricts] = field(default_factory=dict)


_NOWHERE = _Elsewhere()


def report_unknown(document: Mapping[str, Any], report: Report) -> None:
    """Report every key without bearing once, near misses and misplaced or unsupported ones as problems."""
    _check(document, TOP, (), report, _settings_elsewhere(""))
    for section, words in SETTINGS.items():
        for path, value in _values(document, tuple(section.split("."))):
            _check(value, words, path, report, _settings_elsewhere(section))
    _check_models(document.get("model_list"), report)
    _check_variables(document, report)
    for pattern, words in ITEMS.items():
        for path, item in _values(document, pattern):
            _check(item, words, path, report, _NOWHERE)


def _check_models(items: Any, report: Report) -> None:
    info = dict.fromkeys(INFO.known, "model_info")
    beside_info = _Elsewhere(info, INFO.unsupported)
    beside_maps = _Elsewhere(dict.fromkeys(PARAMS.known, "litellm_params") | info, INFO.unsupported)
    for index, item in enumerate(items if isinstance(items, list) else []):
        path = ("model_list", index)
        if isinstance(item, dict):
            _check(item, MODEL, path, report, beside_maps)
            _check(item.get("litellm_params"), PARAMS, (*path, "litellm_params"), report, beside_info)
            _check(item.get("model_info"), INFO, (*path, "model_info"), report, _NOWHERE)


def _values(value: Any, pattern: Pattern, path: NodePath = ()) -> Iterator[tuple[NodePath, Any]]:
    """What stands at the places of the document that `pattern` names."""
    if not pattern:
        yield path, value
    elif pattern[0] is EACH:
        for index, item in enumerate(value if isinstance(value, list) else []):
            yield from _values(item, pattern[1:], (*path, index))
    elif isinstance(value, dict) and pattern[0] == EACH_NAME:
        for name, item in value.items():
            yield from _values(item, pattern[1:], (*path, name))
    elif isinstance(value, dict):
        yield from _values(value.get(pattern[0]), pattern[1:], (*path, pattern[0]))


def _settings_elsewhere(section: str) -> _Elsewhere:
    others = {other: words for other, words in SETTINGS.items() if other != section}
    known = [(word, other) for other, words in others.items() for word in words.known]
    return _Elsewhere(
        {word: other for word, other in known if not word.endswith("timeout")},
        {word: restricts for words in others.values() for word, restricts in words.unsupported.items()},
    )


def _check(value: Any, words: Words, path: NodePath, report: Report, elsewhere: _Elsewhere) -> None:
    if not isinstance(value, dict) or value.keys() <= words.known:
        return
    unsupported = {**elsewhere.unsupported, **words.unsupported}
    for word in value.keys() - words.known:
        here = (*path, word)
        if word in unsupported:
            problem = _restriction(word, value[word], unsupported)
        else:
            is_told_first = words.closed or word in words.destinations
            named = _misdirection(word, value[word], words) if is_told_first else None
            problem = named or _problem(word, words, elsewhere) or _misdirection(word, value[word], words)
        if problem:
            report.problem(here, problem, key=True)
        else:
            report.note(here, word)


def _restriction(word: str, value: Any, unsupported: Mapping[str, Restricts]) -> str | None:
    if not unsupported[word](value):
        return None
    return f"`{word}` is not supported yet, and ignoring it could widen access; remove it"


def _misdirection(word: str, value: Any, words: Words) -> str | None:
    return _decides(word, advice(words.destinations, word) if is_set(value) else None)


def _decides(word: str, instead: str | None) -> str | None:
    return instead and f"`{word}` decides where calls go or with which key, and is not supported; {instead}"


def _check_variables(document: Mapping[str, Any], report: Report) -> None:
    variables = document.get("environment_variables")
    for name, value in variables.items() if isinstance(variables, dict) else ():
        problem = _decides(name, IN_VARIABLES.get(name.upper()) if is_set(value) else None)
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
    if words.closed:
        return f"`{word}` is unknown; remove it"
    if close := _near_miss(word, [*words.unsupported, *elsewhere.unsupported]):
        return f"`{word}` is unknown, and `{close}`, which it resembles, is not supported yet; remove it"
    return None


def _near_miss(word: str, right: Iterable[str]) -> str | None:
    if word in LOOKALIKES:
        return None
    plain = word.lower().replace("-", "_")
    found = difflib.get_close_matches(plain, list(right), n=1, cutoff=CLOSE)
    return found[0] if found else None
