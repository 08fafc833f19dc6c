"""A change binds everywhere within a second, and at once where it was made (A5)."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from modelward.contract import Catalog, Key
from modelward.store import Store, UserRecord, open_store
from store.databases import DECLARED, HASH, OTHER, key, run_by_hand, team
from store.waiting import SECOND, cached, is_blocked, until

TESTS = Path(__file__).parents[1]


async def test_a_caller_is_the_same_object_until_something_changes(store: Store) -> None:
    await store.keys.add(key())
    assert await until(lambda: cached(store, HASH), SECOND)


async def test_a_change_made_here_is_in_force_when_its_call_returns(store: Store) -> None:
    await store.keys.add(key(team_id="red", user_id="alice"))
    assert await until(lambda: cached(store, HASH), SECOND)
    await store.keys.change(HASH, lambda each: replace(each, blocked=True))
    await store.teams.add(team("red"))
    await store.users.put(UserRecord(user_id="alice"))
    caller = await store.caller(HASH)
    assert is_blocked(caller)
    assert caller is not None
    assert caller.team is not None
    assert caller.user is not None
    await store.keys.remove([HASH])
    assert await store.caller(HASH) is None


async def test_a_change_by_another_process_binds_within_a_second(store: Store, url: str) -> None:
    await store.keys.add(key())
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "store.change", url, HASH),
        cwd=TESTS,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    assert await until(lambda: cached(store, HASH), SECOND)
    process.stdin.write(b"\n")
    assert await process.stdout.readline() == b"blocked\n"

    async def refused() -> bool:
        return is_blocked(await store.caller(HASH))

    assert await until(refused, SECOND)
    assert await process.wait() == 0


async def test_a_change_by_hand_binds_within_a_second(store: Store, url: str) -> None:
    await store.keys.add(key())
    assert await until(lambda: cached(store, HASH), SECOND)
    await run_by_hand(url, "UPDATE keys SET blocked = true")

    async def refused() -> bool:
        return is_blocked(await store.caller(HASH))

    assert await until(refused, SECOND)


async def test_declared_subjects_change_with_the_config(url: str) -> None:
    catalog = DECLARED
    async with open_store(url, declared=lambda: catalog) as store:
        assert await until(lambda: cached(store, OTHER), SECOND)
        catalog = Catalog(declared_keys={OTHER: Key(hash=OTHER, blocked=True)})
        store.forget()
        assert is_blocked(await store.caller(OTHER))
