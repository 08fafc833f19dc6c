"""Pages of records: the declared first, then the newest."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Column, ColumnElement, Insert, Select, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from modelward.contract import Catalog
from modelward.errors import Conflict, NotFound
from modelward.store.database import Database
from modelward.store.kinds import CUSTOMERS, Kind, R, record, values
from modelward.store.lookups import can_be_id
from modelward.store.records import CustomerRecord
from modelward.store.tables import customers

C_contra = TypeVar("C_contra", contravariant=True)


class Filter(Protocol[C_contra]):
    """Which records are asked for."""

    def matches(self, item: C_contra, catalog: Catalog) -> bool:
        """Whether a declared record is."""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same of a stored one, in SQL."""


async def read_page(
    database: Database,
    table: Table,
    kind: type[R],
    *,
    declared: Sequence[R],
    hidden: Collection[str],
    conditions: Sequence[ColumnElement[bool]],
    offset: int,
    limit: int | None,
) -> tuple[list[R], int]:
    """Some of the `declared` records, then of the stored ones that fulfil the `conditions`, and how many there are in
    all. A stored record whose id is among the `hidden` is not shown: the config file declares it. Raises
    StoreUnavailable."""
    shown = list(declared[offset:] if limit is None else declared[offset : offset + limit])
    (record_id,) = table.primary_key
    wanted = [*conditions, *_not_among(record_id, hidden)]
    query = select(table).where(*wanted).order_by(table.c.created_at.desc().nulls_last(), record_id)
    query = query.offset(max(0, offset - len(declared))).limit(None if limit is None else limit - len(shown))
    async with database.read() as connection:
        total = await connection.scalar(select(func.count()).select_from(table).where(*wanted))
        stored = [record(kind, table, row) for row in await connection.execute(query)]
    return shown + stored, len(declared) + (total or 0)


def _not_among(record_id: Column[Any], hidden: Collection[str]) -> list[ColumnElement[bool]]:
    """Written out in the statement: a database takes so many parameters only, and a config file may declare more."""
    ids = [each for each in hidden if can_be_id(each)]
    return [record_id.not_in(bindparam("hidden", ids, expanding=True, literal_execute=True))] if ids else []


Cascade = Callable[[AsyncConnection, Sequence[str]], Awaitable[None]]
"""What else goes with the records of these ids, in the same transaction."""


Arrival = Callable[[AsyncConnection, R], Awaitable[None]]
"""What else comes with a new record, in the same transaction."""


async def _nothing_else(_: AsyncConnection, __: object) -> None:
    return


