"""The schema at start."""

import asyncio
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import text

from harness.forked import CONTEXT
from modelward.contract import Catalog
from modelward.errors import StoreUnavailable
from modelward.store import Store, open_store
from modelward.store.database import database_url
from modelward.store.migrate import migrate
from store.databases import HASH, by_hand, key, run_by_hand, unowned
from store.schema import differences


def migrate_at(all_are_there: Barrier, url: str) -> None:
    """What a process does that starts with others."""
    all_are_there.wait(60)
    asyncio.run(migrate(database_url(url)))


async def test_the_migrations_make_the_tables(store: Store, url: str) -> None:
    async with by_hand(url) as connection:
        assert await connection.run_sync(differences) == []


async def test_a_second_start_keeps_what_is_there(url: str) -> None:
    async with open_store(url, declared=Catalog) as store:
        await store.keys.add(key())
    async with open_store(url, declared=Catalog) as store:
        assert unowned(await store.keys.get(HASH)) == key()


async def test_processes_that_start_at_once_migrate_once(url: str) -> None:
    all_are_there = CONTEXT.Barrier(4)
    starting = [CONTEXT.Process(target=migrate_at, args=(all_are_there, url)) for _ in range(4)]
    for process in starting:
        process.start()
    for process in starting:
        await asyncio.to_thread(process.join, 120)
    assert [process.exitcode for process in starting] == [0] * 4
    async with by_hand(url) as connection:
        assert (await connection.execute(text("SELECT count(*) FROM modelward_schema"))).scalar() == 1


async def test_a_schema_from_the_future_is_left_alone(url: str) -> None:
    await migrate(database_url(url))
    await run_by_hand(url, "UPDATE modelward_schema SET version_num = '9999'")
    with pytest.raises(StoreUnavailable, match="update modelward"):
        await migrate(database_url(url))


async def test_a_lock_that_cannot_be_taken_is_named_as_the_fault(tmp_path: Path, tmp_path_url: str) -> None:
    (tmp_path / "modelward.db.lock").mkdir()
    with pytest.raises(StoreUnavailable, match="beside the database"):
        await migrate(database_url(tmp_path_url))


async def test_a_file_in_the_place_of_the_folder_is_named_as_the_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="folder"):
        await migrate(database_url(f"sqlite:///{tmp_path / 'file' / 'modelward.db'}"))


async def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="folder"):
        await migrate(database_url(f"sqlite:///{tmp_path}/missing/modelward.db"))
    assert not (tmp_path / "missing").exists()
