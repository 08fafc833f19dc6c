"""The schema, brought up to date at start, by one process at a time."""

from contextlib import nullcontext
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from filelock import AsyncFileLock, BaseAsyncFileLock
from sqlalchemy import URL, Connection, text

from modelward.errors import StoreUnavailable
from modelward.store.database import single_engine, unavailable, writer

_LOCK_SECONDS = 60
_ADVISORY_LOCK = 0x6D6F64656C776172  # "modelwar" in ASCII: any number that no other program takes


async def migrate(url: URL, revision: str = "head") -> None:
    """Bring the schema up to date, or to an earlier revision; several processes that start at once wait for each other.
    Raises StoreUnavailable: no database, no lock within a minute, or a schema newer than this version knows."""
    engine = single_engine(url)
    try:
        async with _file_lock(url):
            with unavailable():
                async with writer(engine).begin() as connection:
                    await connection.run_sync(_upgrade, revision)
    except CommandError as error:
        raise StoreUnavailable(f"the schema of the database is not known here: {error}; update modelward") from error
    except OSError as error:
        raise StoreUnavailable(f"the lock file beside the database cannot be taken: {type(error).__name__}") from error
    finally:
        await engine.dispose()


def demand_schema(connection: Connection) -> None:
    """Raises StoreUnavailable where the schema is not the one that this version reads."""
    context = MigrationContext.configure(connection, opts={"version_table": "modelward_schema"})
    found, wanted = context.get_current_heads(), ScriptDirectory.from_config(_config(connection)).get_heads()
    if set(found) != set(wanted):
        raise StoreUnavailable(
            f"the schema of the database is `{', '.join(found) or 'none'}`, and this version reads "
            f"`{', '.join(wanted)}`; start `modelward serve` of this version on it once, or use the version it is of"
        )


def _file_lock(url: URL) -> BaseAsyncFileLock | nullcontext[None]:
    """SQLite's lock lies beside the database: changing a fresh file to WAL cannot wait for a lock of its own."""
    if url.get_backend_name() != "sqlite":
        return nullcontext()
    file = Path(url.database or "").absolute()
    if not file.parent.is_dir():  # the lock would make it, and a misspelt path would serve an empty database
        raise StoreUnavailable("the folder of the database file does not exist: make it, or mend `database_url`")
    return AsyncFileLock(f"{file}.lock", timeout=_LOCK_SECONDS)


def _upgrade(connection: Connection, revision: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'"))
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
    command.upgrade(_config(connection), revision)


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "modelward.store:migrations")
    return config
