"""Watches the database for changes, so that one made anywhere binds here within a second (A5)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from modelward.store.errors import UNREADABLE
from modelward.store.trust import Clock, Trust

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
