"""The store as it lies, for those who only look: nothing is migrated, written or kept."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, NullPool, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from modelward.contract import Catalog
from modelward.errors import StoreUnavailable
from modelward.store.database import Database, SameFile, database_url
from modelward.store.store import Store
from modelward.store.trust import Trust

_WAIT_SECONDS = 2
_READ_ONLY = {"default_transaction_read_only": "on"}


@asynccontextmanager
async def open_read_only(url: str, *, declared: Callable[[], Catalog]) -> AsyncIterator[Store]:
    """The store at `url` for as long as the block lasts; every lookup asks the database.

    Raises StoreUnavailable, also where the schema is not the one that this version reads.
    """
    engine = _engine(database_url(url))
    database = Database(engine, lambda: None)
    try:
        async with database.read() as connection:
            await connection.run_sync(_demand_schema)
        yield Store(database, Trust(time.monotonic), declared)
    finally:
        await engine.dispose()


def is_missing(url: str) -> bool:
    """Whether `url` names a SQLite file that is not there. Raises StoreUnavailable for what is no address."""
    address = database_url(url)
    return address.get_backend_name() == "sqlite" and not Path(address.database or "").exists()


def _engine(url: URL) -> AsyncEngine:
    if url.get_backend_name() == "sqlite":
        engine = create_async_engine(_unchanged(url), poolclass=NullPool, connect_args={"timeout": _WAIT_SECONDS})
        event.listen(engine.sync_engine, "do_connect", SameFile(Path(url.database or "")).do_connect)
        event.listen(engine.sync_engine, "connect", _without_transactions)
        return engine
    waits = {"timeout": _WAIT_SECONDS, "command_timeout": _WAIT_SECONDS, "server_settings": _READ_ONLY}
    return create_async_engine(url, poolclass=NullPool, connect_args=waits)


def _unchanged(url: URL) -> URL:
    """A file that nobody has open is read as immutable: SQLite would leave files of its own beside it, which another
    user's service could not write."""
    file = Path(url.database or "").absolute()
    in_use = file.with_name(f"{file.name}-wal").exists()
    mode = {"mode": "ro"} if in_use else {"mode": "ro", "immutable": "1"}
    return url.set(database=file.as_uri(), query={**url.query, **mode, "uri": "true"})


def _without_transactions(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None


def _demand_schema(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"version_table": "modelward_schema"})
    config = Config()
    config.set_main_option("script_location", "modelward.store:migrations")
    found, wanted = context.get_current_heads(), ScriptDirectory.from_config(config).get_heads()
    if set(found) != set(wanted):
        raise StoreUnavailable(
            f"the schema of the database is `{', '.join(found) or 'none'}`, and this version reads "
            f"`{', '.join(wanted)}`; start `modelward serve` of this version on it once, or use the version it is of"
        )
