"""A Modelward in front of a provider of sockets, shared by all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.sockets.service import MASTER_KEY, PROVIDER_ENV, SocketService, write_config
from harness.gateway import gateway
from harness.upstream_socket import UpstreamSockets, upstream_sockets


@pytest.fixture(scope="session")
def shared_provider() -> Iterator[UpstreamSockets]:
    """One provider for all."""
    with upstream_sockets() as running:
        yield running


@pytest.fixture(scope="session")
def shared_service(
    shared_provider: UpstreamSockets, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SocketService]:
    """One Modelward for all."""
    folder: Path = tmp_path_factory.mktemp("sockets")
    write_config(folder / "config.yaml", shared_provider)
    with gateway(folder / "config.yaml", folder, master_key=MASTER_KEY, env=PROVIDER_ENV) as running:
        yield SocketService(running, shared_provider)
        output = running.process.output
    assert not [word for word in ("Traceback", "Unclosed", "never retrieved") if word in output]


@pytest.fixture
def service(shared_service: SocketService) -> SocketService:
    """The same, the provider as it was at first."""
    shared_service.provider.reset()
    return shared_service
