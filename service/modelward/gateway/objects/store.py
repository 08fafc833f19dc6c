"""What objects need of the store."""

from collections.abc import Collection, Sequence
from typing import Protocol

from modelward.contract import ObjectKind, StateObject
from modelward.gateway.objects.held import ObjectId


class ObjectStore(Protocol):
    """Where owners are kept; every method raises StoreUnavailable."""

    async def bind(self, objects: Sequence[StateObject], account: Collection[str]) -> Sequence[ObjectId]:
        """Bind all of these or none; `account` holds the ids of all deployments of the account they live in.

        Gives those that another owner has there: they are nobody's now.
        """
        ...

    async def find_all(self, ids: Sequence[ObjectId], owner: str) -> dict[ObjectId, StateObject]:
        """Those of these objects that are the owner's."""
        ...

    async def known(self, ids: Sequence[ObjectId]) -> Collection[ObjectId]:
        """Those of these objects that anybody has, or that are contested."""
        ...

    async def page(
        self, kind: ObjectKind, owner: str, *, limit: int, after: str | None, ascending: bool = False
    ) -> list[StateObject]:
        """At most `limit` of the owner's objects, the newest first, or the oldest, those behind `after`."""
        ...

    async def forget(self, kind: ObjectKind, id: str, owner: str) -> None:
        """The owner's object is gone."""
        ...
