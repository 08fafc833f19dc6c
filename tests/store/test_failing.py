"""What cannot be known is not answered (E4): the cache is a copy that somebody must vouch for."""

import asyncio
import time
from collections.abc import Awaitable
from pathlib import Path

import pytest

from harness.postgres import Postgres
from modelward.contract import Catalog, Token
from modelward.errors import StoreUnavailable
from modelward.store import Store, open_store
from store.databases import DECLARED, HASH, OTHER, by_hand, key, run_by_hand
from store.waiting import LONG_ENOUGH, cached, until

LISTENERS = "pid IN (SELECT pid FROM pg_stat_activity WHERE query LIKE 'NOTIFY%' OR query LIKE 'LISTEN%')"


def empty(folder: Path) -> None:
    """Remove a SQLite database with all that lies beside it."""
    for part in folder.iterdir():
        part.unlink()


async def distrusted(store: Store) -> bool:
    """Whether a caller that is known is looked up anew each time."""
    return not await cached(store, HASH)


async def unknown(store: Store) -> bool:
    """Whether nobody has the key."""
    return await store.caller(HASH) is None


async def unavailable(store: Store, key_hash: str = HASH) -> bool:
    """Whether the store says that it cannot tell."""
    try:
        await store.caller(key_hash)
    except StoreUnavailable:
        return True
    return False


def everything(store: Store) -> list[Awaitable[object]]:
    """Every other lookup of a request."""
    return [
        store.token_caller(Token(team_id="red"), "digest"),
        store.customer("carol"),
        store.mapped_key("sub", "ci"),
    ]


async def ask_everything(store: Store) -> None:
    """Have every other lookup answered, so that the answers lie in memory."""
    await asyncio.gather(*everything(store))


async def nothing_is_answered(store: Store) -> None:
    """Every other lookup says that the store cannot tell."""
    for lookup in everything(store):
        with pytest.raises(StoreUnavailable):
            await lookup


async def test_the_cache_is_not_used_past_the_last_proof_of_contact(url: str) -> None:
    late = 0.0
    async with open_store(url, declared=Catalog, clock=lambda: time.monotonic() + late) as store:
        await store.keys.add(key())
        assert await until(lambda: cached(store, HASH), LONG_ENOUGH)
        known = await store.caller(HASH)
        late = 1.0
        assert await store.caller(HASH) is not known


async def test_a_listener_that_is_cut_off_takes_the_trust_with_it(database_server: Postgres) -> None:
    url = database_server.new_database()
    name = url.rpartition("/test_")[2].partition("?")[0]
    async with open_store(url, declared=Catalog) as store, by_hand(database_server.server.get_uri()) as admin:
        await store.keys.add(key())
        assert await until(lambda: cached(store, HASH), LONG_ENOUGH)
        await admin.exec_driver_sql(f"ALTER DATABASE test_{name} ALLOW_CONNECTIONS false")
        await admin.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {LISTENERS}")
        assert await until(lambda: distrusted(store), LONG_ENOUGH)
        assert await store.caller(HASH) is not None

        await admin.exec_driver_sql(f"ALTER DATABASE test_{name} ALLOW_CONNECTIONS true")
        assert await until(lambda: cached(store, HASH), LONG_ENOUGH)


async def test_a_postgresql_that_is_gone_leaves_nobody_known(database_server: Postgres) -> None:
    url = database_server.new_database()
    name = url.rpartition("/test_")[2].partition("?")[0]
    async with open_store(url, declared=Catalog) as store:
        await store.keys.add(key())
        assert await until(lambda: cached(store, HASH), LONG_ENOUGH)
        await ask_everything(store)
        await run_by_hand(database_server.server.get_uri(), f"DROP DATABASE test_{name} WITH (FORCE)")
        assert await until(lambda: unavailable(store), LONG_ENOUGH)
        await nothing_is_answered(store)
        with pytest.raises(StoreUnavailable):
            await store.keys.remove([HASH])


async def test_a_sqlite_file_that_is_gone_leaves_nobody_known(tmp_path: Path) -> None:
    file = tmp_path / "modelward.db"
    async with open_store(f"sqlite:///{file}", declared=Catalog) as store:
        await store.keys.add(key())
        assert await until(lambda: cached(store, HASH), LONG_ENOUGH)
        await ask_everything(store)
        empty(tmp_path)
        assert await until(lambda: unavailable(store), LONG_ENOUGH)
        await nothing_is_answered(store)
        assert not file.exists()


async def test_a_sqlite_file_that_was_replaced_is_the_one_that_counts(tmp_path: Path) -> None:
    served, other = tmp_path / "served", tmp_path / "other"
    served.mkdir()
    other.mkdir()
    async with open_store(f"sqlite:///{other / 'modelward.db'}", declared=Catalog) as store:
        await store.keys.add(key(OTHER))
    async with open_store(f"sqlite:///{served / 'modelward.db'}", declared=Catalog) as store:
        await store.keys.add(key())
        assert await until(lambda: cached(store, HASH), LONG_ENOUGH)
        empty(served)
        (other / "modelward.db").rename(served / "modelward.db")
        assert await until(lambda: unknown(store), LONG_ENOUGH)
        assert await store.caller(OTHER) is not None


async def test_a_declared_key_is_known_without_a_database(tmp_path: Path) -> None:
    async with open_store(f"sqlite:///{tmp_path / 'modelward.db'}", declared=lambda: DECLARED) as store:
        empty(tmp_path)
        assert await until(lambda: unavailable(store), LONG_ENOUGH)
        assert await store.caller(OTHER) is not None


async def test_what_was_read_before_a_change_is_not_kept_after_it(store: Store) -> None:
    await store.keys.add(key())
    looked_up = asyncio.create_task(store.caller(HASH))
    await asyncio.sleep(0)
    await store.keys.remove([HASH])
    await looked_up
    assert await store.caller(HASH) is None


async def test_an_error_of_the_database_tells_no_password(unused_port: int) -> None:
    with pytest.raises(StoreUnavailable) as error:
        async with open_store(f"postgresql://me:s3cret@127.0.0.1:{unused_port}/x", declared=Catalog):
            pass
    assert "s3cret" not in str(error.value)
