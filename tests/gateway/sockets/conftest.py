"""A Modelward in front of a provider of sockets, shared by all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.sockets.stage import MASTER_KEY, PROVIDER_ENV, Stage, write_config
from harness.gateway import gateway
from harness.upstream_socket import UpstreamSockets, upstream_sockets


@pytest.fixture(scope="session")
def shared_provider() -> Iterator[UpstreamSockets]:
    """One provider for all."""
    with upstream_sockets() as running:
        yield running


@pytest.fixture(scope="session")
def shared_stage(shared_provider: UpstreamSockets, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One Modelward for all."""
    folder: Path = tmp_path_factory.mktemp("sockets")
    write_config(folder / "config.yaml", shared_provider)
    with gateway(folder / "config.yaml", folder, master_key=MASTER_KEY, env=PROVIDER_ENV) as running:
        yield Stage(running, shared_provider)
        output = running.process.output
    assert not [word for word in ("Traceback", "Unclosed", "never retrieved") if word in output]


@pytest.fixture
def stage(shared_stage: Stage) -> Stage:
    """The same, the provider as it was at first."""
    shared_stage.provider.reset()
    return shared_stage
