"""The subjects: who asks, and the records that the admin API changes; and who owns what they made."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncEngine

from modelward.contract import Caller, Catalog, Customer, Key, Token
from modelward.store.database import Database, database_url, serving_engine, watching_engine
from modelward.store.kinds import ACCESS_GROUPS, KEY_MAPPINGS, ORGANIZATIONS, PROJECTS, TEAMS, USERS
from modelward.store.members import MemberTable, remove_with_teams, remove_with_users, take_over
from modelward.store.migrate import migrate
from modelward.store.objects import ObjectTable
from modelward.store.record_table import CustomerTable, KeyTable, RecordTable
from modelward.store.request_lookups import RequestLookups, read_caller
from modelward.store.trust import Clock, SharedMark, Trust
from modelward.store.watch import Connect, listen, poll, watching


class Store:
    """Those who ask, as a request needs them, the tables of their records, and the `objects` they own.

    A change made here, or by another worker of this replica, is in force when its call returns; one made by any other
    process, or by hand, within a second (A5).
    The lookups raise StoreUnavailable when the database cannot be asked and what is kept in memory may not answer (E4).
    """

    def __init__(
        self, database: Database, trust: Trust, declared: Callable[[], Catalog], cache_size: int = 10_000
    ) -> None:
        self._database = database
        self._trust = trust
        self._declared = declared
        self._lookups = RequestLookups(database, trust, declared, cache_size)
        self.keys = KeyTable(database, declared)
        self.teams = RecordTable(database, declared, TEAMS, remove_with_teams)
        self.members = MemberTable(database, declared)
        self.users = RecordTable(database, declared, USERS, remove_with_users, take_over)
        self.projects = RecordTable(database, declared, PROJECTS)
        self.organizations = RecordTable(database, declared, ORGANIZATIONS)
        self.customers = CustomerTable(database, declared)
        self.access_groups = RecordTable(database, declared, ACCESS_GROUPS)
        self.key_mappings = RecordTable(database, declared, KEY_MAPPINGS)
        self.objects = ObjectTable(database.quiet())

    async def aclose(self) -> None:
        """Waits for the look-ups under way, before the connections are given up."""
        await self._lookups.aclose()

    async def caller(self, key_hash: str) -> Caller | None:
        """The caller with that key, the same object until something changes; `None` for a key nobody has."""
        return await self._lookups.caller(key_hash)

    async def caller_with(self, key: Key) -> Caller:
        """The caller that a key would have whose record is `key`; it need not exist, and nothing is kept of it."""
        catalog = self._declared().model_copy(update={"declared_keys": {key.token: key}})
        found = await read_caller(self._database, catalog, key.token)
        return found or Caller(kind="key", key=key)

    async def token_caller(self, token: Token, digest: str | None) -> Caller:
        """The caller with that token, the same object until something changes. `digest` is the SHA-256 of all that
        `token` was made from, `None` for a caller not to be kept. Raises Unidentified if it claims too many teams."""
        return await self._lookups.token_caller(token, digest)

    async def named_customers(self, ids: Sequence[str]) -> list[Customer]:
        """The customers of these ids that have a record (L8), each once, in the order named."""
        return await self._lookups.customers(ids)

    async def mapped_key(self, claim_name: str, claim_value: str) -> str | None:
        """The hash of the key that a token with that claim stands for (R9), also of a key that is gone; `None` if the
        claim is not mapped."""
        return await self._lookups.mapped_key(claim_name, claim_value)

    def forget(self) -> None:
        """The declared subjects changed: look everybody up anew."""
        self._trust.clear()

    async def check(self) -> None:
        """Ask the database for a sign of life. Raises StoreUnavailable."""
        async with self._database.read() as connection:
            await connection.execute(text("SELECT 1"))


@asynccontextmanager
async def open_store(
    url: str,
    *,
    declared: Callable[[], Catalog],
    cache_size: int = 10_000,
    clock: Clock = time.monotonic,
    mark: SharedMark | None = None,
) -> AsyncIterator[Store]:
    """The store at `url`, its schema up to date, for as long as the block lasts.

    `declared` gives the present catalogue; after it changes, call `forget`. `cache_size` counts the callers kept in
    memory, and as many tokens, customers and mappings; `mark` is that of the replica's workers, if it has several.
    Raises StoreUnavailable.
    """
    address = database_url(url)
    await migrate(address)
    serving, apart = serving_engine(address), watching_engine(address)
    trust = Trust(clock, mark)
    try:
        async with watching(trust, _contact(address, apart), clock):
            store = Store(Database(serving, trust.changed), trust, declared, cache_size)
            try:
                yield store
            finally:
                await store.aclose()
    finally:
        await serving.dispose()
        await apart.dispose()


def _contact(url: URL, apart: AsyncEngine) -> Connect:
    """How to watch a database of that kind."""
    if url.get_backend_name() == "sqlite":
        return partial(poll, apart, Path(url.database or ""))
    return partial(listen, apart)
