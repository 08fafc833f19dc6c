"""The engines that questions are put to."""

import asyncio
from collections.abc import Iterator

import pytest

from engines.judges import Engines
from harness.bundles import POLICIES, policy_wasm
from harness.opa import opa_server
from modelward.engine import OpaEngine


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """The engines; OPA holds the policies, the catalogue is put in through its API."""
    folder = tmp_path_factory.mktemp("engines")
    with opa_server([POLICIES], folder) as opa, asyncio.Runner() as runner:
        server = OpaEngine(opa.url, seconds=60)  # a busy machine is no disagreement
        runner.run(server.__aenter__())
        both = Engines(runner, opa, server, policy_wasm(folder), folder)
        try:
            yield both
        finally:
            both.close()
            runner.run(server.__aexit__())
