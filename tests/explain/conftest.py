"""A world for each test, over one compiled engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from explain.world import World
from harness.bundles import POLICIES, SAMPLE_BUNDLE, policy_wasm
from modelward.bundle import load_wasm
from modelward.engine import EmbeddedEngine
from modelward.errors import BundleError

EMPTY = b'{"catalog":{}}'


@pytest.fixture(scope="session")
def wasm(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The policies."""
    try:
        return load_wasm(SAMPLE_BUNDLE, POLICIES)
    except BundleError:
        return policy_wasm(tmp_path_factory.mktemp("bundle"))


@pytest.fixture(scope="session")
def engine(wasm: bytes) -> Iterator[EmbeddedEngine]:
    """An engine that others share their policies with."""
    engine = EmbeddedEngine(wasm, EMPTY)
    yield engine
    engine.close()


@pytest.fixture
def world(tmp_path: Path, engine: EmbeddedEngine, wasm: bytes, monkeypatch: pytest.MonkeyPatch) -> World:
    """A folder of its own, and the place where the test runs."""
    monkeypatch.chdir(tmp_path)
    return World(tmp_path, engine, wasm)
