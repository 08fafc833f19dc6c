"""A gate_setup whose models share one account, and one where each has its own."""

from collections.abc import AsyncIterator

import pytest

from gateway.configs import Compile, config, served
from gateway.objects.gate_setup import ObjectsSetup, gate_setup

MODELS = config(served("gpt-4"), served("gpt-4o"))


@pytest.fixture
async def staged(compile_config: Compile) -> AsyncIterator[ObjectsSetup]:
    """The models `gpt-4` and `gpt-4o` in one account."""
    async with gate_setup(compile_config(MODELS)) as running:
        yield running


@pytest.fixture
async def apart(compile_config: Compile) -> AsyncIterator[ObjectsSetup]:
    """The models `gpt-4` and `gpt-4o` in accounts of their own."""
    async with gate_setup(compile_config(MODELS), accounts={"id-gpt-4": "one", "id-gpt-4o": "two"}) as running:
        yield running
