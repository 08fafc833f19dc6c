"""Changes to a SQLite file by other connections, as `PRAGMA data_version` counts them."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from modelward.store.sqlite_file import FileId, file_id

_ANSWER_SECONDS = 0.5


class SqliteContact:
    """A connection that asks for the version, and whether its file is still the one at `path`."""

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
            ((version,),) = await self._driver.execute_fetchall("PRAGMA data_version")
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
