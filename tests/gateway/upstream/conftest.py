"""A gateway that forwards, and an upstream that does what it is told."""

from collections.abc import AsyncIterator

import httpx
import pytest

from gateway.upstream.scripted import Scripted, answers, scripted
from gateway.upstream.serving import Gateway, deployment, gateway


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
