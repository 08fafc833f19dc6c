"""Changes to the subjects, as the database tells of them, by whichever program they are made (A5)."""

import asyncio
import logging
import sqlite3
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from modelward.store.cache import NEVER, Trust
from modelward.store.database import UNREADABLE, file_id, watching_engine

CHANNEL = "modelward_subjects"
BEAT_SECONDS = 0.2
TRUST_SECONDS = 0.8
_ANSWER_SECONDS = 0.5
# `PRAGMA data_version` would also tell of every object that is bound, and no cache would live for long.
_VERSION = "SELECT version, schema_version FROM subjects_version, pragma_schema_version"
_log = logging.getLogger(__name__)

Beat = Callable[[], Awaitable[None]]
"""Asks the database for a sign of life; on return, every change committed before the question has been told. Raises one
of UNREADABLE."""


def contact(url: URL, engine: AsyncEngine, changed: Callable[[], None]) -> AbstractAsyncContextManager[Beat]:
    """A connection that calls `changed` on every change, until the block ends. Entering raises one of UNREADABLE."""
    if url.get_backend_name() == "sqlite":
        return _poll(engine, Path(url.database or ""), changed)
    return _listen(engine, changed)


@asynccontextmanager
async def _poll(engine: AsyncEngine, path: Path, changed: Callable[[], None]) -> AsyncIterator[Beat]:
    """The beat asks for the version of the subjects and of the schema, and whether the file is still the one at
    `path`."""
    file = await asyncio.to_thread(file_id, path)
    known: list[Any] = []
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection

        async def beat() -> None:
            async with asyncio.timeout(_ANSWER_SECONDS):
                if await asyncio.to_thread(file_id, path) != file:
                    raise FileNotFoundError("the database file was replaced")
                version = list(await driver.execute_fetchall(_VERSION))
            if len(version) != 1:
                raise sqlite3.DatabaseError("the subjects have no version: nobody could tell of a change")
            if version != known:
                known[:] = version
                changed()

        yield beat


@asynccontextmanager
async def _listen(engine: AsyncEngine, changed: Callable[[], None]) -> AsyncIterator[Beat]:
    """The beat is a message to itself: messages come in the order of their commits, so once it is back every earlier
    change has been told, and a pooler that loses messages is never trusted."""
    connection = await engine.connect()
    driver: Any = (await connection.get_raw_connection()).driver_connection
    echo_channel, echoed = f"modelward_{uuid.uuid4().hex}", asyncio.Event()

    async def beat() -> None:
        echoed.clear()
        async with asyncio.timeout(_ANSWER_SECONDS):
            await driver.execute(f"NOTIFY {echo_channel}")
            await echoed.wait()

    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            await driver.add_listener(CHANNEL, lambda *_: changed())
            await driver.add_listener(echo_channel, lambda *_: echoed.set())
        yield beat
    finally:
        driver.terminate()
        with suppress(*UNREADABLE):
            await connection.invalidate()
            await connection.close()


@asynccontextmanager
async def watching(url: URL, trust: Trust) -> AsyncIterator[None]:
    """Keep `trust` honest for as long as the block lasts."""
    engine, stopping = watching_engine(url), asyncio.Event()
    task = asyncio.create_task(_watch(url, engine, trust, stopping), name="store watcher")
    try:
        yield
    finally:
        stopping.set()
        await task
        await engine.dispose()


async def _watch(url: URL, engine: AsyncEngine, trust: Trust, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        try:
            async with contact(url, engine, trust.clear) as beat:
                trust.clear()  # nobody told of what changed before now
                await _follow(beat, trust, stopping)
        except UNREADABLE:
            await _pause(stopping)


async def _follow(beat: Beat, trust: Trust, stopping: asyncio.Event) -> None:
    """Trust runs from the moment a question was asked, never from its answer: what changed in between may be untold."""
    try:
        while not stopping.is_set():
            asked = trust.clock()
            await beat()
            trust.until = asked + TRUST_SECONDS
            await _pause(stopping)
    except UNREADABLE as error:
        _log.warning("lost contact with the database (%s): every caller is looked up anew", type(error).__name__)
        trust.until = NEVER


async def _pause(stopping: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), BEAT_SECONDS)
