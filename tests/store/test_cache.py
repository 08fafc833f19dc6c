"""What the cache may answer, and when."""

import asyncio

from modelward.contract import Caller, Key, Token
from modelward.store.cache import NEVER, CachedLookups, Trust
from store.databases import HASH, OTHER, key
from store.unwatched import unwatched

CALLER = Caller(kind="key", key=Key(token=HASH))


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Database:
    """Has the answer `answers` to each question, and counts how often it is asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Caller | None] = {}
        self.asked: list[str] = []

    async def read(self, name: str) -> Caller | None:
        """The answer."""
        self.asked.append(name)
        return self.answers.get(name, CALLER)


Lookups = CachedLookups[str, Caller | None]


def trusted_lookups(size: int = 10) -> tuple[Lookups, Database, Trust, Clock]:
    """Look-ups in a database that is trusted for one second."""
    clock, database = Clock(), Database()
    trust = Trust(clock)
    trust.until = clock.now + 1
    return CachedLookups(trust, size, database.read, str), database, trust, clock


async def test_a_fresh_database_is_not_trusted() -> None:
    database = Database()
    lookups: Lookups = CachedLookups(Trust(Clock()), 10, database.read, str)
    for _ in range(2):
        assert await lookups.get(HASH) is CALLER
    assert database.asked == [HASH, HASH]


async def test_what_was_read_is_given_again_without_asking() -> None:
    lookups, database, _, _ = trusted_lookups()
    for _ in range(2):
        assert await lookups.get(HASH) is CALLER
    assert database.asked == [HASH]


async def test_what_is_not_there_is_asked_for_each_time() -> None:
    lookups, database, _, _ = trusted_lookups()
    database.answers[HASH] = None
    for _ in range(2):
        assert await lookups.get(HASH) is None
    assert database.asked == [HASH, HASH]


async def test_nothing_is_answered_from_memory_once_trust_has_run_out() -> None:
    lookups, database, _, clock = trusted_lookups()
    await lookups.get(HASH)
    clock.now += 1
    await lookups.get(HASH)
    assert database.asked == [HASH, HASH]


async def test_nothing_is_answered_from_memory_once_trust_is_taken_back() -> None:
    lookups, database, trust, _ = trusted_lookups()
    await lookups.get(HASH)
    trust.until = NEVER
    await lookups.get(HASH)
    assert database.asked == [HASH, HASH]


async def test_a_change_empties_the_memory() -> None:
    lookups, database, trust, _ = trusted_lookups()
    await lookups.get(HASH)
    await lookups.get(OTHER)
    trust.clear()
    await lookups.get(HASH)
    await lookups.get(OTHER)
    assert database.asked == [HASH, OTHER, HASH, OTHER]


async def test_what_was_read_before_a_change_is_not_kept_after_it() -> None:
    lookups, database, trust, _ = trusted_lookups()
    early = asyncio.create_task(lookups.get(HASH))
    await asyncio.sleep(0)
    trust.clear()
    assert await early is CALLER
    await lookups.get(HASH)
    assert database.asked == [HASH, HASH]


async def test_the_oldest_callers_make_room() -> None:
    lookups, database, _, _ = trusted_lookups(size=2)
    for name in ("a", "b", "c", "c", "b", "a"):
        await lookups.get(name)
    assert database.asked == ["a", "b", "c", "a"]


async def test_a_memory_may_be_bounded_by_what_its_answers_take() -> None:
    trust, asked = Trust(Clock()), []
    trust.until = 101

    async def read(text: str) -> str:
        asked.append(text)
        return text

    lookups: CachedLookups[str, str] = CachedLookups(trust, 10, read, str, len)
    small, other, large = "x" * 6, "y" * 6, "z" * 11
    for text in (small, other, other, large, large, small):
        assert await lookups.get(text) == text
    assert asked == [small, other, large, large, small]


async def test_a_caller_without_a_digest_is_read_anew(tmp_path_url: str) -> None:
    async with unwatched(tmp_path_url) as opened:
        first = await opened.store.token_caller(Token(user_id="u1"), None)
        assert await opened.store.token_caller(Token(user_id="u1"), None) is not first
        kept = await opened.store.token_caller(Token(user_id="u1"), HASH)
        assert await opened.store.token_caller(Token(user_id="u1"), HASH) is kept


async def test_wrong_keys_drive_nobody_out_of_the_cache(tmp_path_url: str) -> None:
    async with unwatched(tmp_path_url) as opened:
        await opened.store.keys.add(key())
        known = await opened.store.caller(HASH)
        for start in range(0, 2_000, 10):
            wrong = [f"{number:064x}" for number in range(start, start + 10)]
            assert await asyncio.gather(*map(opened.store.caller, wrong)) == [None] * 10
        assert await opened.store.caller(HASH) is known


async def test_strange_customers_drive_nobody_out_of_the_cache(tmp_path_url: str) -> None:
    async with unwatched(tmp_path_url, size=2) as opened:
        await opened.store.keys.add(key())
        known = await opened.store.caller(HASH)
        for number in range(10):
            assert await opened.store.customer(f"stranger-{number}") is None
        assert await opened.store.caller(HASH) is known