class RecordTable(Generic[R]):
    """The records of one kind. Every method raises StoreUnavailable; a change raises Conflict for what the config file
    declares."""

    def __init__(
        self,
        database: Database,
        declared: Callable[[], Catalog],
        kind: Kind[R, Any],
        cascade: Cascade = _nothing_else,
        arrival: Arrival[R] = _nothing_else,
    ) -> None:
        self._database = database
        self._declared = declared
        self._kind = kind
        self._cascade = cascade
        self._arrival = arrival

    async def add(self, new: R) -> None:
        """Store a new record. Raises Conflict, of the kind's own status if its id, or what else is unique, is taken."""
        self._refuse_declared(self._kind.id_of(new))
        self._refuse_taken(new)
        async with self._database.write() as connection:
            await self._execute(connection, new, insert(self._kind.table).values(values(new)))
            await self._arrival(connection, new)

    async def get(self, record_id: str) -> R:
        """The record of that id. Raises NotFound."""
        declared = self._kind.declared(self._declared()).get(record_id)
        if declared is not None:
            return self._kind.of(declared)
        async with self._database.read() as connection:
            return await self._one(connection, record_id, self._query(record_id))

    async def change(self, record_id: str, edit: Callable[[R], R]) -> R:
        """Replace a record by what `edit` makes of it, under its id. Raises NotFound, and Conflict as `add` does."""
        self._refuse_declared(record_id)
        async with self._database.write() as connection:
            before = await self._one(connection, record_id, self._query(record_id).with_for_update())
            edited = edit(before)
            self._refuse_taken(edited, before)
            this = self._kind.id == record_id
            await self._execute(connection, edited, update(self._kind.table).where(this).values(values(edited)))
        return edited

    async def remove(self, record_ids: Sequence[str]) -> list[R]:
        """Delete all of these records with what hangs on them, or none: raises NotFound if one is missing."""
        for record_id in record_ids:
            self._refuse_declared(record_id)
        kind = self._kind
        async with self._database.write() as connection:
            rows = await connection.execute(delete(kind.table).where(kind.id.in_(record_ids)).returning(kind.table))
            removed = [record(kind.record, kind.table, row) for row in rows]
            missing = set(record_ids) - set(map(kind.id_of, removed))
            if missing:
                raise NotFound(f"no {kind.word} `{min(missing)}`: none was deleted; see `{kind.listed}`")
            await self._cascade(connection, record_ids)
        return removed

    async def all(self) -> list[R]:
        """Every record, the declared first, then the newest."""
        records, _ = await self.page(offset=0)
        return records

    async def page(
        self, wanted: Filter[R] | None = None, *, offset: int, limit: int | None = None
    ) -> tuple[list[R], int]:
        """Some of the records asked for, the declared first, then the newest, and how many there are in all."""
        kind, catalog = self._kind, self._declared()
        declared = kind.declared(catalog)
        records = [kind.of(each) for each in declared.values()]
        return await read_page(
            self._database,
            kind.table,
            kind.record,
            declared=[each for each in records if wanted is None or wanted.matches(each, catalog)],
            hidden=declared,
            conditions=[] if wanted is None else wanted.conditions(),
            offset=offset,
            limit=limit,
        )

    def _query(self, record_id: str) -> Select[Any]:
        return select(self._kind.table).where(self._kind.id == record_id)

    async def _one(self, connection: AsyncConnection, record_id: str, query: Select[Any]) -> R:
        row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound(f"no {self._kind.word} `{record_id}`; see `{self._kind.listed}`")
        return record(self._kind.record, self._kind.table, row)

    async def _execute(self, connection: AsyncConnection, written: R, statement: Any) -> None:
        try:
            await connection.execute(statement)
        except IntegrityError:
            raise self._taken(written, *(self._kind.unique or ((self._kind.id.name,),))) from None

    def _taken(self, written: R, *unique: tuple[str, ...]) -> Conflict:
        each = (" and ".join(f"`{name}` `{getattr(written, name)}`" for name in names) for names in unique)
        message = f"{' or '.join(each)} exists already among the {self._kind.word}s: choose another"
        return Conflict(message, status=self._kind.taken)

    def _refuse_taken(self, written: R, before: R | None = None) -> None:
        """Raises Conflict for what a declared record has alone; a record may keep what it had before."""
        declared = list(map(self._kind.of, self._kind.declared(self._declared()).values()))
        for names in self._kind.unique:
            of = attrgetter(*names)
            kept = before is not None and of(before) == of(written)
            if not kept and of(written) is not None and of(written) in map(of, declared):
                raise self._taken(written, names)

    def _refuse_declared(self, record_id: str) -> None:
        if record_id in self._kind.declared(self._declared()):
            raise Conflict(f"the {self._kind.word} `{record_id}` is declared in the config file: change it there")


class CustomerTable(RecordTable[CustomerRecord]):
    """The records. Every method raises as those of RecordTable do."""

    def __init__(self, database: Database, declared: Callable[[], Catalog]) -> None:
        super().__init__(database, declared, CUSTOMERS)

    async def set_blocked(self, user_ids: Sequence[str], blocked: bool, *, now: datetime) -> list[CustomerRecord]:
        """Block or unblock all of these customers, or none, and give their records, each once, in the order named. One
        without a record gets one to be blocked by; to be unblocked it must have one: raises NotFound. Raises Conflict
        for one that the config file declares."""
        for user_id in user_ids:
            self._refuse_declared(user_id)
        ids = sorted(set(user_ids))  # so that two changes never wait for each other
        async with self._database.write() as connection:
            if blocked:
                await _block(connection, ids, now)
            else:
                await _unblock(connection, ids, now)
            rows = await connection.execute(select(customers).where(customers.c.user_id.in_(ids)))
            found = {each.user_id: each for each in (record(CustomerRecord, customers, row) for row in rows)}
        return [found[user_id] for user_id in dict.fromkeys(user_ids)]


async def _block(connection: AsyncConnection, ids: Sequence[str], now: datetime) -> None:
    new = [CustomerRecord(user_id=each, blocked=True, created_at=now, updated_at=now) for each in ids]
    if new:
        await connection.execute(_upsert(connection.dialect.name, now), [values(each) for each in new])


def _upsert(dialect: str, now: datetime) -> Insert:
    """The record as given, or where it is there already, its `blocked` alone."""
    changes = {"blocked": True, "updated_at": now}
    if dialect == "postgresql":
        return postgresql.insert(customers).on_conflict_do_update(index_elements=["user_id"], set_=changes)
    return sqlite.insert(customers).on_conflict_do_update(index_elements=["user_id"], set_=changes)


async def _unblock(connection: AsyncConnection, ids: Sequence[str], now: datetime) -> None:
    these = customers.c.user_id.in_(ids)
    query = select(customers.c.user_id).where(these).order_by(customers.c.user_id).with_for_update()
    missing = set(ids) - set(await connection.scalars(query))
    if missing:
        raise NotFound(f"no {CUSTOMERS.word} `{min(missing)}`: none was changed; see `{CUSTOMERS.listed}`")
    await connection.execute(update(customers).where(these).values(blocked=False, updated_at=now))
