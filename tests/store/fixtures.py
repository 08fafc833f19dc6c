"""A store on each kind of database."""

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from harness.ports import free_port
from harness.postgres import Postgres
from modelward.store import Store, open_store
from modelward.store.database import database_url
from modelward.store.migrate import migrate
from store.databases import DECLARED


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with the tables, and nothing in them, to be copied: migrations take long."""
    file = tmp_path_factory.mktemp("migrated") / "modelward.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_database(database_server: Postgres) -> str:
    """The name of such a database in PostgreSQL."""
    url = database_server.new_database()
    _migrate(url)
    return database_url(url).database or ""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """A database of each kind: with empty tables where the test has a `store` of it, else without tables."""
    with_tables = "store" in request.fixturenames
    if request.param == "sqlite":
        return str(request.getfixturevalue("migrated_url" if with_tables else "tmp_path_url"))
    server: Postgres = request.getfixturevalue("database_server")
    return server.new_database(request.getfixturevalue("migrated_database")) if with_tables else server.new_database()


@pytest.fixture
def migrated_url(tmp_path: Path, migrated_file: Path) -> str:
    """An SQLite database with empty tables."""
    shutil.copy(migrated_file, tmp_path / "modelward.db")
    return f"sqlite:///{tmp_path / 'modelward.db'}"


@pytest.fixture
def tmp_path_url(tmp_path: Path) -> str:
    """An SQLite database without tables."""
    return f"sqlite:///{tmp_path / 'modelward.db'}"


@pytest.fixture
def unused_port() -> int:
    """A port nobody listens on."""
    return free_port()


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """An open store, empty but for what the config file declares."""
    async with open_store(url, declared=lambda: DECLARED) as opened:
        yield opened
    await lost_connections_end()


async def lost_connections_end() -> None:
    """The thread of a connection to a lost file ends by itself and tells the loop, which must still run by then."""
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join, 1)


def _migrate(url: str) -> None:
    with asyncio.Runner() as runner:
        runner.run(migrate(database_url(url)))
