"""A gateway that forwards, and an upstream that does what it is told."""

from collections.abc import AsyncIterator

import httpx
import pytest

from gateway.configs import Compile
from gateway.upstream.falling import FAILS, MODELS, Falling, falling_gate
from gateway.upstream.scripted import Scripted, answers, scripted
from gateway.upstream.serving import SECOND, Gateway, deployment, gateway


@pytest.fixture
async def upstream() -> AsyncIterator[Scripted]:
    """Answers `{}` until a test sets another script."""
    async with scripted(answers()) as running:
        yield running


@pytest.fixture
async def proxy(upstream: Scripted) -> AsyncIterator[Gateway]:
    """Serves `gpt-4o` by `upstream`."""
    async with gateway([deployment(upstream.address)]) as running:
        yield running


@pytest.fixture
async def client(proxy: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """A client of `proxy`."""
    async with httpx.AsyncClient(base_url=proxy.url, trust_env=False, timeout=10) as running:
        yield running


@pytest.fixture
async def second() -> AsyncIterator[Scripted]:
    """Another model's upstream; it says so until a test sets another script."""
    async with scripted(answers(200, SECOND)) as running:
        yield running


@pytest.fixture
def falling(proxy: Gateway, second: Scripted) -> Gateway:
    """`proxy`, on which `second` answers what `upstream` fails at."""
    proxy.fallbacks = {"general": [deployment(second.address, entry="gpt-3.5", model="real-3.5", id="second")]}
    return proxy


@pytest.fixture
async def gated(compile_config: Compile) -> AsyncIterator[Falling]:
    """A gate on which `gpt-4` fails, and `gpt-4o`, then `claude-3`, stand in for it."""
    async with falling_gate(compile_config(MODELS), **{"gpt-4": FAILS}) as running:
        running.fall_back({"gpt-4": ["gpt-4o", "claude-3"]})
        yield running
