"""Which spellings of a name lead to one model (M8). The table is `spellings.yaml`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from modelward.contract import Family, Folding
from modelward.contract.publishers import FAMILIES, GOOGLE, family_pattern

# What a name that is folded may be made of: printable ASCII without space, `%` and `\`, no `.` at its end, and no
# segment between `/` that is empty.
_PLAIN = re.compile(r"(?:[!-$&-.0-\[\]-~]+/)*[!-$&-.0-\[\]-~]*[!-$&-\-0-\[\]-~]\Z")


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    like: str | None = None
    case: bool = False
    last_of: str = ""
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    cut: str = ""
    publishers: bool = False

    def folding(self) -> Folding:
        """The row as the rules read it."""
        alone = self == _Row(case=self.case)
        families = [Family(pattern=family_pattern(word), publisher=whose) for word, whose in FAMILIES.items()]
        return Folding(
            case=self.case,
            pattern="" if alone else self._pattern(),
            forms=list(dict.fromkeys(self._forms())),
            last_of=self.last_of,
            families=[*families, Family(pattern="", publisher=GOOGLE)] if self.publishers else [],
        )

    def _pattern(self) -> str:
        last = f"(?:{re.escape(self.last_of)}.*/)?" if self.last_of else ""
        publisher = "(?:(?:publishers/)?([^/]+)/(?:models/)?)?" if self.publishers else "()"
        tails = [*map(re.escape, self.behind), *([f"[{re.escape(self.cut)}].*"] if self.cut else [])]
        tail = f"(?:{'|'.join(tails)})*" if tails else ""
        before = f"(?:{'|'.join(map(re.escape, self.before))})*" if self.before else ""
        return f"^{last}{before}{publisher}(.+?)({tail})$"

    def _forms(self) -> Iterator[str]:
        befores = ["", *self.before, *(["{publisher}/", "publishers/{publisher}/models/"] if self.publishers else [])]
        for before in befores:
            yield from (f"{before}{{model}}{behind}" for behind in ("", *self.behind))


@dataclass(frozen=True, slots=True)
class Spellings:
    """`foldings` are the rows of families; `families` maps each provider named to its family."""

    foldings: Mapping[str, Folding]
    families: Mapping[str, str]

    def family(self, provider: str) -> str:
        """The family of providers that have the same models."""
        return self.families.get(provider, provider)

    def members(self, family: str) -> list[str]:
        """The providers of a family."""
        return sorted({family, *(provider for provider, whose in self.families.items() if whose == family)})

    def folding(self, family: str) -> Folding:
        """How a family folds names; one that is not in the table does not."""
        return self.foldings.get(family, Folding())


@cache
def spellings() -> Spellings:
    """The table, read once."""
    text = files(__package__).joinpath("spellings.yaml").read_bytes()
    rows = TypeAdapter(dict[str, _Row]).validate_python(yaml.safe_load(text))
    foldings = {provider: row.folding() for provider, row in rows.items() if row.like is None}
    return Spellings(foldings, {provider: row.like or provider for provider, row in rows.items()})


def key(folding: Folding, upstream: str) -> str | None:
    """What all spellings of an upstream's own name for a model come to; `None` for what no model is called."""
    if not folding.folds:
        return upstream
    if not _PLAIN.match(upstream):
        return None
    name = upstream.lower() if folding.case else upstream
    if not folding.pattern:
        return name
    found = re.match(folding.pattern, name)
    if found is None:
        return None
    publisher, model = found[1] or "", found[2]
    if folding.families and not publisher:
        publisher = next(each.publisher for each in folding.families if re.match(each.pattern, model))
    return f"{publisher}/{model}" if publisher else model


def frames(entry: str, model: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """The literal text around what a wildcard entry's name leaves open, and around the same in the upstream's model.

    Where both are patterns of another shape, the whole name is left open.
    """
    before = entry.removesuffix(model)
    if entry.endswith(model) and "*" not in before:
        return (before, ""), ("", "")
    if entry.count("*") == model.count("*") == 1:
        return _around(entry), _around(model)
    return ("", ""), ("", "")


def inner(frame: tuple[str, str], text: str, *, case: bool) -> str | None:
    """What stands between the two texts of a frame; `None` where they are not around it."""
    before, behind = frame
    compared = text.lower() if case else text
    around = (before.lower(), behind.lower()) if case else frame
    fits = compared.startswith(around[0]) and compared.endswith(around[1]) and len(text) > len(before) + len(behind)
    return text[len(before) : len(text) - len(behind)] if fits else None


def _around(pattern: str) -> tuple[str, str]:
    before, _, behind = pattern.partition("*")
    return before, behind
