"""The database: its URL, its connections, and its failures in one word (E4)."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import URL, Connection, Insert, NullPool, Row, Select, Table, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from modelward.errors import StoreUnavailable

AT_ONCE = 500
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
_POOL_OPTIONS = {"connection_limit", "pool_timeout", "connect_timeout", "pgbouncer"}
_WAIT_SECONDS = 2
_WAITS = {"timeout": _WAIT_SECONDS, "command_timeout": _WAIT_SECONDS}
_WRITES = "modelward_writes"
T = TypeVar("T")

UNREADABLE = (SQLAlchemyError, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


@contextmanager
def unavailable() -> Iterator[None]:
    """Turn every failure of the database, and every record that is no record, into StoreUnavailable. The message names
    the kind of failure only: a driver's own words may quote the statement and its values."""
    try:
        yield
    except (*UNREADABLE, ValueError) as error:
        raise StoreUnavailable(f"the database cannot be used: {type(error).__name__}; check `database_url`") from error


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
    if family == "sqlite":
        if url.database in (None, "", ":memory:"):
            raise StoreUnavailable("`database_url` names no file: write `sqlite:///modelward.db`")
        return url
    query = {name: value for name, value in url.query.items() if name not in _POOL_OPTIONS}
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return url.set(query=query)


def can_be_kept(text: str) -> bool:
    """Whether a database can keep that text: none keeps NUL or a lone surrogate, so no record has such an id."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """The items in parts of as many as one statement names."""
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))


def upsert(connection: AsyncConnection, table: Table, *changed: str) -> Insert:
    """The rows as given, or where they are there already, these of their columns alone."""
    new = (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(table)
    changes = {name: new.excluded[name] for name in changed}
    return new.on_conflict_do_update(index_elements=list(table.primary_key), set_=changes)


class Database:
    """The engine behind the tables. `changed` is called after every write, also one that failed half way."""

    def __init__(self, engine: AsyncEngine, changed: Callable[[], None]) -> None:
        self._engine = engine
        # PostgreSQL is spared the transaction around each single read.
        self._reader = engine.execution_options(isolation_level="AUTOCOMMIT") if _is_postgres(engine.url) else engine
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

    async def all(self, query: Select[Any], read: Callable[[Row[Any]], T]) -> list[T]:
        """What `read` makes of each row of a query. Raises StoreUnavailable, also where `read` raises ValueError."""
        async with self.read() as connection:
            return [read(row) for row in await connection.execute(query)]

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction, committed at the end of the block. Raises StoreUnavailable."""
        try:
            with unavailable():
                async with self._writer.begin() as connection:
                    yield connection
        finally:
            self._changed()


def writer(engine: AsyncEngine) -> AsyncEngine:
    """The engine for transactions that write."""
    return engine.execution_options(**{_WRITES: True})


def serving_engine(url: URL) -> AsyncEngine:
    """The engine for requests: a pool, short waits, and no new file where the database is gone."""
    if _is_postgres(url):
        return create_async_engine(url, pool_pre_ping=True, pool_timeout=_WAIT_SECONDS, connect_args=_WAITS)
    engine = _sqlite_engine(_as_it_is(url, mode="rw"), pool_timeout=_WAIT_SECONDS)
    _keep_to_file(engine, Path(url.database or ""))
    return engine


def single_engine(url: URL) -> AsyncEngine:
    """An engine without a pool, which may make the SQLite file: to migrate with."""
    if not _is_postgres(url):
        return _sqlite_engine(url, poolclass=NullPool)
    return create_async_engine(url, poolclass=NullPool, connect_args={"timeout": _WAIT_SECONDS})


def watching_engine(url: URL) -> AsyncEngine:
    """An engine without a pool, for the one connection that watches for changes."""
    return single_engine(url if _is_postgres(url) else _as_it_is(url, mode="rw"))


def read_only_engine(url: URL) -> AsyncEngine:
    """An engine without a pool that writes nothing. A SQLite file that nobody has open is read as immutable: SQLite
    would leave files of its own beside it, which another user's service could not write."""
    if _is_postgres(url):
        settings = {"server_settings": {"default_transaction_read_only": "on"}}
        return create_async_engine(url, poolclass=NullPool, connect_args={**_WAITS, **settings})
    file = Path(url.database or "")
    in_use = file.with_name(f"{file.name}-wal").exists()
    address = _as_it_is(url, mode="ro") if in_use else _as_it_is(url, mode="ro", immutable="1")
    engine = create_async_engine(address, poolclass=NullPool, connect_args={"timeout": _WAIT_SECONDS})
    event.listen(engine.sync_engine, "connect", _begin_nothing)
    _keep_to_file(engine, file)
    return engine


def _is_postgres(url: URL) -> bool:
    return url.get_backend_name() == "postgresql"


def _as_it_is(url: URL, **options: str) -> URL:
    """SQLite makes the file it does not find; a mode keeps a lost database from coming back empty."""
    file = Path(url.database or "").absolute().as_uri()
    return url.set(database=file, query={**url.query, **options, "uri": "true"})


def file_id(path: Path) -> tuple[int, int]:
    """The identity of the file at `path` now. Raises OSError."""
    status = path.stat()
    return status.st_dev, status.st_ino


def _keep_to_file(engine: AsyncEngine, path: Path) -> None:
    """Have the engine give out no connection to another file than the one at `path` now."""

    @event.listens_for(engine.sync_engine, "do_connect")
    def demand_file(*_: Any) -> None:
        """Fails where there is none before the driver starts a thread to find that out."""
        file_id(path)

    @event.listens_for(engine.sync_engine, "connect")
    def remember_file(_: Any, entry: ConnectionPoolEntry) -> None:
        entry.info["file"] = file_id(path)

    @event.listens_for(engine.sync_engine, "checkout")
    def compare_file(_: Any, entry: ConnectionPoolEntry, __: Any) -> None:
        with suppress(OSError):
            if entry.info["file"] == file_id(path):
                return
        raise DisconnectionError("the database file was removed or replaced")  # the pool then connects anew


def _sqlite_engine(url: URL, **options: Any) -> AsyncEngine:
    engine = create_async_engine(url, connect_args={"timeout": _WAIT_SECONDS}, **options)
    event.listen(engine.sync_engine, "connect", _begin_nothing)

    @event.listens_for(engine.sync_engine, "connect")
    def let_readers_go_on(connection: Any, _: ConnectionPoolEntry) -> None:
        """Readers do not wait for a writer."""
        connection.execute("PRAGMA journal_mode=WAL").close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        """A write takes its lock first: one that turned from reading to writing could not wait for its turn."""
        if connection.get_execution_options().get(_WRITES):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _begin_nothing(connection: Any, _: ConnectionPoolEntry) -> None:
    """The driver begins no transactions: those that there are, the engine begins."""
    connection.isolation_level = None
