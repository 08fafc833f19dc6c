"""Connections: reads without a transaction, writes in one, and one connection apart for the watcher."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, NullPool, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from modelward.store.errors import unavailable
from modelward.store.sqlite_file import SameFile

_WAIT_SECONDS = 2
_WRITES = "modelward_writes"


class Database:
    """The engine behind the tables. `changed` is called after every write, also one that failed half way."""

    def __init__(self, engine: AsyncEngine, changed: Callable[[], None]) -> None:
        self._engine = engine
        self._reader = reader(engine)
        self._writer = writer(engine)
        self._changed = changed

    def quiet(self) -> "Database":
        """The same connections, for tables that nothing kept in memory was read from: writes call nobody."""
        return Database(self._engine, lambda: None)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read with. Raises StoreUnavailable."""
        with unavailable():
            async with self._reader.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction, committed at the end of the block. Raises StoreUnavailable."""
        try:
            with unavailable():
                async with self._writer.begin() as connection:
                    yield connection
        finally:
            self._changed()


def reader(engine: AsyncEngine) -> AsyncEngine:
    """The engine for single reads; PostgreSQL is spared the transaction around each."""
    return engine.execution_options(isolation_level="AUTOCOMMIT") if _is_postgres(engine.url) else engine


def writer(engine: AsyncEngine) -> AsyncEngine:
    """The engine for transactions that write."""
    return engine.execution_options(**{_WRITES: True})


def serving_engine(url: URL) -> AsyncEngine:
    """The engine for requests: a pool, short waits, and no new file where the database is gone."""
    if not _is_postgres(url):
        engine = _sqlite_engine(_existing_only(url), pool_timeout=_WAIT_SECONDS)
        same_file = SameFile(Path(url.database or ""))
        event.listen(engine.sync_engine, "do_connect", same_file.do_connect)
        event.listen(engine.sync_engine, "connect", same_file.connect)
        event.listen(engine.sync_engine, "checkout", same_file.checkout)
        return engine
    waits = {"timeout": _WAIT_SECONDS, "command_timeout": _WAIT_SECONDS}
    return create_async_engine(url, pool_pre_ping=True, pool_timeout=_WAIT_SECONDS, connect_args=waits)


def single_engine(url: URL) -> AsyncEngine:
    """An engine without a pool, which may make the SQLite file: to migrate with."""
    if not _is_postgres(url):
        return _sqlite_engine(url, poolclass=NullPool)
    return create_async_engine(url, poolclass=NullPool, connect_args={"timeout": _WAIT_SECONDS})


def watching_engine(url: URL) -> AsyncEngine:
    """An engine without a pool, for the one connection that watches for changes."""
    return single_engine(url if _is_postgres(url) else _existing_only(url))


def _is_postgres(url: URL) -> bool:
    return url.get_backend_name() == "postgresql"


def _existing_only(url: URL) -> URL:
    """SQLite makes the file it does not find; `mode=rw` keeps a lost database from coming back empty."""
    file = Path(url.database or "").absolute().as_uri()
    return url.set(database=file, query={**url.query, "mode": "rw", "uri": "true"})


def _sqlite_engine(url: URL, **options: Any) -> AsyncEngine:
    engine = create_async_engine(url, connect_args={"timeout": _WAIT_SECONDS}, **options)
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: ConnectionPoolEntry) -> None:
    """Transactions are begun by `_begin` alone; readers do not wait for a writer (WAL)."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()


def _begin(connection: Connection) -> None:
    """A write takes its lock first: one that turned from reading to writing could not wait for its turn."""
    if connection.get_execution_options().get(_WRITES):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
