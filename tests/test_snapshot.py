"""Two configs are never mixed (K3)."""

from typing import Any

import pytest

from modelward.contract import Catalog, Input
from modelward.errors import DecisionUnavailable
from modelward.snapshot import Snapshot, Snapshots


async def nothing(_: Input) -> Any:
    """An engine that is not asked."""
    raise AssertionError("nobody asks here")


def snapshot(revision: str, closed: list[str]) -> Snapshot:
    """A snapshot that notes when it is freed."""
    return Snapshot(revision, Catalog(), {}, nothing, nothing, lambda: closed.append(revision))


@pytest.fixture
def closed() -> list[str]:
    """The revisions freed so far."""
    return []


def test_the_snapshot_in_force_is_found_by_its_revision(closed: list[str]) -> None:
    first = snapshot("one", closed)
    assert Snapshots(first).of("one") is first


def test_a_replaced_snapshot_serves_the_decisions_that_were_made_by_it(closed: list[str]) -> None:
    first, second = snapshot("one", closed), snapshot("two", closed)
    snapshots = Snapshots(first)
    snapshots.replace(second)
    assert snapshots.current is second
    assert (snapshots.of("one"), snapshots.of("two")) == (first, second)
    assert closed == []


def test_the_snapshot_two_behind_is_freed_and_forgotten(closed: list[str]) -> None:
    snapshots = Snapshots(snapshot("one", closed))
    for revision in ("two", "three"):
        snapshots.replace(snapshot(revision, closed))
    assert closed == ["one"]
    with pytest.raises(DecisionUnavailable):
        snapshots.of("one")


@pytest.mark.parametrize("revision", ["", "on", "One", "one "])
def test_a_decision_by_another_catalogue_is_none(closed: list[str], revision: str) -> None:
    with pytest.raises(DecisionUnavailable, match="modelward build"):
        Snapshots(snapshot("one", closed)).of(revision)


def test_both_are_freed_at_the_end(closed: list[str]) -> None:
    snapshots = Snapshots(snapshot("one", closed))
    snapshots.replace(snapshot("two", closed))
    snapshots.close()
    assert closed == ["two", "one"]


def test_a_snapshot_does_not_show_its_master_key() -> None:
    made = Snapshot("one", Catalog(), {}, nothing, nothing, lambda: None, master_key="sk-secret")
    assert "sk-secret" not in repr(made)
