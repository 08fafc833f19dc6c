"""Changes to the subjects in a SQLite file, as their version tells of them."""

import asyncio
import logging
import sqlite3
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from modelward.store.database import UNREADABLE, FileId, file_id
from modelward.store.trust import Clock, Trust

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


CHANNEL = "modelward_subjects"


class PostgresContact:
    """A listening connection. Its beat is a message to itself: messages come in the order of their commits, so once it
    is back every earlier change has been told, and a pooler that loses messages is never trusted."""

    def __init__(self, connection: AsyncConnection, driver: Any, changed: Callable[[], None]) -> None:
        self._connection = connection
        self._driver = driver
        self._changed = changed
        self._echo_channel = f"modelward_{uuid.uuid4().hex}"
        self._echoed = asyncio.Event()

    async def listen(self) -> None:
        """Hear of every change from now on."""
        async with asyncio.timeout(_ANSWER_SECONDS):
            await self._driver.add_listener(CHANNEL, lambda *_: self._changed())
            await self._driver.add_listener(self._echo_channel, lambda *_: self._echoed.set())

    async def beat(self) -> None:
        """See `Contact`."""
        self._echoed.clear()
        async with asyncio.timeout(_ANSWER_SECONDS):
            await self._driver.execute(f"NOTIFY {self._echo_channel}")
            await self._echoed.wait()

    async def close(self) -> None:
        """See `Contact`."""
        self._driver.terminate()
        with suppress(*UNREADABLE):
            await self._connection.invalidate()
            await self._connection.close()


async def listen(engine: AsyncEngine, changed: Callable[[], None]) -> PostgresContact:
    """Connect and listen. Raises one of UNREADABLE."""
    connection = await engine.connect()
    contact = PostgresContact(connection, (await connection.get_raw_connection()).driver_connection, changed)
    try:
        await contact.listen()
    except UNREADABLE:
        await contact.close()
        raise
    return contact


BEAT_SECONDS = 0.2
TRUST_SECONDS = 0.8
_log = logging.getLogger(__name__)


class Contact(Protocol):
    """A connection that tells of changes."""

    async def beat(self) -> None:
        """Ask the database for a sign of life; on return, every change committed before the question has been told.
        Raises one of UNREADABLE."""

    async def close(self) -> None:
        """Give the connection up."""


Connect = Callable[[Callable[[], None]], Awaitable[Contact]]
"""Opens a contact that calls back on every change from then on. Raises one of UNREADABLE."""


@asynccontextmanager
async def watching(trust: Trust, connect: Connect, clock: Clock) -> AsyncIterator[None]:
    """Keep `trust` honest for as long as the block lasts."""
    watcher = _Watcher(trust, connect, clock)
    task = asyncio.create_task(watcher.run(), name="store watcher")
    try:
        yield
    finally:
        watcher.stop()
        await task


class _Watcher:
    """Trust runs from the moment a question was asked, never from its answer: what changed in between may be untold."""

    def __init__(self, trust: Trust, connect: Connect, clock: Clock) -> None:
        self._trust = trust
        self._connect = connect
        self._clock = clock
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        while not self._stopping.is_set():
            try:
                contact = await self._connect(self._trust.clear)
            except UNREADABLE:
                await self._pause()
                continue
            await self._follow(contact)

    async def _follow(self, contact: Contact) -> None:
        self._trust.clear()  # nobody told of what changed before now
        try:
            while not self._stopping.is_set():
                asked = self._clock()
                await contact.beat()
                self._trust.trust(until=asked + TRUST_SECONDS)
                await self._pause()
        except UNREADABLE as error:
            _log.warning("lost contact with the database (%s): every caller is looked up anew", type(error).__name__)
            self._trust.distrust()
        finally:
            await contact.close()

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), BEAT_SECONDS)
        except TimeoutError:
            return
