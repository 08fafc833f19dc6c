"""What to say about a key of the config that no section knows (K1)."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from modelward.config.report import Report
from modelward.config.values import Path
from modelward.config.words import EACH, INFO, ITEMS, LOOKALIKES, MODEL, PARAMS, SETTINGS, TOP, Words

CLOSE = 0.8


def report_unknown(document: Mapping[str, Any], report: Report) -> None:
    """Report every key without bearing once, near misses and misplaced or unsupported ones as problems."""
    _check(document, TOP, (), report, _settings_elsewhere(""))
    for section, words in SETTINGS.items():
        for path, value in _values(document, tuple(section.split("."))):
            _check(value, words, path, report, _settings_elsewhere(section))
    _check_models(document.get("model_list"), report)
    for pattern, words in ITEMS.items():
        for path, item in _values(document, pattern):
            _check(item, words, path, report, {})


def _check_models(items: Any, report: Report) -> None:
    info = dict.fromkeys(INFO.known, "model_info")
    for index, item in enumerate(items if isinstance(items, list) else []):
        path = ("model_list", index)
        if isinstance(item, dict):
            _check(item, MODEL, path, report, dict.fromkeys(PARAMS.known, "litellm_params") | info)
            _check(item.get("litellm_params"), PARAMS, (*path, "litellm_params"), report, info)
            _check(item.get("model_info"), INFO, (*path, "model_info"), report, {})


def _values(value: Any, pattern: tuple[str | None, ...], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """What stands at the places of the document that `pattern` names."""
    if not pattern:
        yield path, value
    elif pattern[0] is EACH:
        for index, item in enumerate(value if isinstance(value, list) else []):
            yield from _values(item, pattern[1:], (*path, index))
    elif isinstance(value, dict):
        yield from _values(value.get(pattern[0]), pattern[1:], (*path, pattern[0]))


def _settings_elsewhere(section: str) -> dict[str, str]:
    return {
        word: other
        for other, words in SETTINGS.items()
        for word in (*words.known, *words.unsupported)
        if other != section and not word.endswith("timeout")
    }


def _check(value: Any, words: Words, path: Path, report: Report, elsewhere: Mapping[str, str]) -> None:
    if not isinstance(value, dict) or value.keys() <= words.known:
        return
    for word in value.keys() - words.known:
        here = (*path, word)
        if word in words.unsupported:
            if words.unsupported[word](value[word]):
                report.problem(
                    here, f"`{word}` is not supported yet, and ignoring it could widen access; remove it", key=True
                )
        elif problem := _problem(word, words, elsewhere):
            report.problem(here, problem, key=True)
        else:
            report.note(here, word)


def _problem(word: str, words: Words, elsewhere: Mapping[str, str]) -> str | None:
    if word in words.noted:
        return None
    if word in elsewhere:
        return f"`{word}` belongs in `{elsewhere[word]}`"
    if close := words.meant.get(word) or _near_miss(word, [*words.known, *words.unsupported]):
        return f"`{word}` is unknown; did you mean `{close}`?"
    if close := _near_miss(word, elsewhere):
        return f"`{word}` is unknown; did you mean `{close}` in `{elsewhere[close]}`?"
    return f"`{word}` is unknown; remove it" if words.closed else None


def _near_miss(word: str, right: Iterable[str]) -> str | None:
    if word in LOOKALIKES:
        return None
    plain = word.lower().replace("-", "_")
    found = difflib.get_close_matches(plain, list(right), n=1, cutoff=CLOSE)
    return found[0] if found else None
