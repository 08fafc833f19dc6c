"""The subjects: who asks, and the records that the admin API changes; and who owns what they made."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from hashlib import sha256
from operator import itemgetter
from pathlib import Path

from sqlalchemy import text

from modelward.contract import Caller, Catalog, Customer, Key, Token
from modelward.store.cache import CachedLookups, Clock, SharedMark, Trust
from modelward.store.callers import CallerReader
from modelward.store.database import Database, database_url, read_only_engine, serving_engine
from modelward.store.members import MemberTable, TeamTable, UserTable
from modelward.store.migrate import demand_schema, migrate
from modelward.store.objects import ObjectTable
from modelward.store.record_table import CustomerTable, KeyTable, RecordTable
from modelward.store.tables import ACCESS_GROUPS, CUSTOMERS, KEY_MAPPINGS, KEYS, ORGANIZATIONS, PROJECTS, TEAMS, USERS
from modelward.store.watch import watching

# A token comes with as many records as it names: those kept are bounded by what they take, not by their number.
_TOKEN_BYTES = 4_096


class Store:
    """Those who ask, as a request needs them, the tables of their records, and the `objects` they own.

    A change made here, or by another worker of this replica, is in force when its call returns; one made by any other
    process, or by hand, within a second (A5).
    The lookups raise StoreUnavailable when the database cannot be asked and what is kept in memory may not answer (E4).
    Each has a cache of its own, so that a flood of strange customers drives out no key. A key that nobody has is asked
    for anew each time; customers and claims without a record are kept like those with one, as an empty list.
    """

    def __init__(
        self, database: Database, trust: Trust, declared: Callable[[], Catalog], cache_size: int = 10_000
    ) -> None:
        self._database = database
        self._trust = trust
        self._declared = declared
        self._callers: CachedLookups[str, Caller | None] = CachedLookups(
            trust, cache_size, lambda key_hash: self._reader().caller(key_hash), str
        )
        self._tokens: CachedLookups[tuple[Token, str], Caller] = CachedLookups(
            trust, cache_size * _TOKEN_BYTES, lambda each: self._reader().token_caller(each[0]), itemgetter(1), _size_of
        )
        self._customers: CachedLookups[str, list[Customer]] = CachedLookups(
            trust, cache_size, lambda customer_id: self._reader().customers(customer_id), _digest
        )
        self._mapped_keys: CachedLookups[tuple[str, str], list[str]] = CachedLookups(
            trust, cache_size, lambda claim: self._reader().mapped_keys(*claim), lambda claim: _digest(*claim)
        )
        self.caller = self._callers.get
        """The caller with the key of that hash, the same object until something changes; `None` if nobody has it."""
        self.keys = KeyTable(database, declared, KEYS)
        self.teams = TeamTable(database, declared, TEAMS)
        self.members = MemberTable(database, declared)
        self.users = UserTable(database, declared, USERS)
        self.projects = RecordTable(database, declared, PROJECTS)
        self.organizations = RecordTable(database, declared, ORGANIZATIONS)
        self.customers = CustomerTable(database, declared, CUSTOMERS)
        self.access_groups = RecordTable(database, declared, ACCESS_GROUPS)
        self.key_mappings = RecordTable(database, declared, KEY_MAPPINGS)
        self.objects = ObjectTable(database.quiet())

    async def aclose(self) -> None:
        """Waits for the look-ups under way, before the connections are given up."""
        for lookups in (self._callers, self._tokens, self._customers, self._mapped_keys):
            await lookups.aclose()

    async def caller_with(self, key: Key) -> Caller:
        """The caller that a key would have whose record is `key`; it need not exist, and nothing is kept of it."""
        return await self._reader().caller_with(key)

    async def token_caller(self, token: Token, digest: str | None) -> Caller:
        """The caller with that token, the same object until something changes. `digest` is the SHA-256 of all that
        `token` was made from, `None` for a caller not to be kept. Raises Unidentified if it claims too many teams."""
        if digest is None:
            return await self._reader().token_caller(token)
        return await self._tokens.get((token, digest))

    async def customer(self, customer_id: str) -> Customer | None:
        """The customer of that id, `None` if it has no record (L8)."""
        return next(iter(await self._customers.get(customer_id)), None)

    async def mapped_key(self, claim_name: str, claim_value: str) -> str | None:
        """The hash of the key that a token with that claim stands for (R9), also of a key that is gone; `None` if the
        claim is not mapped."""
        return next(iter(await self._mapped_keys.get((claim_name, claim_value))), None)

    def forget(self) -> None:
        """The declared subjects changed: look everybody up anew."""
        self._trust.clear()

    async def check(self) -> None:
        """Ask the database for a sign of life. Raises StoreUnavailable."""
        async with self._database.read() as connection:
            await connection.execute(text("SELECT 1"))

    def _reader(self) -> CallerReader:
        return CallerReader(self._database, self._declared())


def _size_of(caller: Caller) -> int:
    return len(repr(caller))


def _digest(*names: str) -> str:
    """A short name for names of any length; each is marked off by its own length."""
    spelled = "".join(f"{len(name)}:{name}" for name in names)
    return sha256(spelled.encode(errors="surrogatepass")).hexdigest()


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
    address, trust = database_url(url), Trust(clock, mark)
    await migrate(address)
    engine = serving_engine(address)
    try:
        async with (
            watching(address, trust),
            aclosing(Store(Database(engine, trust.changed), trust, declared, cache_size)) as store,
        ):
            yield store
    finally:
        await engine.dispose()


@asynccontextmanager
async def open_read_only(url: str, *, declared: Callable[[], Catalog]) -> AsyncIterator[Store]:
    """The store at `url` as it is, for as long as the block lasts: nothing is migrated, written or kept, and every
    lookup asks the database. Raises StoreUnavailable, also where the schema is not the one that this version reads."""
    engine = read_only_engine(database_url(url))
    database = Database(engine, lambda: None)
    try:
        async with database.read() as connection:
            await connection.run_sync(demand_schema)
        yield Store(database, Trust(time.monotonic), declared)
    finally:
        await engine.dispose()


def is_missing(url: str) -> bool:
    """Whether `url` names a SQLite file that is not there. Raises StoreUnavailable for what is no address."""
    address = database_url(url)
    return address.get_backend_name() == "sqlite" and not Path(address.database or "").exists()
