"""Pages of records: the declared first, then the newest."""

from collections.abc import Collection, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import Column, ColumnElement, Table, bindparam, func, select

from modelward.contract import Catalog
from modelward.store.database import Database
from modelward.store.lookups import can_be_id
from modelward.store.rows import Record, record

R = TypeVar("R", bound=Record)
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
