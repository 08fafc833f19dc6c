"""What was probably meant by a word that nobody knows, in a config, a request, a rule or a variable."""

import difflib
import re
from collections.abc import Iterable

_SLIP = 0.8
_CLOSE_NAME = 0.88


def meant(word: str, known: Iterable[str]) -> str | None:
    """The known word that this one is probably a slip of the pen for, whatever its capitals, and with `-` for `_`; if
    there is none, one that is close when plurals count as singulars."""
    names = sorted(known, reverse=True)
    for spelled in (_plain, _singular):
        alike = {spelled(name): name for name in names}
        close = difflib.get_close_matches(spelled(word), alike, n=1, cutoff=_SLIP)
        if close:
            return alike[close[0]]
    return None


def hint(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """`; did you mean ...?`, or what else is to be said, if anything, where nothing known is close."""
    close = meant(word, known)
    said = f"did you mean `{close}`?" if close else otherwise
    return f"; {said}" if said else ""


def _plain(word: str) -> str:
    return word.lower().replace("-", "_")


def _singular(word: str) -> str:
    return re.sub(r"s$", "", re.sub(r"ies$", "y", _plain(word)))


class LookAlikes:
    """Names of models, and which of them another name is probably a slip of the pen for. Other versions and shorter
    names are no slips: the digits are the same, and neither begins with the other."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_digits: dict[str, list[str]] = {}
        for name in sorted(set(names)):
            self._by_digits.setdefault(re.sub(r"\D", "", name), []).append(name)

    def hint(self, word: str) -> str:
        """`; did you mean ...?` with the first such name; nothing if the word is a name itself or like none."""
        known = self._by_digits.get(re.sub(r"\D", "", word), [])
        close = None if word in known else next((name for name in known if _is_slip(word, name)), None)
        return f"; did you mean `{close}`?" if close else ""


def _is_slip(word: str, name: str) -> bool:
    if word.startswith(name) or name.startswith(word):
        return False
    if re.sub(r"[\W_]", "", word).lower() == re.sub(r"[\W_]", "", name).lower():
        return True
    matcher = difflib.SequenceMatcher(None, word, name)
    ratios = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
    return all(ratio() >= _CLOSE_NAME for ratio in ratios)
