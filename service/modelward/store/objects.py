"""Objects as rows: what a row can hold, and what it says."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from zlib import crc32

from sqlalchemy import ColumnElement, Insert, Row, bindparam, delete, select, text, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from modelward.contract import ObjectKind, StateObject, Use
from modelward.errors import StoreUnavailable
from modelward.store.database import AT_ONCE, Database, batches, can_be_kept
from modelward.store.tables import objects
from modelward.store.tables import objects as table

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


def columns(item: StateObject, created_at: datetime) -> dict[str, Any]:
    """The row of an object. Raises StoreUnavailable for one that no row can hold."""
    if not (can_be_object(item.id) and can_be_kept(item.deployment)):
        raise StoreUnavailable(
            f"the upstream gave an id to a {item.kind} that cannot be kept: it is longer than {_ID_BYTES} bytes, or "
            "holds what is no text; the object has no owner, and nobody can use it"
        )
    row = {"kind": item.kind, "id": item.id, "owner": owner_column(item.owner), "deployment": item.deployment}
    return {**row, "uses": [asdict(use) for use in item.uses], "created_at": created_at}


def state_object(row: Row[Any], kind: ObjectKind, owner: str) -> StateObject:
    """The object in a row of that kind and owner. Raises ValueError for a row that nobody here wrote."""
    if not isinstance(row.uses, list):
        raise ValueError("the uses of an object are no list")
    return StateObject(kind, row.id, owner, row.deployment, tuple(map(_use, row.uses)))


def _use(stored: object) -> Use:
    match stored:
        case {"path": str(path), "models": [*models], "upstream": [*upstream], "customer": None | str() as customer}:
            return Use(path, _texts(models), _texts(upstream), customer)
    raise ValueError("a use of an object is none")


def _texts(items: Sequence[object]) -> tuple[str, ...]:
    texts = tuple(item for item in items if isinstance(item, str))
    if len(texts) != len(items):
        raise ValueError("a model of a use is no text")
    return texts


def upsert(dialect: str, *changed: str) -> Insert:
    """The row as given, or where it is there already, these of its columns alone."""
    key = list(objects.primary_key)
    if dialect == "postgresql":
        new = postgresql.insert(objects)
        return new.on_conflict_do_update(index_elements=key, set_={name: new.excluded[name] for name in changed})
    newer = sqlite.insert(objects)
    return newer.on_conflict_do_update(index_elements=key, set_={name: newer.excluded[name] for name in changed})


_LOCKS = 256
_LOCK_SPACE = 0x6F626A73  # "objs" in ASCII: any number that no other program takes
_LOCK = text("SELECT pg_advisory_xact_lock(:space, each) FROM unnest(CAST(:locks AS integer[])) AS each")
_KEY = (table.c.kind, table.c.id)
_ORDER = (table.c.created_at, table.c.id)
_DELETE = delete(table).where(*(column == bindparam(f"the_{column.name}") for column in table.primary_key))


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ObjectTable:
    """The objects, each bound to its owner: to everybody else it does not exist.

    Nothing of it is kept in memory, and no change to it empties the caches of callers. A row stays until `forget`,
    `forget_older` or another owner's `bind` removes it, also where the upstream has long dropped the object: who never
    purges has a row for every object ever made. Every method raises StoreUnavailable.
    """

    def __init__(self, database: Database, now: Callable[[], datetime] = _utc_now) -> None:
        self._database = database
        self._now = now

    async def bind(self, objects: Sequence[StateObject], account: Collection[str]) -> list[ObjectKey]:
        """Bind all of these objects or none; every connection sees them when the call returns.

        `account` holds the ids of all deployments that share the upstream account where the objects live. An id that
        another owner has there is contested: it could be either's, so it has no owner from then on, even if one of them
        binds it again. Gives the contested ones. An object that its owner has already keeps its time, and its uses
        where it comes without any, so that looking at it never leaves less to be judged. Of two with the same kind and
        id the last counts.
        """
        new = {(each.kind, each.id): each for each in objects}
        now = self._now()
        rows = [columns(new[key], now) for key in sorted(new)]
        if not rows:
            return []
        contested: set[ObjectKey] = set()
        async with self._database.write() as connection:
            await _take_turns(connection, new)
            for batch in batches(sorted(new)):
                contested |= await _remove_contested(connection, {key: new[key] for key in batch}, account)
            rows = [row for row in rows if (row["kind"], row["id"]) not in contested]
            rows += [columns(_nobodys(new[key]), now) for key in sorted(contested)]
            dialect = connection.dialect.name
            await _execute(connection, upsert(dialect, "deployment", "uses"), [row for row in rows if row["uses"]])
            await _execute(connection, upsert(dialect, "deployment"), [row for row in rows if not row["uses"]])
        return sorted(contested)

    async def find(self, kind: ObjectKind, id: str, owner: str) -> StateObject | None:
        """The owner's object of that id."""
        return (await self.find_all([(kind, id)], owner)).get((kind, id))

    async def find_all(self, ids: Sequence[ObjectKey], owner: str) -> dict[ObjectKey, StateObject]:
        """Those of these objects that are the owner's, with one query for each five hundred at most."""
        found: dict[ObjectKey, StateObject] = {}
        for batch in batches(sorted({key for key in ids if can_be_object(key[1])})):
            async with self._database.read() as connection:
                query = select(table).where(_among(batch), table.c.owner == owner_column(owner))
                rows = {(row.kind, row.id): row for row in await connection.execute(query)}
                found |= {key: state_object(rows[key], key[0], owner) for key in batch if key in rows}
        return found

    async def known(self, ids: Sequence[ObjectKey]) -> set[ObjectKey]:
        """Those of these objects that anyone has, or that are contested, with one query for each five hundred."""
        found: set[ObjectKey] = set()
        for batch in batches(sorted({key for key in ids if can_be_object(key[1])})):
            async with self._database.read() as connection:
                rows = {(row.kind, row.id) for row in await connection.execute(select(*_KEY).where(_among(batch)))}
                found |= {key for key in batch if key in rows}
        return found

    async def page(
        self, kind: ObjectKind, owner: str, *, limit: int, after: str | None, ascending: bool = False
    ) -> list[StateObject]:
        """At most `limit` of the owner's objects, the newest first, or the oldest; those of one time go by their id.
        They begin behind the object with the id `after`; there are none if it is not the owner's."""
        whose = (table.c.kind == kind, table.c.owner == owner_column(owner))
        query = select(table).where(*whose).limit(limit)
        query = query.order_by(*(each.asc() if ascending else each.desc() for each in _ORDER))
        if after is not None and not can_be_object(after):
            return []
        async with self._database.read() as connection:
            if after is not None:
                last = (await connection.execute(select(*_ORDER).where(*whose, table.c.id == after))).one_or_none()
                if last is None:
                    return []
                query = query.where(_behind(tuple(last), ascending))
            return [state_object(row, kind, owner) for row in await connection.execute(query)]

    async def forget(self, kind: ObjectKind, id: str, owner: str) -> None:
        """The owner's object of that id is gone; one that is not there is no fault."""
        if not can_be_object(id):
            return
        async with self._database.write() as connection:
            await connection.execute(_DELETE, {"the_kind": kind, "the_id": id, "the_owner": owner_column(owner)})

    async def forget_older(self, before: datetime) -> int:
        """Remove every object first bound before that time, and say how many there were: nobody can use them any more.
        Each five hundred take a transaction of their own, so that no `bind` waits for all of them."""
        old = select(*table.primary_key).where(table.c.created_at < before).limit(AT_ONCE)
        query = delete(table).where(tuple_(*table.primary_key).in_(old))
        removed = 0
        while True:
            async with self._database.write() as connection:
                count = (await connection.execute(query)).rowcount
            if not count:
                return removed
            removed += count


