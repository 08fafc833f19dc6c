"""From a config file to what is served by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from modelward import bundle, compiler, config, paths
from modelward.bundle import Sealed
from modelward.config import Config
from modelward.contract import Deployment
from modelward.gateway import providers


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
    policies = paths.policies(environ)
    sealed = bundle.seal(compiler.compile_catalog(read), policies)
    wasm = bundle.refresh_wasm(paths.bundle(environ), policies, paths.opa(environ))
    return Loaded(read, sealed, wasm, {each.id: each for each in deployments})


def warnings(loaded: Loaded) -> list[str]:
    """What is probably not meant: the config's warnings, and deployments that cannot be called as they stand."""
    unusable = providers.check(loaded.deployments.values())
    return [*map(str, loaded.config.warnings), *unusable]
