"""Compiled configs, and a gate over the plain one."""

from collections.abc import Iterator

import pytest
import yaml

from gateway.configs import PLAIN, Compile, Config, load, snapshot_of
from gateway.gates import GateSetup, gate_setup
from modelward.snapshot import Snapshot


@pytest.fixture(scope="session")
def compile_config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compile]:
    """Compiles each config once."""
    made: dict[str, Snapshot] = {}

    def compile_once(config: Config) -> Snapshot:
        text = yaml.safe_dump(config)
        if text not in made:
            made[text] = snapshot_of(load(config, tmp_path_factory.mktemp("config")))
        return made[text]

    yield compile_once
    for snapshot in made.values():
        snapshot.close()


@pytest.fixture
def plain(compile_config: Compile) -> GateSetup:
    """A gate over the models `gpt-4` (in group `beta`), `gpt-4o` and `claude-3`."""
    return gate_setup(compile_config(PLAIN))
