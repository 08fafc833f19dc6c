"""One service for the batch tests of a module."""

from collections.abc import Iterator

import pytest

from service.batching import BatchService, batch_service


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BatchService]:
    """One service for all tests of a module that do not change its config."""
    with batch_service(tmp_path_factory.mktemp("batches")) as running:
        yield running


@pytest.fixture
def running(shared: BatchService) -> BatchService:
    """The service; what its provider was sent before is forgotten."""
    shared.sent()
    return shared
