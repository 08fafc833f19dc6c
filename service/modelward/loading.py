"""From a config file to what is served by it, read again when the file changes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from modelward import bundle, compiler, config
from modelward.bundle import Sealed
from modelward.config import Config
from modelward.contract import Deployment
from modelward.errors import BundleError, ConfigError, DecisionUnavailable
from modelward.gateway.upstream.providers import check
from modelward.options import folder, opa_program
from modelward.snapshot import Snapshot, Snapshots


@dataclass(frozen=True)
class Loaded:
    """A config, compiled; `wasm` are the policies, compiled by OPA."""

    config: Config
    sealed: Sealed
    wasm: bytes
    deployments: Mapping[str, Deployment]

    @property
    def untimed(self) -> list[str] | None:
        """The policies that let no decision be kept; `None` where these are not known."""
        return bundle.untimed_in(self.wasm)

    @property
    def keeps_decisions(self) -> bool:
        """Whether equal questions may have the answer that one of them got, while it says that it holds."""
        return self.config.modelward_settings.decision_memo and self.untimed == []


def load(path: Path, environ: Mapping[str, str]) -> Loaded:
    """Reads and compiles the config at `path`. Raises ConfigError, and BundleError when the policies are stale."""
    read = config.read(path, environ)
    deployments = compiler.deployments(read)
    policies = folder("policies", environ)
    sealed = bundle.seal(compiler.compile_catalog(read), policies)
    wasm = bundle.refresh_wasm(folder("bundle", environ), policies, opa_program(environ))
    return Loaded(read, sealed, wasm, {each.id: each for each in deployments})


def warnings(loaded: Loaded) -> list[str]:
    """What is probably not meant: the config's warnings, deployments that cannot be called as they are, and rules that
    let no decision be kept."""
    unusable = check(loaded.deployments.values())
    return [*map(str, loaded.config.warnings), *unusable, *_unkept(loaded)]


def _unkept(loaded: Loaded) -> Iterator[str]:
    if loaded.untimed and loaded.config.modelward_settings.decision_memo:
        advice = "write `default holds_until := 0` and until when its answer holds"
        yield from (f"no decision is kept: `{each}` reads the clock; {advice}" for each in loaded.untimed)


_LOOK_SECONDS = 0.25
_log = logging.getLogger("modelward")


class Reloader:
    """Looks at the config's files four times a second, and replaces the snapshot when they change.

    A config with problems changes nothing: the last good one stays in force, and `state` says so. `set_current` takes 1
    if the config as it lies is in force, else 0. Use it as an async context.
    """

    def __init__(
        self,
        path: Path,
        environ: Mapping[str, str],
        loaded: Loaded,
        build: Callable[[Loaded], Snapshot],
        snapshots: Snapshots,
        probe: Callable[[], Awaitable[None]],
        set_current: Callable[[float], None],
    ) -> None:
        self._path = path
        self._environ = environ
        self._files = loaded.config.files
        self._seen = _fingerprint(self._files)
        self._build = build
        self._snapshots = snapshots
        self._probe = probe
        self._set_current = set_current
        self._complaint = ""

    def state(self) -> str:
        """`current`; `last good` while the files as they lie have problems; `waiting` while the engine still decides by
        the bundle of the config before, which stays in force as a whole until then."""
        if self._complaint:
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
                self._seen = found
                files = await self._reload()
                if files != self._files:
                    self._files = files
                    self._seen = []  # of files not looked at before, a change since they were read may have been missed
            if self._snapshots.pending is not None:
                with suppress(DecisionUnavailable):
                    await self._probe()

    async def _reload(self) -> tuple[Path, ...]:
        """The files to look at from now on."""
        try:
            loaded, snapshot = await asyncio.to_thread(self._load)
        except (ConfigError, BundleError) as error:
            if str(error) != self._complaint:
                _log.error("the changed config is not used, the last good one stays in force:\n%s", error)
            self._complaint = str(error)
            self._set_current(0)
            more = error.files if isinstance(error, ConfigError) else ()
            return tuple(dict.fromkeys((*self._files, *more)))
        self._complaint = ""
        self._snapshots.offer(snapshot)
        self._set_current(1)
        waits = self._snapshots.current is not snapshot
        what = "waits for the engine to have its bundle" if waits else "is in force"
        _log.info("config %s %s", snapshot.revision, what)
        return loaded.config.files

    def _load(self) -> tuple[Loaded, Snapshot]:
        loaded = load(self._path, self._environ)
        return loaded, self._build(loaded)


def _fingerprint(files: Iterable[Path]) -> list[tuple[str, int, int, int]]:
    found = []
    for file in files:
        try:
            stat = file.stat()
            found.append((str(file), stat.st_ino, stat.st_mtime_ns, stat.st_size))
        except OSError:
            found.append((str(file), 0, 0, 0))
    return found
