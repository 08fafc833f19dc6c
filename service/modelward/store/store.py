"""The subjects: who has a key, and the records behind it."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncEngine

from modelward.contract import Caller, Catalog
from modelward.store.cache import CallerCache, Clock
from modelward.store.callers import read_caller
from modelward.store.database import Database, serving_engine, watching_engine
from modelward.store.keys import KeyTable
from modelward.store.migrate import migrate
from modelward.store.postgres_contact import listen
from modelward.store.sqlite_contact import poll
from modelward.store.teams import TeamTable
from modelward.store.url import database_url
from modelward.store.users import UserTable
from modelward.store.watch import Connect, watching


class Store:
    """Callers by key hash, and the records that the admin API changes.

    A change made here is in force when its call returns; one made by another process, or by hand, within a second (A5).
    """

    def __init__(self, database: Database, cache: CallerCache, declared: Callable[[], Catalog]) -> None:
        self._database = database
        self._cache = cache
        self._declared = declared
        self.keys = KeyTable(database, declared)
        self.teams = TeamTable(database, declared)
        self.users = UserTable(database, declared)

    async def caller(self, key_hash: str) -> Caller | None:
        """The caller with that key, the same object until something changes; `None` for a key nobody has.

        Raises StoreUnavailable when the database cannot be asked and the cache may not answer (E4).
        """
        known = self._cache.get(key_hash)
        if known is not None:
            return known
        generation = self._cache.generation
        caller = await read_caller(self._database, self._declared(), key_hash)
        if caller is not None:
            self._cache.put(key_hash, caller, generation)
        return caller

    def forget(self) -> None:
        """The declared subjects changed: look everybody up anew."""
        self._cache.clear()

    async def check(self) -> None:
        """Ask the database for a sign of life. Raises StoreUnavailable."""
        async with self._database.read() as connection:
            await connection.execute(text("SELECT 1"))


@asynccontextmanager
async def open_store(
    url: str, *, declared: Callable[[], Catalog], cache_size: int = 10_000, clock: Clock = time.monotonic
) -> AsyncIterator[Store]:
    """The store at `url`, its schema up to date, for as long as the block lasts.

    `declared` gives the present catalogue; after it changes, call `forget`. `cache_size` counts callers. Raises
    StoreUnavailable.
    """
    address = database_url(url)
    await migrate(address)
    serving, apart = serving_engine(address), watching_engine(address)
    cache = CallerCache(cache_size, clock)
    try:
        async with watching(cache, _contact(address, apart), clock):
            yield Store(Database(serving, cache.clear), cache, declared)
    finally:
        await serving.dispose()
        await apart.dispose()


def _contact(url: URL, apart: AsyncEngine) -> Connect:
    """How to watch a database of that kind."""
    if url.get_backend_name() == "sqlite":
        return partial(poll, apart, Path(url.database or ""))
    return partial(listen, apart)
