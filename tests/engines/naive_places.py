"""Where a request may go that names no model, one deployment after the other (C6, C8)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from engines.naive_catalog import Found, NaiveCatalog, Row
from engines.naive_grants import Grants, Layer
from engines.naive_names import holds, literals, publishers
from modelward.contract import Caller

_EVERYTHING = {"*", "all-proxy-models"}


@dataclass(frozen=True)
class NaivePlaces:
    """The deployments that one caller sees, and the layers that bind it."""

    catalog: NaiveCatalog
    caller: Caller
    layers: Sequence[Layer]

    def open(self) -> frozenset[str]:
        """The ids of those that every layer leaves open."""
        return frozenset(
            row["model_info"]["id"]
            for place, (entry, row) in enumerate(self.catalog.seen(self.caller))
            if self.catalog.takes_calls(row)
            and all(any(self._leaves(each, entry, row, place) for each in layer.lists) for layer in self.layers)
        )

    def _leaves(self, grants: Grants, entry: str, row: Row, place: int) -> bool:
        items = set(grants.items)
        if _is_unbounded(grants) or items & set(row["model_info"].get("access_groups", [])):
            return True
        id_ = row["model_info"]["id"]
        if any(id_ in found.deployments and grants.names(found) for found in self._askable):
            return True
        return "*" in entry and any(self._reaches(item, entry, place) for item in items if "*" in item)

    @cached_property
    def _askable(self) -> list[Found]:
        return [self.catalog.look_up(name, self.caller) for name in dict.fromkeys(self._names_to_ask())]

    def _names_to_ask(self) -> Iterator[str]:
        """Every name that could be asked for and is known beforehand."""
        yield from (entry for entry, _ in self.catalog.seen(self.caller) if "*" not in entry)
        yield from self.catalog.aliases
        yield from self.caller.key.aliases if self.caller.key else ()
        yield from self.caller.team.model_aliases if self.caller.team else ()
        bounded = (grants for layer in self.layers for grants in layer.lists if not _is_unbounded(grants))
        yield from (item for grants in bounded for item in grants.items if item and "*" not in item)

    def _reaches(self, item: str, entry: str, place: int) -> bool:
        """Whether some name may fit both, as it is or under a provider, and no other wildcard entry answers all that
        fit the item (C3)."""
        providers = publishers(self.catalog.added_names)
        if meet(item, entry) and not self._is_answered(item, entry, place):
            return True
        if "/" not in entry and any(meet(item, f"{provider}/{entry}") for provider in providers):
            return True
        if "/" in item or any(holds(other, item) for other, _ in self._wild):
            return False
        under = [f"{provider}/{item}" for provider in providers]
        return any(meet(each, entry) and not self._is_answered(each, entry, place) for each in under)

    def _is_answered(self, item: str, entry: str, place: int) -> bool:
        own = self._rank(entry, place)
        return any(holds(other, item) for other, there in self._wild if self._rank(other, there) < own)

    @cached_property
    def _wild(self) -> list[tuple[str, int]]:
        """The rows of wildcard entries, each with its place."""
        return [(entry, place) for place, (entry, _) in enumerate(self.catalog.seen(self.caller)) if "*" in entry]

    def _rank(self, entry: str, place: int) -> tuple[int, int, int]:
        """All rows of an entry have one rank, but for a team's own and the common ones of the same name."""
        seen = [(other, row["model_info"].get("team_id")) for other, row in self.catalog.seen(self.caller)]
        return -literals(entry), entry.count("*"), seen.index((entry, seen[place][1]))


def _is_unbounded(grants: Grants) -> bool:
    return grants.unbounded or grants.all_entries or bool(_EVERYTHING & set(grants.items))


@cache
def meet(one: str, other: str) -> bool:
    """Whether some text fits both patterns."""
    if not one or not other:
        return set(one + other) <= {"*"}
    if one[0] == "*":
        return meet(one[1:], other) or meet(one, other[1:])
    if other[0] == "*":
        return meet(other, one)
    return one[0] == other[0] and meet(one[1:], other[1:])
