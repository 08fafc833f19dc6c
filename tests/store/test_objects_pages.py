"""An owner's objects in the order of their making, and the removal of old ones."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from modelward.contract import StateObject
from modelward.store import ObjectTable
from store.databases import NOW
from store.objects import ACCOUNT, ALICE, BOB, USE, ids, objects_at, response

DAY = timedelta(days=1)


class Days:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.today = 0

    def __call__(self) -> datetime:
        return NOW + self.today * DAY


@pytest.fixture
def days() -> Days:
    """The clock of the table."""
    return Days()


@pytest.fixture
async def objects(url: str, days: Days) -> AsyncIterator[ObjectTable]:
    """The first day's `d`, the second day's `b`, `a` and `c`, the third day's `e`; and others, not asked for."""
    async with objects_at(url, days) as table:
        for day, names in enumerate(["d", "bac", "e"]):
            days.today = day
            await table.bind([response(name) for name in names], ACCOUNT)
            await table.bind([response(f"bob-{name}", BOB) for name in names], ACCOUNT)
            await table.bind([StateObject("file", f"file-{name}", ALICE, "gpt-4-east") for name in names], ACCOUNT)
        yield table


async def test_the_newest_come_first_and_those_of_one_time_by_id(objects: ObjectTable) -> None:
    assert ids(await objects.page("response", ALICE, limit=10, after=None)) == ["e", "c", "b", "a", "d"]


async def test_the_other_order_is_the_reverse(objects: ObjectTable) -> None:
    found = await objects.page("response", ALICE, limit=10, after=None, ascending=True)
    assert ids(found) == ["d", "a", "b", "c", "e"]


@pytest.mark.parametrize("ascending", [False, True])
async def test_pages_hold_every_object_once(objects: ObjectTable, ascending: bool) -> None:
    everything = ids(await objects.page("response", ALICE, limit=10, after=None, ascending=ascending))
    seen: list[str] = []
    while page := await objects.page("response", ALICE, limit=2, after=seen[-1] if seen else None, ascending=ascending):
        assert len(page) == min(2, 5 - len(seen))
        seen += ids(page)
    assert seen == everything


@pytest.mark.parametrize("after", ["nobody", "bob-c", "file-c", ""])
async def test_nothing_comes_after_what_is_not_the_owners(objects: ObjectTable, after: str) -> None:
    assert await objects.page("response", ALICE, limit=10, after=after) == []


async def test_a_page_shows_objects_whole(objects: ObjectTable, days: Days) -> None:
    days.today = 5
    made = response("f", uses=(USE,))
    await objects.bind([made], ACCOUNT)
    assert await objects.page("response", ALICE, limit=1, after=None) == [made]


async def test_an_object_bound_anew_keeps_its_place(objects: ObjectTable, days: Days) -> None:
    days.today = 5
    await objects.bind([response("d")], ACCOUNT)
    assert ids(await objects.page("response", ALICE, limit=10, after="a")) == ["d"]
