"""A compiled config."""

import pytest

from gateway.configs import PLAIN, load
from modelward.loading import Loaded


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The models `gpt-4` (in group `beta`), `gpt-4o` and `claude-3`."""
    return load(PLAIN, tmp_path_factory.mktemp("plain"))
