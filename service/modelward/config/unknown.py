"""What to say about a key of the config that no section knows (K1)."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from modelward.config.report import Report
from modelward.config.values import Path
from modelward.config.words import INFO, KEY, LOOKALIKES, MODEL, PARAMS, SETTINGS, TEAM, TOP, USER, Words

CLOSE = 0.8


def report_unknown(document: Mapping[str, Any], report: Report) -> None:
    """Report every key without bearing once, near misses and misplaced or unsupported ones as problems."""
    _check(document, TOP, (), report, _settings_elsewhere(""))
    for section, words in SETTINGS.items():
        _check(document.get(section), words, (section,), report, _settings_elsewhere(section))
    _check_models(document.get("model_list"), report)
    for section, words in (("keys", KEY), ("teams", TEAM), ("users", USER)):
        for index, item in enumerate(_items(document.get(section))):
            _check(item, words, (section, index), report, {})


def _check_models(items: Any, report: Report) -> None:
    info = dict.fromkeys(INFO.known, "model_info")
    for index, item in enumerate(_items(items)):
        path = ("model_list", index)
        if isinstance(item, dict):
            _check(item, MODEL, path, report, dict.fromkeys(PARAMS.known, "litellm_params") | info)
            _check(item.get("litellm_params"), PARAMS, (*path, "litellm_params"), report, info)
            _check(item.get("model_info"), INFO, (*path, "model_info"), report, {})


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


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
        elif word in elsewhere:
            report.problem(here, f"`{word}` belongs in `{elsewhere[word]}`", key=True)
        elif close := _near_miss(word, [*words.known, *words.unsupported]):
            report.problem(here, f"`{word}` is unknown; did you mean `{close}`?", key=True)
        elif close := _near_miss(word, elsewhere):
            message = f"`{word}` is unknown; did you mean `{close}` in `{elsewhere[close]}`?"
            report.problem(here, message, key=True)
        else:
            report.note(here, word)


def _near_miss(word: str, right: Iterable[str]) -> str | None:
    if word in LOOKALIKES:
        return None
    plain = word.lower().replace("-", "_")
    found = difflib.get_close_matches(plain, list(right), n=1, cutoff=CLOSE)
    return found[0] if found else None
