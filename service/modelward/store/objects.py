"""The objects that callers made at upstreams, and who owns each."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeVar
from zlib import crc32

from sqlalchemy import Row, Select, delete, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from modelward.contract import ObjectKind, StateObject, Use
from modelward.errors import StoreUnavailable
from modelward.store.database import Database, batches, can_be_kept, upsert
from modelward.store.tables import objects

T = TypeVar("T")
ObjectKey = tuple[ObjectKind, str]
"""The kind and the id of an object."""

# PostgreSQL's primary key takes 2,704 bytes: an id of 512 characters in UTF-8, an owner, and the kind.
_ID_BYTES = 2_048
_OWNER_BYTES = 512
_DIGEST = "sha256:"


def can_be_object(object_id: str) -> bool:
    """Whether an object of that id can be bound: no other has a row."""
    return can_be_kept(object_id) and len(object_id.encode()) <= _ID_BYTES


def owner_column(owner: str) -> str:
    """The owner as its column has it: itself, or a digest where the column could not hold it."""
    if can_be_kept(owner) and len(owner.encode()) <= _OWNER_BYTES and not owner.startswith(_DIGEST):
        return owner
    return _DIGEST + sha256(owner.encode(errors="surrogatepass")).hexdigest()


def _row(item: StateObject, created_at: datetime) -> dict[str, Any]:
    """The row of an object. Raises StoreUnavailable for one that no row can hold."""
    if not (can_be_object(item.id) and can_be_kept(item.deployment)):
        raise StoreUnavailable(
            f"the upstream gave an id to a {item.kind} that cannot be kept: it is longer than {_ID_BYTES} bytes, or "
            "holds what is no text; the object has no owner, and nobody can use it"
        )
    row = {"kind": item.kind, "id": item.id, "owner": owner_column(item.owner), "deployment": item.deployment}
    return {**row, "uses": [asdict(use) for use in item.uses], "created_at": created_at}


def _state_object(row: Row[Any], owner: str) -> StateObject:
    """The object in a row of that owner. Raises ValueError for a row that nobody here wrote."""
    if not isinstance(row.uses, list):
        raise ValueError("the uses of an object are no list")
    return StateObject(row.kind, row.id, owner, row.deployment, tuple(map(_use, row.uses)))


def _use(stored: object) -> Use:
    match stored:
        case {"path": str(path), "models": [*models], "upstream": [*upstream], "customer": None | str() as customer}:
            if all(isinstance(each, str) for each in (*models, *upstream)):
                return Use(path, tuple(models), tuple(upstream), customer)
    raise ValueError("a use of an object is none")


_LOCKS = 256
_LOCK_SPACE = 0x6F626A73  # "objs" in ASCII: any number that no other program takes
_LOCK = text("SELECT pg_advisory_xact_lock(:space, each) FROM unnest(CAST(:locks AS integer[])) AS each")
_OBJECT = tuple_(objects.c.kind, objects.c.id)
_OWNED = tuple_(*objects.primary_key)
_ORDER = (objects.c.created_at, objects.c.id)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ObjectTable:
    """The objects, each bound to its owner: to everybody else it does not exist. Nothing of it is kept in memory, and
    no change to it empties the caches of callers. A row stays until `forget` or another owner's `bind` removes it, also
    where the upstream has long dropped the object. Every method raises StoreUnavailable."""

    def __init__(self, database: Database, now: Callable[[], datetime] = _utc_now) -> None:
        self._database = database
        self._now = now

    async def bind(self, made: Sequence[StateObject], account: Collection[str]) -> list[ObjectKey]:
        """Bind all of these objects or none; every connection sees them when the call returns.

        `account` holds the ids of all deployments that share the upstream account where the objects live. An id that
        another owner has there is contested: it could be either's, so it has no owner from then on, even if one of them
        binds it again. Gives the contested ones. An object that its owner has already keeps its time, and its uses
        where it comes without any, so that looking at it never leaves less to be judged. Of two with the same kind and
        id the last counts.
        """
        new = {(each.kind, each.id): each for each in made}
        now = self._now()
        rows = {key: _row(new[key], now) for key in sorted(new)}
        if not rows:
            return []
        contested: set[ObjectKey] = set()
        async with self._database.write() as connection:
            await _take_turns(connection, new)
            for batch in batches(list(rows)):
                contested |= await _remove_contested(connection, {key: new[key] for key in batch}, account)
            for key in contested:  # an owner that no caller can have, and one of each account
                nobodys = replace(new[key], owner=f"contested:{new[key].deployment}", uses=())
                rows[key] = _row(nobodys, now)
            with_uses = [row for row in rows.values() if row["uses"]]
            without = [row for row in rows.values() if not row["uses"]]
            if with_uses:
                await connection.execute(upsert(connection, objects, "deployment", "uses"), with_uses)
            if without:
                await connection.execute(upsert(connection, objects, "deployment"), without)
        return sorted(contested)

    async def find(self, kind: ObjectKind, id: str, owner: str) -> StateObject | None:
        """The owner's object of that id."""
        return (await self.find_all([(kind, id)], owner)).get((kind, id))

    async def find_all(self, ids: Sequence[ObjectKey], owner: str) -> dict[ObjectKey, StateObject]:
        """Those of these objects that are the owner's, with one query for each five hundred at most."""
        query = select(objects).where(objects.c.owner == owner_column(owner))
        found = await self._among(ids, query, lambda row: _state_object(row, owner))
        return {(each.kind, each.id): each for each in found}

    async def known(self, ids: Sequence[ObjectKey]) -> set[ObjectKey]:
        """Those of these objects that anyone has, or that are contested, with one query for each five hundred."""
        return set(await self._among(ids, select(objects.c.kind, objects.c.id), lambda row: (row.kind, row.id)))

    async def _among(self, ids: Sequence[ObjectKey], query: Select[Any], read: Callable[[Row[Any]], T]) -> list[T]:
        found: list[T] = []
        for batch in batches(sorted({key for key in ids if can_be_object(key[1])})):
            found += await self._database.all(query.where(_OBJECT.in_(batch)), read)
        return found

    async def page(
        self, kind: ObjectKind, owner: str, *, limit: int, after: str | None, ascending: bool = False
    ) -> list[StateObject]:
        """At most `limit` of the owner's objects, the newest first, or the oldest; those of one time go by their id.
        They begin behind the object with the id `after`; there are none if it is not the owner's."""
        whose = (objects.c.kind == kind, objects.c.owner == owner_column(owner))
        query = select(objects).where(*whose).limit(limit)
        query = query.order_by(*(each.asc() if ascending else each.desc() for each in _ORDER))
        if after is not None:
            last = select(*_ORDER).where(*whose, objects.c.id == after)
            found = await self._database.all(last, tuple) if can_be_object(after) else []
            if not found:
                return []
            query = query.where(tuple_(*_ORDER) > found[0] if ascending else tuple_(*_ORDER) < found[0])
        return await self._database.all(query, lambda row: _state_object(row, owner))

    async def forget(self, kind: ObjectKind, id: str, owner: str) -> None:
        """The owner's object of that id is gone; one that is not there is no fault."""
        if can_be_object(id):
            async with self._database.write() as connection:
                await connection.execute(delete(objects).where(_OWNED.in_([(kind, id, owner_column(owner))])))


