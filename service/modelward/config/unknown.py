"""What to say about a key of the config that no section knows (K1, K2), and about a secret in clear (K4)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from modelward.config.fields import PREFIX
from modelward.config.report import ConfigReport
from modelward.config.source import NodePath
from modelward.config.words import TOP, Restriction, Words, is_set, litellm_words, words_of_maps
from modelward.hints import meant


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
