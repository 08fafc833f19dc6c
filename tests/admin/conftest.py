"""The admin API over an empty store."""

from collections.abc import AsyncIterator

import pytest

from admin.client import Client, client_of
from modelward.store import open_store
from store.databases import DECLARED
from store.fixtures import (
    lost_connections_end,
    migrated_database,
    migrated_file,
    migrated_url,
    store,
    tmp_path_url,
    url,
)

__all__ = [
    "admin",
    "migrated_database",
    "migrated_file",
    "migrated_url",
    "store",
    "tmp_path_url",
    "url",
]


@pytest.fixture
async def admin(migrated_url: str) -> AsyncIterator[Client]:
    """A client over SQLite, with what DECLARED declares."""
    async with open_store(migrated_url, declared=lambda: DECLARED) as opened, client_of(opened) as client:
        yield client
    await lost_connections_end()
