"""Two configs are never mixed (K3)."""

from typing import Any

import pytest

from modelward.contract import Catalog, Input
from modelward.errors import DecisionUnavailable, Superseded
from modelward.snapshot import Snapshot, Snapshots


async def nothing(_: Input) -> Any:
    """An engine that is not asked."""
    raise AssertionError("nobody asks here")


def snapshot(revision: str, closed: list[str], *, at_once: bool = True) -> Snapshot:
    """A snapshot that notes when it is freed."""
    return Snapshot(
        revision, Catalog(), {}, nothing, nothing, nothing, nothing, lambda: closed.append(revision), at_once
    )


@pytest.fixture
def closed() -> list[str]:
    """The revisions freed so far."""
    return []


def test_a_decision_of_the_snapshots_own_revision_holds(closed: list[str]) -> None:
    first = snapshot("one", closed)
    Snapshots(first).demand(first, "one")


def test_a_snapshot_with_an_engine_of_its_own_is_in_force_at_once(closed: list[str]) -> None:
    snapshots, second = Snapshots(snapshot("one", closed)), snapshot("two", closed)
    snapshots.offer(second)
    assert snapshots.current is second
    assert closed == ["one"]


def test_a_request_of_a_replaced_snapshot_is_judged_again(closed: list[str]) -> None:
    first = snapshot("one", closed)
    snapshots = Snapshots(first)
    snapshots.offer(snapshot("two", closed))
    with pytest.raises(Superseded):
        snapshots.demand(first, "two")


def test_a_snapshot_of_a_shared_engine_waits_until_the_engine_decides_by_it(closed: list[str]) -> None:
    first, second = snapshot("one", closed, at_once=False), snapshot("two", closed, at_once=False)
    snapshots = Snapshots(first)
    snapshots.offer(second)
    assert (snapshots.current, snapshots.pending) == (first, second)
    snapshots.demand(first, "one")
    with pytest.raises(Superseded):
        snapshots.demand(first, "two")
    assert (snapshots.current, snapshots.pending) == (second, None)
    assert closed == ["one"]


def test_a_shared_engine_that_goes_back_to_the_catalogue_before_gives_no_decision(closed: list[str]) -> None:
    first, second = snapshot("one", closed, at_once=False), snapshot("two", closed, at_once=False)
    snapshots = Snapshots(first)
    snapshots.offer(second)
    with pytest.raises(Superseded):
        snapshots.demand(first, "two")
    with pytest.raises(DecisionUnavailable, match="modelward build"):
        snapshots.demand(second, "one")


def test_a_snapshot_of_the_same_catalogue_need_not_wait(closed: list[str]) -> None:
    snapshots, again = Snapshots(snapshot("one", closed, at_once=False)), snapshot("one", closed, at_once=False)
    snapshots.offer(again)
    assert (snapshots.current, snapshots.pending) == (again, None)


def test_of_two_that_wait_only_the_newer_one_may_come_into_force(closed: list[str]) -> None:
    first = snapshot("one", closed, at_once=False)
    snapshots = Snapshots(first)
    for revision in ("two", "three"):
        snapshots.offer(snapshot(revision, closed, at_once=False))
    assert closed == ["two"]
    with pytest.raises(DecisionUnavailable, match="modelward build"):
        snapshots.demand(first, "two")


def test_who_must_know_is_told_of_a_change_only(closed: list[str]) -> None:
    first, told = snapshot("one", closed, at_once=False), list[str]()
    snapshots = Snapshots(first)
    snapshots.changed = lambda: told.append(snapshots.current.revision)
    snapshots.offer(snapshot("two", closed, at_once=False))
    assert told == []
    with pytest.raises(Superseded):
        snapshots.demand(first, "two")
    assert told == ["two"]


@pytest.mark.parametrize("revision", ["", "on", "One", "one "])
def test_a_decision_by_another_catalogue_is_none(closed: list[str], revision: str) -> None:
    first = snapshot("one", closed)
    with pytest.raises(DecisionUnavailable, match="modelward build"):
        Snapshots(first).demand(first, revision)


def test_both_are_freed_at_the_end(closed: list[str]) -> None:
    snapshots = Snapshots(snapshot("one", closed, at_once=False))
    snapshots.offer(snapshot("two", closed, at_once=False))
    snapshots.close()
    assert closed == ["two", "one"]


def test_a_snapshot_does_not_show_its_master_key() -> None:
    made = Snapshot("one", Catalog(), {}, nothing, nothing, nothing, nothing, lambda: None, master_key="sk-secret")
    assert "sk-secret" not in repr(made)
