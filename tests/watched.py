"""A config that is watched while tests change it."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from gateway.configs import config, load, served
from modelward.contract import Input
from modelward.errors import BundleError
from modelward.loading import Loaded, Reloader
from modelward.snapshot import Snapshot, Snapshots

LONG_ENOUGH = 30.0
"""Seconds; no test waits so long unless it fails."""


async def unasked(_: Input) -> Any:
    """An engine that is not asked."""
    raise AssertionError("nobody asks here")


@dataclass
class Watched:
    """A folder with a config that is watched, and what the watcher did."""

    folder: Path
    refuses: bool = False
    current: list[bool] = field(default_factory=list)
    forgotten: int = 0

    @property
    def path(self) -> Path:
        """The config."""
        return self.folder / "config.yaml"

    def write(self, *models: str, **sections: object) -> None:
        """A config with these models."""
        self.path.write_text(yaml.safe_dump(config(*map(served, models), **sections)))

    def build(self, loaded: Loaded) -> Snapshot:
        """A snapshot without an engine, or none."""
        if self.refuses:
            raise BundleError("the policies' Wasm cannot be run")
        sealed = loaded.sealed
        return Snapshot(
            sealed.revision, sealed.catalog, loaded.deployments, unasked, unasked, unasked, unasked, lambda: None
        )

    def forget(self) -> None:
        """Counts."""
        self.forgotten += 1

    async def probe(self) -> None:
        """An engine that has every bundle at once is not asked for one."""
        raise AssertionError("nothing waits here")

    def note(self, value: float) -> None:
        """Notes what was said."""
        self.current.append(value == 1)


@dataclass
class Running:
    """A running watcher."""

    watched: Watched
    snapshots: Snapshots
    reloader: Reloader

    def models(self) -> set[str]:
        """The models in force."""
        return set(self.snapshots.current.catalog.common.entries)


@asynccontextmanager
async def watching(watched: Watched) -> AsyncIterator[Running]:
    """A watcher of the config as it is now."""
    loaded = load(yaml.safe_load(watched.path.read_text()), watched.folder)
    snapshots = Snapshots(watched.build(loaded))
    snapshots.changed = watched.forget
    parts = loaded, watched.build, snapshots, watched.probe, watched.note
    async with Reloader(watched.path, os.environ, *parts) as reloader:
        yield Running(watched, snapshots, reloader)


async def becomes_true(holds: Callable[[], bool], seconds: float = LONG_ENOUGH) -> bool:
    """Whether it does within that time."""
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:  # noqa: ASYNC110 - what it waits for lies in files and threads
        await asyncio.sleep(0.01)
    return holds()
