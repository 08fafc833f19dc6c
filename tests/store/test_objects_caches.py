"""Objects are bound all the time: no cache of callers may be emptied by it, and by every other change each must."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, text
from sqlalchemy.types import TypeEngine

from modelward.contract import Catalog, Customer
from modelward.store import Store, open_store
from modelward.store.database import database_url, watching_engine
from modelward.store.tables import UtcDateTime, metadata, objects
from modelward.store.watch import Beat, contact
from store.databases import HASH, NOW, by_hand, key, run_by_hand
from store.objects import ACCOUNT, ALICE, response
from store.unwatched import unwatched
from store.waiting import LONG_ENOUGH, cached, until

TESTS = Path(__file__).parents[1]
SUBJECTS = sorted(table.name for table in metadata.sorted_tables if table is not objects)


class Watched:
    """How often a contact told of a change."""

    def __init__(self) -> None:
        self.told = self.heard = 0

    def tell(self) -> None:
        self.told += 1

    async def hears(self, beat: Beat) -> bool:
        """Whether anything changed since the last time."""
        await beat()
        before, self.heard = self.heard, self.told
        return self.heard > before


@asynccontextmanager
async def contact_with(url: str, watched: Watched) -> AsyncIterator[Beat]:
    """The beat of a contact as every process has one, that has told of all before now."""
    address = database_url(url)
    engine = watching_engine(address)
    try:
        async with contact(address, engine, watched.tell) as beat:
            await watched.hears(beat)
            yield beat
    finally:
        await engine.dispose()


async def bind_elsewhere(url: str, object_id: str) -> None:
    """Have another process bind an object."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "store.bind", url, object_id, cwd=TESTS)
    assert await process.wait() == 0


async def test_a_caller_known_here_stays_known_when_an_object_is_bound_and_forgotten(url: str) -> None:
    async with unwatched(url) as opened:
        await opened.store.keys.add(key())
        known = await opened.store.caller(HASH)
        await opened.store.objects.bind([response()], ACCOUNT)
        await opened.store.objects.forget("response", "resp_1", ALICE)
        assert await opened.store.caller(HASH) is known


async def test_a_caller_known_here_stays_known_when_another_process_binds_an_object(store: Store, url: str) -> None:
    await store.keys.add(key())
    assert await until(lambda: cached(store, HASH), LONG_ENOUGH)
    watched = Watched()
    async with contact_with(url, watched) as beat:
        await bind_elsewhere(url, "resp_1")
        assert await store.objects.find("response", "resp_1", ALICE) is not None
        assert not await watched.hears(beat)
        await store.customers.add(Customer(user_id="carol"))
        assert await watched.hears(beat)


async def test_every_kind_of_change_to_objects_is_told_to_nobody(store: Store, url: str) -> None:
    watched = Watched()
    async with contact_with(url, watched) as beat:
        await store.objects.bind([response(), response("resp_2")], ACCOUNT)
        await store.objects.bind([response(owner="user:bob")], ACCOUNT)
        await store.objects.forget("response", "resp_1", "user:bob")
        await run_by_hand(url, "DELETE FROM objects")
        assert not await watched.hears(beat)


@pytest.mark.parametrize("table", SUBJECTS)
async def test_every_change_to_a_subject_by_hand_is_told(store: Store, url: str, table: str) -> None:
    watched = Watched()
    (blank,) = [each for each in metadata.sorted_tables if each.name == table]
    row = {column.name: _any_value(column.type) for column in blank.columns}
    async with contact_with(url, watched) as beat, by_hand(url) as connection:
        await connection.execute(blank.insert().values(row))
        assert await watched.hears(beat)
        await connection.execute(blank.update().values(row))
        assert await watched.hears(beat)
        assert not await watched.hears(beat)
        await connection.execute(blank.delete())
        assert await watched.hears(beat)


def _any_value(column: TypeEngine[Any]) -> object:
    if isinstance(column, JSON):
        return []
    return False if isinstance(column, Boolean) else NOW if isinstance(column, UtcDateTime) else "x"


async def test_a_change_that_sqlite_was_to_ignore_where_it_cannot_be_made_is_told(tmp_path_url: str) -> None:
    watched = Watched()
    async with open_store(tmp_path_url, declared=Catalog) as store, contact_with(tmp_path_url, watched) as beat:
        insert = "INTO customers (user_id, blocked, document) VALUES ('carol', false, '{}')"
        for word in ("IGNORE", "REPLACE", "ROLLBACK", "ABORT", "FAIL"):
            await run_by_hand(tmp_path_url, f"INSERT OR {word} {insert}")
            assert await watched.hears(beat)
            await store.customers.remove(["carol"])
            assert await watched.hears(beat)


@pytest.mark.parametrize("damage", ["DELETE FROM subjects_version", "DROP TABLE subjects_version"])
async def test_a_sqlite_file_that_cannot_tell_of_changes_is_not_trusted(tmp_path_url: str, damage: str) -> None:
    async with open_store(tmp_path_url, declared=Catalog) as store:
        await store.keys.add(key())
        assert await until(lambda: cached(store, HASH), LONG_ENOUGH)
        await run_by_hand(tmp_path_url, damage)

        async def distrusted() -> bool:
            return not await cached(store, HASH)

        assert await until(distrusted, LONG_ENOUGH)


async def test_a_sqlite_file_that_loses_its_triggers_tells_of_that(tmp_path_url: str) -> None:
    watched = Watched()
    async with (
        open_store(tmp_path_url, declared=Catalog),
        contact_with(tmp_path_url, watched) as beat,
        by_hand(tmp_path_url) as connection,
    ):
        await connection.execute(text("DROP TABLE keys"))
        assert await watched.hears(beat)
