"""From a config file to what is served by it, read again when the file changes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from modelward import bundle, compiler, config
from modelward.bundle import Sealed
from modelward.config import Config
from modelward.contract import Deployment
from modelward.errors import BundleError, ConfigError, DecisionUnavailable
from modelward.gateway.upstream.providers import check
from modelward.options import bundle_folder, opa_program, policies_folder
from modelward.snapshot import Snapshot, Snapshots


@dataclass(frozen=True)
class Loaded:
    """A config, compiled; `wasm` are the policies, compiled by OPA."""

    config: Config
    sealed: Sealed
    wasm: bytes
    deployments: Mapping[str, Deployment]


def load(path: Path, environ: Mapping[str, str]) -> Loaded:
    """Reads and compiles the config at `path`. Raises ConfigError, and BundleError when the policies are stale."""
    read = config.read(path, environ)
    deployments = compiler.deployments(read)
    policies = policies_folder(environ)
    sealed = bundle.seal(compiler.compile_catalog(read), policies)
    wasm = bundle.refresh_wasm(bundle_folder(environ), policies, opa_program(environ))
    return Loaded(read, sealed, wasm, {each.id: each for each in deployments})


def warnings(loaded: Loaded) -> list[str]:
    """What is probably not meant: the config's warnings, and deployments that cannot be called as they are."""
    unusable = check(loaded.deployments.values())
    return [*map(str, loaded.config.warnings), *unusable]


_LOOK_SECONDS = 0.25
_log = logging.getLogger("modelward")

Fingerprint = tuple[tuple[str, int, int, int], ...]


class Gauge(Protocol):
    """Where the state of the config is counted."""

    def set(self, value: float) -> None:
        """Takes 1 if the config as it lies is in force, else 0."""


class Reloader:
    """Looks at the config's files four times a second, and replaces the snapshot when they change.

    A config with problems changes nothing: the last good one stays in force, and `state` says so. Use it as an async
    context.
    """

    def __init__(
        self,
        path: Path,
        environ: Mapping[str, str],
        loaded: Loaded,
        build: Callable[[Loaded], Snapshot],
        snapshots: Snapshots,
        probe: Callable[[], Awaitable[None]],
        gauge: Gauge,
    ) -> None:
        self._path = path
        self._environ = environ
        self._files: tuple[Path, ...] = loaded.config.files
        self._seen = _fingerprint(self._files)
        self._build = build
        self._snapshots = snapshots
        self._probe = probe
        self._gauge = gauge
        self._current = True
        self._complaint = ""

    def state(self) -> str:
        """`current`; `last good` while the files as they lie have problems; `waiting` while the engine still decides by
        the bundle of the config before, which stays in force as a whole until then."""
        if not self._current:
            return "last good"
        return "waiting" if self._snapshots.pending is not None else "current"

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            found = await asyncio.to_thread(_fingerprint, self._files)
            if found != self._seen:
                await self._reload(found)
            if self._snapshots.pending is not None:
                with suppress(DecisionUnavailable):
                    await self._probe()

    async def _reload(self, found: Fingerprint) -> None:
        self._seen = found
        try:
            loaded, snapshot = await asyncio.to_thread(self._load)
        except (ConfigError, BundleError) as error:
            self._keep_last_good(error)
            return
        self._look_at(loaded.config.files)
        self._complaint = ""
        self._snapshots.offer(snapshot)
        self._note(current=True)
        waits = self._snapshots.current is not snapshot
        _log.info(
            "config %s %s", snapshot.revision, "waits for the engine to have its bundle" if waits else "is in force"
        )

    def _load(self) -> tuple[Loaded, Snapshot]:
        loaded = load(self._path, self._environ)
        return loaded, self._build(loaded)

    def _keep_last_good(self, error: ConfigError | BundleError) -> None:
        if isinstance(error, ConfigError):
            self._look_at(tuple(dict.fromkeys((*self._files, *error.files))))
        if str(error) != self._complaint:
            _log.error("the changed config is not used, the last good one stays in force:\n%s", error)
        self._complaint = str(error)
        self._note(current=False)

    def _look_at(self, files: tuple[Path, ...]) -> None:
        if files != self._files:
            self._files = files
            self._seen = ()  # of files not looked at before, a change since they were read may have been missed

    def _note(self, *, current: bool) -> None:
        self._current = current
        self._gauge.set(current)


def _fingerprint(files: Iterable[Path]) -> Fingerprint:
    return tuple(_stamp(file) for file in files)


def _stamp(file: Path) -> tuple[str, int, int, int]:
    try:
        found = file.stat()
    except OSError:
        return str(file), 0, 0, 0
    return str(file), found.st_ino, found.st_mtime_ns, found.st_size
