"""The database: its URL, its connections, and its failures in one word (E4)."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import URL, Connection, NullPool, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from modelward.errors import StoreUnavailable

UNREADABLE = (SQLAlchemyError, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


@contextmanager
def unavailable() -> Iterator[None]:
    """Turn every failure of the database, and every record that is no record, into StoreUnavailable.

    The message names the kind of failure only: a driver's own words may quote the statement and its values.
    """
    try:
        yield
    except (*UNREADABLE, ValueError) as error:
        raise StoreUnavailable(f"the database cannot be used: {type(error).__name__}; check `database_url`") from error


FileId = tuple[int, int]


def file_id(path: Path) -> FileId:
    """The identity of the file at `path` now. Raises OSError."""
    status = path.stat()
    return status.st_dev, status.st_ino


class SameFile:
    """A pool's listener that gives out no connection to another file than the one at `path` now."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def do_connect(self, *_: Any) -> None:
        """Fail where there is no file, before the driver starts a thread to find that out. Raises OSError."""
        file_id(self._path)

    def connect(self, _: Any, entry: ConnectionPoolEntry) -> None:
        """Remember the file of a new connection."""
        entry.info["file"] = file_id(self._path)

    def checkout(self, _: Any, entry: ConnectionPoolEntry, __: Any) -> None:
        """Make the pool connect anew where the file is no longer that one."""
        try:
            same = entry.info["file"] == file_id(self._path)
        except OSError:
            same = False
        if not same:
            raise DisconnectionError("the database file was removed or replaced")


DEFAULT_URL = "sqlite+aiosqlite:///modelward.db"
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
_POOL_OPTIONS = {"connection_limit", "pool_timeout", "connect_timeout", "pgbouncer"}


def check_url(text: str) -> None:
    """Refuses what `open_store` could not use, without a connection. Raises StoreUnavailable as `database_url` does."""
    database_url(text)


def database_url(text: str) -> URL:
    """`sqlite:///file` or `postgresql://...`, with `sslmode` as psql spells it; options that size another program's
    pool are left out. Raises StoreUnavailable, which names no part of the URL: it may hold a password."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the driver's own words may hold the password
        raise StoreUnavailable("`database_url` is no URL: write `postgresql://user@host/name`") from None
    family = url.drivername.partition("+")[0]
    if family not in _DRIVERS:
        raise StoreUnavailable(f"`database_url` names `{family}`: write `sqlite:///file` or `postgresql://...`")
    url = url.set(drivername=_DRIVERS[family])
    return _sqlite(url) if family == "sqlite" else _postgres(url)


def _sqlite(url: URL) -> URL:
    if url.database in (None, "", ":memory:"):
        raise StoreUnavailable("`database_url` names no file: write `sqlite:///modelward.db`")
    return url


def _postgres(url: URL) -> URL:
    query = {name: value for name, value in url.query.items() if name not in _POOL_OPTIONS}
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return url.set(query=query)


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
