"""Changes as PostgreSQL announces them (LISTEN)."""

import asyncio
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from modelward.store.errors import UNREADABLE

CHANNEL = "modelward_subjects"
_ANSWER_SECONDS = 0.5


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
