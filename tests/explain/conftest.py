"""A world for each test, over policies that are compiled once."""

from pathlib import Path

import pytest

from explain.world import World
from harness.bundles import POLICIES, SAMPLE_BUNDLE, policy_wasm
from modelward.bundle import load_wasm
from modelward.errors import BundleError


@pytest.fixture(scope="session")
def wasm(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The policies."""
    try:
        return load_wasm(SAMPLE_BUNDLE, POLICIES)
    except BundleError:
        return policy_wasm(tmp_path_factory.mktemp("bundle"))


@pytest.fixture
def world(tmp_path: Path, wasm: bytes, monkeypatch: pytest.MonkeyPatch) -> World:
    """A folder of its own, and the place where the test runs."""
    monkeypatch.chdir(tmp_path)
    return World(tmp_path, wasm)
