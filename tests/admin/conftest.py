"""The admin API over an empty store."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from admin.client import Client, client_of
from modelward.store import open_store
from store.databases import DECLARED
from store.fixtures import database_server, store, url

__all__ = ["admin", "database_server", "store", "url"]


@pytest.fixture
async def admin(tmp_path: Path) -> AsyncIterator[Client]:
    """A client over SQLite, with what DECLARED declares."""
    address = f"sqlite:///{tmp_path / 'modelward.db'}"
    async with open_store(address, declared=lambda: DECLARED) as opened, client_of(opened) as client:
        yield client
