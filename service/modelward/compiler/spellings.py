"""Which names a wildcard entry does not answer, as they are other spellings of a narrower entry's name (M8)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from modelward.config.model_names import Spellings, frames, inner, key
from modelward.contract import Fill


@dataclass(frozen=True, slots=True)
class Served:
    """One deployment of an entry; `address` is what the file says, so that the catalogue depends on nothing else."""

    provider: str
    model: str
    address: str

    def may_be(self, other: "Served") -> bool:
        """Whether both may be at one address: a reference may hold any."""
        return self.address == other.address or any("os.environ/" in each for each in (self.address, other.address))


@dataclass(frozen=True, slots=True)
class ScopeEntry:
    """One entry of a scope; `rank` is that of a wildcard entry, the most specific first."""

    name: str
    served: list[Served] = field(default_factory=list)
    rank: int = -1


class Filling:
    """The fills of the wildcard entries, and the keys of what they must not answer, among `entries` of all scopes."""

    def __init__(self, spellings: Spellings, entries: Iterable[ScopeEntry]) -> None:
        self._spellings = spellings
        self._wildcards: list[tuple[int, str]] = []
        self.compares_case = False
        self.last_of = sorted({folding.last_of for folding in spellings.foldings.values()} - {""})
        self._served: dict[str, set[tuple[str, Served]]] = {}
        for each in entries:
            if each.rank >= 0:
                self._wildcards.append((each.rank, each.name.partition("*")[0]))
            prefix, slash, _ = each.name.partition("/")
            found = self._served.setdefault(prefix + slash, set())
            found.update((spellings.family(served.provider), served) for served in each.served)

    def fills(self, wildcard: ScopeEntry) -> list[Fill]:
        """One fill for each way in which the wildcard's deployments make the upstream's name."""
        made = (self._fill(wildcard, served) for served in wildcard.served if "*" in served.model)
        return list({fill.model_dump_json(): fill for fill in made if fill is not None}.values())

    def keys(self, fills: list[Fill], exact: Iterable[str]) -> dict[str, Literal[True]]:
        """The keys of the exact names, as `Scope.spelled` has them; the empty key says that they are known."""
        if not fills:
            return {}
        found = ((fill, upstream) for fill in fills for name in exact for upstream in self._upstreams(fill, name))
        keys = {(fill.folding, key(self._spellings.folding(fill.folding), upstream)) for fill, upstream in found}
        known: dict[str, Literal[True]] = {"": True}
        return known | {f"{folding}:{spelled}": True for folding, spelled in sorted(keys, key=str) if spelled}

    def _fill(self, wildcard: ScopeEntry, served: Served) -> Fill | None:
        family = self._spellings.family(served.provider)
        name, model = frames(wildcard.name, served.model)
        beside = [prefix for prefix in self._beside(name, model, family) if self._serves(prefix, family, served)]
        folding = self._spellings.folding(family)
        if not beside and not folding.folds:
            return None
        narrower = [start for rank, start in self._wildcards if rank < wildcard.rank]
        meets = any(_may_meet(one, start) for one in narrower for start in (name[0], *beside))
        self.compares_case |= folding.case and (meets or folding.last_of != "")
        return Fill(folding=family, name=name, model=model, beside=beside, narrower=meets)

    def _beside(self, name: tuple[str, str], model: tuple[str, str], family: str) -> list[str]:
        """The family's prefixes, where the wildcard's names are the upstream's own, or those behind another of them."""
        prefixes = [f"{provider}/" for provider in self._spellings.members(family)]
        own = name[0] in prefixes and (name[1], *model) == ("", "", "")
        return [prefix for prefix in prefixes if prefix != name[0]] if own or name == model else []

    def _serves(self, prefix: str, family: str, served: Served) -> bool:
        """Whether an entry whose name begins so may lead to the same models at the same address."""
        return any(whose == family and other.may_be(served) for whose, other in self._served.get(prefix, ()))

    def _upstreams(self, fill: Fill, name: str) -> Iterator[str]:
        """The upstream's names that an exact entry's name would have, if the wildcard answered it."""
        folding = self._spellings.folding(fill.folding)
        between = inner(fill.name, name, case=folding.case) if folding.folds else None
        if between is not None:
            yield fill.model[0] + between + fill.model[1]
        yield from (name.removeprefix(prefix) for prefix in fill.beside if name.startswith(prefix))


def folded(wildcards: Iterable[tuple[str, int]], last_of: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Wildcard entries in lower case; one over names that begin with a word of `last_of` over what follows it too."""
    for name, rank in wildcards:
        yield lowered(name), rank
        for word in last_of:
            before, begins, rest = lowered(name).partition(word)
            if begins:
                after = rest.rpartition("/")[2] if "/" in rest else "*"
                yield before + (after if "*" in after else f"{after}*"), rank


def lowered(text: str) -> str:
    """`text` with ASCII capitals in lower case: only plain names are folded, and lengths stay."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def _may_meet(one: str, other: str) -> bool:
    one, other = lowered(one), lowered(other)
    return one.startswith(other) or other.startswith(one)
