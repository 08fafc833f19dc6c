"""Records that are found by their id alone."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from modelward.contract import Catalog
from modelward.errors import Conflict, NotFound
from modelward.store.database import Database
from modelward.store.kinds import Kind, R
from modelward.store.rows import record, values

EXISTS = 400
"""The status LiteLLM answers where a record exists already."""

Cascade = Callable[[AsyncConnection, Sequence[str]], Awaitable[None]]
"""What else goes with the records of these ids, in the same transaction."""


async def _nothing_else(_: AsyncConnection, __: Sequence[str]) -> None:
    return


class RecordTable(Generic[R]):
    """The records of one kind. Every method raises StoreUnavailable; a change raises Conflict for what the config file
    declares."""

    def __init__(
        self, database: Database, declared: Callable[[], Catalog], kind: Kind[R, Any], cascade: Cascade = _nothing_else
    ) -> None:
        self._database = database
        self._declared = declared
        self._kind = kind
        self._cascade = cascade

    async def add(self, new: R) -> None:
        """Store a new record. Raises Conflict, of status 400 if its id is taken."""
        self._refuse_declared(self._kind.id_of(new))
        async with self._database.write() as connection:
            await self._execute(connection, new, insert(self._kind.table).values(values(new)))

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
            edited = edit(await self._one(connection, record_id, self._query(record_id).with_for_update()))
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
        kind = self._kind
        shown = {name: kind.of(each) for name, each in kind.declared(self._declared()).items()}
        query = select(kind.table).order_by(kind.table.c.created_at.desc(), kind.id)
        async with self._database.read() as connection:
            stored = [record(kind.record, kind.table, row) for row in await connection.execute(query)]
        return [*shown.values(), *(each for each in stored if kind.id_of(each) not in shown)]

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
            names = self._kind.unique or (self._kind.id.name,)
            taken = " and ".join(f"`{name}` `{getattr(written, name)}`" for name in names)
            raise Conflict(
                f"{taken} exists already among the {self._kind.word}s: choose another", status=EXISTS
            ) from None

    def _refuse_declared(self, record_id: str) -> None:
        if record_id in self._kind.declared(self._declared()):
            raise Conflict(f"the {self._kind.word} `{record_id}` is declared in the config file: change it there")
