"""What the cache may answer, and when."""

import asyncio

from modelward.contract import Caller, Catalog, Key
from modelward.store import Store
from modelward.store.cache import CallerCache
from modelward.store.database import Database, serving_engine
from modelward.store.migrate import migrate
from modelward.store.url import database_url
from store.databases import HASH, OTHER

CALLER = Caller(kind="key", key=Key(hash=HASH))


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def trusted_cache(size: int = 10) -> tuple[CallerCache, Clock]:
    """A cache that is trusted for one second."""
    clock = Clock()
    cache = CallerCache(size, clock)
    cache.trust(until=clock.now + 1)
    return cache, clock


def test_a_fresh_cache_is_not_trusted() -> None:
    cache = CallerCache(10, Clock())
    cache.put(HASH, CALLER, cache.generation)
    assert cache.get(HASH) is None


def test_a_trusted_cache_gives_back_what_it_was_given() -> None:
    cache, _ = trusted_cache()
    cache.put(HASH, CALLER, cache.generation)
    assert cache.get(HASH) is CALLER
    assert cache.get(OTHER) is None


def test_nothing_is_answered_once_trust_has_run_out() -> None:
    cache, clock = trusted_cache()
    cache.put(HASH, CALLER, cache.generation)
    clock.now += 1
    assert cache.get(HASH) is None


def test_nothing_is_answered_once_trust_is_taken_back() -> None:
    cache, _ = trusted_cache()
    cache.put(HASH, CALLER, cache.generation)
    cache.distrust()
    assert cache.get(HASH) is None


def test_a_change_clears_the_cache() -> None:
    cache, _ = trusted_cache()
    cache.put(HASH, CALLER, cache.generation)
    cache.clear()
    assert cache.get(HASH) is None


def test_what_was_read_before_a_change_does_not_enter_after_it() -> None:
    cache, _ = trusted_cache()
    read_in = cache.generation
    cache.clear()
    cache.put(HASH, CALLER, read_in)
    assert cache.get(HASH) is None


def test_the_oldest_callers_make_room() -> None:
    cache, _ = trusted_cache(size=2)
    for name in ("a", "b", "c"):
        cache.put(name, CALLER, cache.generation)
    assert (len(cache), cache.get("a"), cache.get("c")) == (2, None, CALLER)


async def test_wrong_keys_leave_nothing_in_the_cache(tmp_path_url: str) -> None:
    cache, _ = trusted_cache(size=100)
    await migrate(database_url(tmp_path_url))
    engine = serving_engine(database_url(tmp_path_url))
    store = Store(Database(engine, cache.clear), cache, Catalog)
    try:
        for start in range(0, 2_000, 10):
            wrong = [f"{number:064x}" for number in range(start, start + 10)]
            assert await asyncio.gather(*map(store.caller, wrong)) == [None] * 10
        assert len(cache) == 0
    finally:
        await engine.dispose()
