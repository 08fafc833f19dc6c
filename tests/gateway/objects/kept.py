"""Owners of objects, kept in memory: what a gate needs of the store."""

from collections.abc import Callable, Collection, Sequence

from modelward.contract import ObjectKind, StateObject
from modelward.errors import StoreUnavailable
from modelward.gateway.objects import ObjectId


class Kept:
    """An `ObjectStore`; the newest object is the last. While `down`, it does not answer, nor does it bind more than
    `room` objects. `meanwhile` happens once, as soon as an id has been looked up."""

    def __init__(self) -> None:
        self.rows: dict[tuple[ObjectKind, str, str], StateObject] = {}
        self.accounts: list[Collection[str]] = []
        self.contested: set[ObjectId] = set()
        self.down = False
        self.room = 1_000_000
        self.meanwhile: Callable[[], object] | None = None

    async def bind(self, objects: Sequence[StateObject], account: Collection[str]) -> Sequence[ObjectId]:
        """Keep these, but for the ids that are `contested`."""
        self._answer()
        if len(self.rows) + len(objects) > self.room:
            raise StoreUnavailable("the database is full")
        self.accounts.append(account)
        kept = [each for each in objects if (each.kind, each.id) not in self.contested]
        self.rows |= {(each.kind, each.id, each.owner): each for each in kept}
        return [(each.kind, each.id) for each in objects if (each.kind, each.id) in self.contested]

    async def find_all(self, ids: Sequence[ObjectId], owner: str) -> dict[ObjectId, StateObject]:
        """Those that are the owner's."""
        self._answer()
        found = {each: self.rows[(*each, owner)] for each in ids if (*each, owner) in self.rows}
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        return found

    async def known(self, ids: Sequence[ObjectId]) -> set[ObjectId]:
        """Those that anybody has."""
        self._answer()
        return {each for each in ids if any(row[:2] == each for row in self.rows)}

    async def page(
        self, kind: ObjectKind, owner: str, *, limit: int, after: str | None, ascending: bool = False
    ) -> list[StateObject]:
        """Those behind `after`."""
        self._answer()
        rows = [each for each in self.rows.values() if (each.kind, each.owner) == (kind, owner)]
        rows = rows if ascending else rows[::-1]
        ids = [each.id for each in rows]
        start = 0 if after is None else ids.index(after) + 1 if after in ids else len(rows)
        return rows[start : start + limit]

    async def forget(self, kind: ObjectKind, id: str, owner: str) -> None:
        """Drop it."""
        self._answer()
        self.rows.pop((kind, id, owner), None)

    def _answer(self) -> None:
        if self.down:
            raise StoreUnavailable("the database does not answer")
