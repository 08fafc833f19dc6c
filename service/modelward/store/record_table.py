"""Records that are found by their id alone."""

from collections.abc import Awaitable, Callable, Sequence
from operator import attrgetter
from typing import Any, Generic

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from modelward.contract import Catalog
from modelward.errors import Conflict, NotFound
from modelward.store.database import Database
from modelward.store.kinds import Kind, R
from modelward.store.pages import Filter, read_page
from modelward.store.rows import record, values

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
