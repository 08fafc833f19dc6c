"""Rows of a database under the first schema."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, MetaData, insert

from modelward.store.database import database_url
from modelward.store.migrate import migrate
from store.databases import NOW, by_hand

Row = Mapping[str, Any]


def team_row(team_id: str = "red", **fields: Any) -> dict[str, Any]:
    """A team as the first schema kept it."""
    lists: dict[str, Any] = {"models": [], "model_aliases": {}, "metadata": {}, "extra": {}}
    return {"team_id": team_id, "blocked": False, "created_at": NOW, "updated_at": NOW, **lists, **fields}


def user_row(user_id: str, **fields: Any) -> dict[str, Any]:
    """A user as the first schema kept it."""
    return {"user_id": user_id, "models": [], "teams": [], "metadata": {}, "extra": {}, **fields}


def key_row(fields: Row) -> dict[str, Any]:
    """A key as the schemas up to the fourth kept it."""
    return {"hash" if name == "token" else name: value for name, value in fields.items()}


async def fill(url: str, revision: str = "0001", **tables: Iterable[Row]) -> None:
    """Make the first schema, or a later one, in an empty database, with these rows in its tables."""
    await migrate(database_url(url), revision)
    async with by_hand(url) as connection:
        for table, rows in tables.items():
            await connection.run_sync(_insert, table, list(rows))


def _insert(connection: Connection, table: str, rows: list[Row]) -> None:
    present = MetaData()
    present.reflect(connection, only=[table])
    for row in rows:
        connection.execute(insert(present.tables[table]), row)
