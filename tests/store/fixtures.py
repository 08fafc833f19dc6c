"""A store on each kind of database."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from harness.ports import free_port
from harness.postgres import Postgres, postgres
from modelward.store import Store, open_store
from store.databases import DECLARED


@pytest.fixture(scope="session")
def database_server() -> Iterator[Postgres]:
    """One PostgreSQL for the tests of this folder."""
    with postgres() as running:
        running.server.psql("ALTER SYSTEM SET fsync = off")  # or the many databases take long to stop
        running.server.psql("SELECT pg_reload_conf()")
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'modelward.db'}"
    server: Postgres = request.getfixturevalue("database_server")
    return server.new_database()


@pytest.fixture
def tmp_path_url(tmp_path: Path) -> str:
    """An empty SQLite database."""
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
