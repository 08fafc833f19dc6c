"""What a request asks of the store, answered from memory where the database vouches for it (A5)."""

from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256

from sqlalchemy import select

from modelward.contract import Caller, Catalog, Customer, Token
from modelward.store.cache import LookupCache, SharedLookups
from modelward.store.callers import read_caller
from modelward.store.database import Database
from modelward.store.kinds import CUSTOMERS
from modelward.store.lookups import can_be_id, read_subjects
from modelward.store.tables import key_mappings
from modelward.store.tokens import read_token_caller
from modelward.store.trust import Trust

# A token comes with as many records as it names: those kept are bounded by what they take, not by their number.
_TOKEN_BYTES = 4_096

Found = tuple[Customer, ...]
Mapped = tuple[str, ...]


class RequestLookups:
    """The lookups. A cache for each kind, so that a flood of strange customers drives out no key; one look-up in the
    database for all who ask for the same at once.

    A key that nobody has is asked for anew each time; customers and claims without a record are kept like those with
    one, as an empty tuple, under a digest: their names may be long.
    """

    def __init__(self, database: Database, trust: Trust, declared: Callable[[], Catalog], size: int) -> None:
        self._database = database
        self._trust = trust
        self._declared = declared
        self._callers: LookupCache[Caller] = LookupCache(size, trust)
        self._tokens: LookupCache[Caller] = LookupCache(size * _TOKEN_BYTES, trust, _bytes_of)
        self._customers: LookupCache[Found] = LookupCache(size, trust)
        self._mapped: LookupCache[Mapped] = LookupCache(size, trust)
        self._caller_lookups: SharedLookups[Caller | None] = SharedLookups(trust)
        self._token_lookups: SharedLookups[Caller] = SharedLookups(trust)
        self._customer_lookups: SharedLookups[Found] = SharedLookups(trust)
        self._mapped_lookups: SharedLookups[Mapped] = SharedLookups(trust)

    async def aclose(self) -> None:
        """Waits for the look-ups under way."""
        for lookups in (self._caller_lookups, self._token_lookups, self._customer_lookups, self._mapped_lookups):
            await lookups.aclose()

    async def caller(self, key_hash: str) -> Caller | None:
        """See `Store`."""
        known = self._callers.get(key_hash)
        if known is not None:
            return known

        async def read(generation: int) -> Caller | None:
            caller = await read_caller(self._database, self._declared(), key_hash)
            if caller is not None:
                self._callers.keep({key_hash: caller}, generation)
            return caller

        return await self._caller_lookups.look_up(key_hash, read)

    async def token_caller(self, token: Token, digest: str | None) -> Caller:
        """See `Store`."""
        if digest is None:
            return await read_token_caller(self._database, self._declared(), token)
        known = self._tokens.get(digest)
        if known is not None:
            return known

        async def read(generation: int) -> Caller:
            caller = await read_token_caller(self._database, self._declared(), token)
            self._tokens.keep({digest: caller}, generation)
            return caller

        return await self._token_lookups.look_up(digest, read)

    async def customers(self, ids: Sequence[str]) -> list[Customer]:
        """See `Store`."""
        digests = {each: _digest(each) for each in ids}
        found = self._customers.known(digests.values())
        unknown = [each for each, digest in digests.items() if digest not in found]
        if len(unknown) == 1:
            (one,) = unknown
            found[digests[one]] = await self._customer_lookups.look_up(digests[one], partial(self._read_customer, one))
        elif unknown:
            found |= await self._read_customers(unknown, self._trust.generation)
        return [customer for digest in digests.values() for customer in found[digest]]

    async def mapped_key(self, claim_name: str, claim_value: str) -> str | None:
        """See `Store`."""
        digest = _digest(claim_name, claim_value)
        found = self._mapped.get(digest)
        if found is None:

            async def read(generation: int) -> Mapped:
                mapped = await self._read_mapping(claim_name, claim_value)
                self._mapped.keep({digest: mapped}, generation)
                return mapped

            found = await self._mapped_lookups.look_up(digest, read)
        return found[0] if found else None

    async def _read_customer(self, customer_id: str, generation: int) -> Found:
        return (await self._read_customers([customer_id], generation))[_digest(customer_id)]

    async def _read_customers(self, ids: Sequence[str], generation: int) -> dict[str, Found]:
        read = await read_subjects(self._database, self._declared(), CUSTOMERS, ids)
        found: dict[str, Found] = {_digest(each): (read[each],) if each in read else () for each in ids}
        self._customers.keep(found, generation)
        return found

    async def _read_mapping(self, claim_name: str, claim_value: str) -> Mapped:
        if not (can_be_id(claim_name) and can_be_id(claim_value)):
            return ()
        claim = (key_mappings.c.jwt_claim_name == claim_name, key_mappings.c.jwt_claim_value == claim_value)
        async with self._database.read() as connection:
            return tuple((await connection.execute(select(key_mappings.c.key_hash).where(*claim))).scalars())


def _bytes_of(caller: Caller) -> int:
    return len(repr(caller))


def _digest(*names: str) -> str:
    """A short name for names of any length; each is marked off by its own length."""
    spelled = "".join(f"{len(name)}:{name}" for name in names)
    return sha256(spelled.encode(errors="surrogatepass")).hexdigest()
