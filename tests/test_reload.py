"""A changed config comes into force while the service runs, whole or not at all (A5, K3)."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from gateway.configs import config, served
from watched import Running, Watched, becomes_true, watching

A_FEW_LOOKS = 0.8


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    """A watcher of a config with the model `one`."""
    watched = Watched(tmp_path)
    watched.write("one")
    async with watching(watched) as made:
        yield made


async def test_a_change_is_in_force_without_a_restart(running: Running) -> None:
    before = running.snapshots.current
    running.watched.write("one", "two")
    assert await becomes_true(lambda: running.models() == {"one", "two"})
    assert running.snapshots.current is not before


async def test_what_was_known_of_callers_is_forgotten_with_a_change(running: Running) -> None:
    running.watched.write("two")
    assert await becomes_true(lambda: running.watched.forgotten == 1)
    assert running.reloader.state() == "current"
    assert running.watched.current == [True]


async def test_a_config_that_does_not_change_is_read_once(running: Running) -> None:
    before = running.snapshots.current
    await asyncio.sleep(A_FEW_LOOKS)
    assert running.snapshots.current is before
    assert running.watched.current == []


async def test_a_broken_config_changes_nothing_and_is_said(running: Running, caplog: pytest.LogCaptureFixture) -> None:
    before = running.snapshots.current
    running.watched.path.write_text("model_list:\n  - model_nam: one\n")
    assert await becomes_true(lambda: running.reloader.state() == "last good")
    assert running.snapshots.current is before
    assert running.watched.current == [False]
    assert running.watched.forgotten == 0
    assert "config.yaml:2:5" in caplog.text
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


async def test_a_broken_config_is_complained_about_once(running: Running, caplog: pytest.LogCaptureFixture) -> None:
    running.watched.path.write_text("model_list: [")
    assert await becomes_true(lambda: bool(caplog.records))
    await asyncio.sleep(A_FEW_LOOKS)
    assert len(caplog.records) == 1


async def test_a_mended_config_comes_into_force(running: Running) -> None:
    running.watched.path.write_text("model_list: [")
    assert await becomes_true(lambda: running.reloader.state() == "last good")
    running.watched.write("two")
    assert await becomes_true(lambda: running.models() == {"two"})
    assert running.reloader.state() == "current"
    assert running.watched.current == [False, True]


async def test_a_config_that_vanishes_and_comes_back_is_used_again(running: Running) -> None:
    running.watched.path.rename(running.watched.folder / "away.yaml")
    assert await becomes_true(lambda: running.reloader.state() == "last good")
    assert running.models() == {"one"}
    running.watched.write("two")
    assert await becomes_true(lambda: running.models() == {"two"})


async def test_a_config_that_is_replaced_by_renaming_is_seen(running: Running) -> None:
    new = running.watched.folder / "new.yaml"
    new.write_text(yaml.safe_dump(config(served("two"))))
    new.replace(running.watched.path)
    assert await becomes_true(lambda: running.models() == {"two"})


async def test_policies_that_cannot_be_run_change_nothing(running: Running) -> None:
    running.watched.refuses = True
    running.watched.write("two")
    assert await becomes_true(lambda: running.reloader.state() == "last good")
    assert running.models() == {"one"}


async def test_a_file_that_the_config_includes_is_watched_too(running: Running) -> None:
    part = running.watched.folder / "part.yaml"
    part.write_text(yaml.safe_dump({"model_list": [served("two")]}))
    running.watched.write("one", include=["part.yaml"])
    assert await becomes_true(lambda: running.models() == {"one", "two"})
    part.write_text(yaml.safe_dump({"model_list": [served("three")]}))
    assert await becomes_true(lambda: running.models() == {"one", "three"})


async def test_a_file_that_is_no_longer_included_is_not_watched(running: Running) -> None:
    part = running.watched.folder / "part.yaml"
    part.write_text(yaml.safe_dump({"model_list": [served("two")]}))
    running.watched.write("one", include=["part.yaml"])
    assert await becomes_true(lambda: running.models() == {"one", "two"})
    running.watched.write("one")
    assert await becomes_true(lambda: running.models() == {"one"})
    part.write_text("no config: [")
    await asyncio.sleep(A_FEW_LOOKS)
    assert running.reloader.state() == "current"


async def test_an_included_file_that_comes_later_is_seen(running: Running) -> None:
    running.watched.write("one", include=["part.yaml"])
    assert await becomes_true(lambda: running.reloader.state() == "last good")
    (running.watched.folder / "part.yaml").write_text(yaml.safe_dump({"model_list": [served("two")]}))
    assert await becomes_true(lambda: running.models() == {"one", "two"})


async def test_an_included_file_that_is_mended_is_seen(running: Running) -> None:
    part = running.watched.folder / "part.yaml"
    part.write_text("model_list: [")
    running.watched.write("one", include=["part.yaml"])
    assert await becomes_true(lambda: running.reloader.state() == "last good")
    part.write_text(yaml.safe_dump({"model_list": [served("two")]}))
    assert await becomes_true(lambda: running.models() == {"one", "two"})


async def test_nothing_is_watched_after_the_end(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.write("one")
    async with watching(watched) as running:
        pass
    watched.write("two")
    await asyncio.sleep(A_FEW_LOOKS)
    assert running.models() == {"one"}
