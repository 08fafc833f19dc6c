"""What the cache may answer, and when."""

import asyncio

from modelward.contract import Caller, Key, Token
from modelward.store.cache import LookupCache
from modelward.store.trust import Trust
from store.databases import HASH, OTHER, key
from store.unwatched import unwatched

CALLER = Caller(kind="key", key=Key(token=HASH))


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def trusted_cache(size: int = 10) -> tuple[LookupCache[Caller], Trust, Clock]:
    """A cache that is trusted for one second."""
    clock = Clock()
    trust = Trust(clock)
    trust.trust(until=clock.now + 1)
    return LookupCache(size, trust), trust, clock


def test_a_fresh_cache_is_not_trusted() -> None:
    trust = Trust(Clock())
    cache: LookupCache[Caller] = LookupCache(10, trust)
    cache.keep({HASH: CALLER}, trust.generation)
    assert cache.get(HASH) is None


def test_a_trusted_cache_gives_back_what_it_was_given() -> None:
    cache, trust, _ = trusted_cache()
    cache.keep({HASH: CALLER}, trust.generation)
    assert cache.get(HASH) is CALLER
    assert cache.known([OTHER, HASH]) == {HASH: CALLER}


def test_nothing_is_answered_once_trust_has_run_out() -> None:
    cache, trust, clock = trusted_cache()
    cache.keep({HASH: CALLER}, trust.generation)
    clock.now += 1
    assert cache.get(HASH) is None


def test_nothing_is_answered_once_trust_is_taken_back() -> None:
    cache, trust, _ = trusted_cache()
    cache.keep({HASH: CALLER}, trust.generation)
    trust.distrust()
    assert cache.get(HASH) is None


def test_a_change_clears_the_cache() -> None:
    cache, trust, _ = trusted_cache()
    cache.keep({HASH: CALLER}, trust.generation)
    trust.clear()
    assert (cache.get(HASH), len(cache)) == (None, 0)


def test_what_was_read_before_a_change_does_not_enter_after_it() -> None:
    cache, trust, _ = trusted_cache()
    read_in = trust.generation
    trust.clear()
    cache.keep({HASH: CALLER}, read_in)
    assert cache.get(HASH) is None


def test_the_oldest_callers_make_room() -> None:
    cache, trust, _ = trusted_cache(size=2)
    for name in ("a", "b", "c"):
        cache.keep({name: CALLER}, trust.generation)
    assert (len(cache), cache.get("a"), cache.get("c")) == (2, None, CALLER)


def test_a_cache_may_be_bounded_by_what_its_answers_take() -> None:
    trust = Trust(Clock())
    trust.trust(until=101)
    cache: LookupCache[str] = LookupCache(10, trust, len)
    cache.keep({"a": "x" * 6, "b": "x" * 6, "c": "x" * 11}, trust.generation)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (None, "x" * 6, None)


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
        assert await opened.store.named_customers([f"stranger-{number}" for number in range(10)]) == []
        assert await opened.store.caller(HASH) is known
