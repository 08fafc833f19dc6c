"""What a grant list covers, one matcher for every layer (section 4; C8)."""

from collections.abc import Sequence
from dataclasses import dataclass

from engines.naive_catalog import SPECIAL, Found
from engines.naive_names import holds


@dataclass(frozen=True)
class Grants:
    """A grant list. `unbounded`: it leaves everything open, whatever it holds (G1, G7). `all_entries`: it covers every
    entry of the catalogue (G7 on a team)."""

    items: Sequence[str]
    unbounded: bool = False
    all_entries: bool = False

    def leaves(self, found: Found) -> set[str] | None:
        """The deployments that may serve under this list alone (C8); `None` when it does not cover the name."""
        everything = set(found.deployments)
        if self.unbounded or (self.all_entries and found.entry) or self.names(found):
            return everything
        return {one for one, groups in found.deployments.items() if groups & set(self.items)} or None

    def names(self, found: Found) -> bool:
        """Whether an item names it, by itself or by a pattern."""
        return any(_covers(item, found.spelled(name)) for item in self.items for name in found.names)


@dataclass(frozen=True)
class Layer:
    """Lists of which one must cover, and the rule that refuses in their name; not where it is `waived` (F2)."""

    rule: str
    lists: Sequence[Grants]
    waived: bool = False

    def leaves(self, found: Found) -> set[str] | None:
        """The deployments that may serve under one of the lists; `None` when none covers the name."""
        covered = [left for left in (grants.leaves(found) for grants in self.lists) if left is not None]
        if not covered:
            return set(found.deployments) if self.waived else None
        return set[str]().union(*covered)


def _covers(item: str, spellings: Sequence[str]) -> bool:
    """G2, G3, G5, G6, G8; the first spelling is the name itself."""
    if item in {"*", "all-proxy-models"}:
        return True
    if item in SPECIAL:
        return False
    if item == spellings[0]:
        return True
    return "*" in item and any(holds(item, spelled) for spelled in spellings)
