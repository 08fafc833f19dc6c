"""Changes to the subjects in a SQLite file, as their version tells of them."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from modelward.store.sqlite_file import FileId, file_id

_ANSWER_SECONDS = 0.5
# `PRAGMA data_version` would also tell of every object that is bound, and no cache would live for long.
_VERSION = "SELECT version, schema_version FROM subjects_version, pragma_schema_version"


class SqliteContact:
    """A connection that asks for the version of the subjects and of the schema, and whether its file is still the one
    at `path`."""

    def __init__(
        self, connection: AsyncConnection, driver: Any, path: Path, file: FileId, changed: Callable[[], None]
    ) -> None:
        self._connection = connection
        self._driver = driver
        self._path = path
        self._file = file
        self._changed = changed
        self._version: object = None

    async def beat(self) -> None:
        """See `Contact`."""
        async with asyncio.timeout(_ANSWER_SECONDS):
            if await asyncio.to_thread(file_id, self._path) != self._file:
                raise FileNotFoundError("the database file was replaced")
            version = list(await self._driver.execute_fetchall(_VERSION))
        if len(version) != 1:
            raise sqlite3.DatabaseError("the subjects have no version: nobody could tell of a change")
        if version != self._version:
            self._version = version
            self._changed()

    async def close(self) -> None:
        """See `Contact`."""
        await self._connection.close()


async def poll(engine: AsyncEngine, path: Path, changed: Callable[[], None]) -> SqliteContact:
    """Connect to the file at `path`. Raises one of UNREADABLE."""
    file = await asyncio.to_thread(file_id, path)
    connection = await engine.connect()
    driver = (await connection.get_raw_connection()).driver_connection
    return SqliteContact(connection, driver, path, file, changed)
