"""Names of models: of a config, published ones and their providers (C4), and spellings of one model (M8)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import orjson

from modelward.contract import Family, Folding
from modelward.contract.deployment import FAMILIES, GOOGLE, family_pattern
from modelward.providers import NameForms, providers

# What may follow a published name: one date, as providers write it, or one of two words.
_SUFFIX = re.compile(
    r"-(?:latest|preview|20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:20[0-9]{2})?(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])|(?:0[1-9]|1[0-2])-20[0-9]{2})\Z"
)
_FINE_TUNED = "ft:"


@dataclass(frozen=True, slots=True)
class PublishedNames:
    """`published` maps bare names to the providers that publish them."""

    published: Mapping[str, tuple[str, ...]]

    def of(self, name: str) -> tuple[str, ...]:
        """The providers of a bare name, the one that LiteLLM calls first; none for a name that nobody publishes. What
        it is made from counts too: the name without a suffix, and the one that it is fine-tuned from (C4)."""
        bases = [name]
        if name.startswith(_FINE_TUNED):
            bases.append(name.removeprefix(_FINE_TUNED).partition(":")[0])
        bases = [base for each in bases for base in (each, _SUFFIX.sub("", each, count=1))]
        return next((self.published[base] for base in bases if base in self.published), ())


@cache
def published_names() -> PublishedNames:
    """The table in `published_models.json`."""
    rows = orjson.loads(files(__package__).joinpath("published_models.json").read_bytes())["names"]
    return PublishedNames({name: tuple(owners.split(" ")) for owners, names in rows.items() for name in names})


# What a name that is folded may be made of: printable ASCII without space, `%` and `\`, no `.` at its end, and no
# segment between `/` that is empty.
_PLAIN = re.compile(r"(?:[!-$&-.0-\[\]-~]+/)*[!-$&-.0-\[\]-~]*[!-$&-\-0-\[\]-~]\Z")


def _folding(row: NameForms) -> Folding:
    """The row as the rules read it."""
    families = [Family(pattern=family_pattern(word), publisher=whose) for word, whose in FAMILIES.items()]
    last = f"(?:{re.escape(row.last_of)}.*/)?" if row.last_of else ""
    before = f"(?:{'|'.join(map(re.escape, row.before))})*" if row.before else ""
    publisher = "(?:(?:publishers/)?([^/]+)/(?:models/)?)?" if row.publishers else "()"
    tails = [*map(re.escape, row.behind), *([f"[{re.escape(row.cut)}].*"] if row.cut else [])]
    tail = f"(?:{'|'.join(tails)})*" if tails else ""
    befores = ["", *row.before, *(["{publisher}/", "publishers/{publisher}/models/"] if row.publishers else [])]
    forms = [f"{first}{{model}}{behind}" for first in befores for behind in ("", *row.behind)]
    has_forms = row != NameForms(case=row.case, shared_with=row.shared_with)
    return Folding(
        case=row.case,
        pattern=f"^{last}{before}{publisher}(.+?)({tail})$" if has_forms else "",
        forms=list(dict.fromkeys(forms)),
        last_of=row.last_of,
        families=[*families, Family(pattern="", publisher=GOOGLE)] if row.publishers else [],
    )


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
    rows = {provider: row.names for provider, row in providers().rows.items() if row.names is not None}
    shared = {other: provider for provider, row in rows.items() for other in row.shared_with}
    foldings = {provider: _folding(row) for provider, row in rows.items()}
    return Spellings(foldings, {**{provider: provider for provider in rows}, **shared})


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
        (before, _, behind), (first, _, last) = entry.partition("*"), model.partition("*")
        return (before, behind), (first, last)
    return ("", ""), ("", "")


def inner(frame: tuple[str, str], text: str, *, case: bool) -> str | None:
    """What is between the two texts of a frame; `None` where they are not around it."""
    before, behind = frame
    compared = text.lower() if case else text
    around = (before.lower(), behind.lower()) if case else frame
    fits = compared.startswith(around[0]) and compared.endswith(around[1]) and len(text) > len(before) + len(behind)
    return text[len(before) : len(text) - len(behind)] if fits else None


class KnownNames:
    """The names of entries, any of which may hold `*`; `added` maps providers to bare names that the config adds."""

    def __init__(self, entries: Iterable[str], added: Mapping[str, Sequence[str]]) -> None:
        self._added = added
        self._entries = frozenset(entries)
        self._names = self._entries.union(*map(self.under_providers, self._entries))
        patterns = [pattern_of(name) for name in self._entries if "*" in name]
        self._patterns = re.compile("|".join(patterns) or r"(?!)", re.DOTALL)
        self._granted: dict[str, bool] = {}

    def has(self, name: str) -> bool:
        """Whether a request for `name` finds an entry (C3)."""
        return self._found(name) or any(map(self._found, self.under_providers(name)))

    def granted(self, item: str) -> bool:
        """Whether an item of a grant list covers an entry, or a name that finds one (G3, G5)."""
        if item not in self._granted:
            found = self.has(item)
            if not found and "*" in item:
                found = any(map(re.compile(pattern_of(item), re.DOTALL).fullmatch, self._names))
            self._granted[item] = found
        return self._granted[item]

    def under_providers(self, name: str) -> list[str]:
        """A bare name under each of its providers (C4)."""
        if "/" in name:
            return []
        owners = [*published_names().of(name), *(provider for provider, names in self._added.items() if name in names)]
        return [f"{owner}/{name}" for owner in owners]

    def _found(self, name: str) -> bool:
        return name in self._entries or self._patterns.fullmatch(name) is not None


def pattern_of(name: str) -> str:
    """A name with `*` as a regular expression: `*` is any run of characters, all else is itself (C2)."""
    return ".*".join(re.escape(part) for part in re.split(r"\*+", name))
