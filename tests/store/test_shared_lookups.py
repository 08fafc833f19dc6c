"""A crowd that asks for the same asks the database once, and gets no older answer than each would alone (A5, E4)."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from modelward.contract import Customer, Key, KeyMapping, Token
from modelward.errors import StoreUnavailable
from modelward.store import Store
from modelward.store.cache import JOIN_SECONDS, CachedLookups, Trust
from store.databases import HASH, OTHER, changed, key
from store.test_cache import Clock
from store.unwatched import unwatched
from store.waiting import is_blocked

CROWD = 1_000

LOOKUPS: dict[str, Callable[[Store], Awaitable[object]]] = {
    "a key": lambda store: store.caller(HASH),
    "a key that nobody has": lambda store: store.caller(OTHER),
    "a customer": lambda store: store.customer("carol"),
    "a token": lambda store: store.token_caller(Token(user_id="alice"), "digest"),
    "a mapping": lambda store: store.mapped_key("sub", "ci"),
}


@pytest.mark.parametrize("what", list(LOOKUPS))
async def test_a_crowd_asks_the_database_once(url: str, what: str) -> None:
    async with unwatched(url) as opened:
        await opened.store.keys.add(key())
        await opened.store.customers.add(Customer(user_id="carol"))
        await opened.store.key_mappings.add(KeyMapping(id="1", jwt_claim_name="sub", jwt_claim_value="ci", token=HASH))
        opened.sent.clear()
        alone = await LOOKUPS[what](opened.store)
        queries = len(opened.sent)
        opened.store.forget()
        opened.sent.clear()
        answers = await asyncio.gather(*(LOOKUPS[what](opened.store) for _ in range(CROWD)))
        assert all(answer == alone for answer in answers)
        assert len(opened.sent) == queries


async def test_a_crowd_of_one_known_key_is_answered_after_every_change(url: str) -> None:
    async with unwatched(url) as opened:
        await opened.store.keys.add(key())
        for change in (_blocked, _unblocked, _blocked):
            record = await opened.store.keys.change(HASH, change)
            callers = await asyncio.gather(*(opened.store.caller(HASH) for _ in range(CROWD)))
            assert {is_blocked(caller) for caller in callers} == {record.blocked}


def _blocked(record: Key) -> Key:
    return changed(record, blocked=True)


def _unblocked(record: Key) -> Key:
    return changed(record, blocked=False)


class Reading:
    """A look-up in a database that answers when it is told to; each answer says which look-up gave it."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.trust = Trust(self.clock)
        self.lookups: CachedLookups[str, int] = CachedLookups(self.trust, 10, self._read, str)
        self.go = asyncio.Event()
        self.begun = 0
        self.error: Exception | None = None

    def ask(self) -> asyncio.Task[int]:
        """Ask for the one thing there is."""
        return asyncio.create_task(self.lookups.get("it"))

    async def _read(self, _: str) -> int:
        self.begun += 1
        number = self.begun
        await self.go.wait()
        if self.error is not None:
            raise self.error
        return number


async def _settle() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_who_asks_after_a_change_does_not_join_a_look_up_from_before_it() -> None:
    reading = Reading()
    before = reading.ask()
    await _settle()
    reading.trust.clear()
    after = reading.ask()
    joining = reading.ask()
    await _settle()
    reading.go.set()
    assert tuple(await asyncio.gather(before, after, joining)) == (1, 2, 2)


async def test_nobody_joins_a_look_up_that_began_too_long_ago() -> None:
    reading = Reading()
    early = reading.ask()
    await _settle()
    reading.clock.now += JOIN_SECONDS + 0.1
    late = reading.ask()
    await _settle()
    reading.go.set()
    assert tuple(await asyncio.gather(early, late)) == (1, 2)


async def test_a_look_up_that_has_ended_is_joined_by_nobody() -> None:
    reading = Reading()
    reading.go.set()
    assert await reading.ask() == 1
    assert await reading.ask() == 2


async def test_whoever_leaves_does_not_end_the_look_up_of_the_others() -> None:
    reading = Reading()
    leaving, staying = reading.ask(), reading.ask()
    await _settle()
    leaving.cancel()
    await _settle()
    reading.go.set()
    assert await staying == 1


async def test_a_failure_is_everybodys_and_is_not_kept() -> None:
    reading = Reading()
    reading.error = StoreUnavailable("no database")
    asked = [reading.ask() for _ in range(3)]
    await _settle()
    reading.go.set()
    assert await asyncio.gather(*asked, return_exceptions=True) == [reading.error] * 3
    reading.error = None
    assert await reading.ask() == 2