async def _take_turns(connection: AsyncConnection, keys: Iterable[ObjectKey]) -> None:
    """Two owners of one id bind one after the other, or neither would see the other's row; SQLite has one writer."""
    if connection.dialect.name == "postgresql":
        locks = sorted({crc32(f"{kind}:{object_id}".encode()) % _LOCKS for kind, object_id in keys})
        await connection.execute(_LOCK, {"space": _LOCK_SPACE, "locks": locks})


async def _remove_contested(
    connection: AsyncConnection, new: Mapping[ObjectKey, StateObject], account: Collection[str]
) -> set[ObjectKey]:
    """Remove whatever is under those of these ids that others have in the same upstream account; gives them."""
    query = select(*table.primary_key, table.c.deployment).where(_among(new))
    here = [
        row
        for row in await connection.execute(query)
        if row.deployment in account or row.deployment == new[row.kind, row.id].deployment
    ]
    owners = {key: owner_column(each.owner) for key, each in new.items()}
    contested: set[ObjectKey] = {(row.kind, row.id) for row in here if row.owner != owners[row.kind, row.id]}
    lost = [row for row in here if (row.kind, row.id) in contested]
    await _execute(
        connection, _DELETE, [{"the_kind": row.kind, "the_id": row.id, "the_owner": row.owner} for row in lost]
    )
    return contested


def _nobodys(item: StateObject) -> StateObject:
    """What stands for a contested id: its owner is none that a caller can have, and one of each account."""
    return replace(item, owner=f"contested:{item.deployment}", uses=())


async def _execute(connection: AsyncConnection, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        await connection.execute(statement, rows)


def _among(keys: Collection[ObjectKey]) -> ColumnElement[bool]:
    """The rows of these objects, no matter who owns them."""
    return tuple_(table.c.kind, table.c.id).in_(keys)


def _behind(last: tuple[Any, ...], ascending: bool) -> ColumnElement[bool]:
    return tuple_(*_ORDER) > last if ascending else tuple_(*_ORDER) < last
