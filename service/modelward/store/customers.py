"""The records of customers, and who of them is blocked."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from modelward.contract import Catalog
from modelward.errors import NotFound
from modelward.store.database import Database
from modelward.store.kinds import CUSTOMERS
from modelward.store.record_table import RecordTable
from modelward.store.records import CustomerRecord
from modelward.store.rows import record, values
from modelward.store.tables import customers


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