async def _take_turns(connection: AsyncConnection, keys: Iterable[ObjectKey]) -> None:
    """Two owners of one id bind one after the other, or neither would see the other's row; SQLite has one writer."""
    if connection.dialect.name == "postgresql":
        locks = sorted({crc32(f"{kind}:{object_id}".encode()) % _LOCKS for kind, object_id in keys})
        await connection.execute(_LOCK, {"space": _LOCK_SPACE, "locks": locks})


async def _remove_contested(
    connection: AsyncConnection, new: Mapping[ObjectKey, StateObject], account: Collection[str]
) -> set[ObjectKey]:
    """Remove whatever is under those of these ids that others have in the same upstream account; gives them."""
    query = select(*objects.primary_key, objects.c.deployment).where(_OBJECT.in_(list(new)))
    here = [
        row
        for row in await connection.execute(query)
        if row.deployment in account or row.deployment == new[row.kind, row.id].deployment
    ]
    owners = {key: owner_column(each.owner) for key, each in new.items()}
    contested: set[ObjectKey] = {(row.kind, row.id) for row in here if row.owner != owners[row.kind, row.id]}
    lost = [(row.kind, row.id, row.owner) for row in here if (row.kind, row.id) in contested]
    for batch in batches(lost):
        await connection.execute(delete(objects).where(_OWNED.in_(batch)))
    return contested
