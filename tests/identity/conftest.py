"""Issuers and what verifies their tokens."""

from collections.abc import AsyncIterator, Iterator

import pytest

from harness.issuer import Issuer, issuer, new_key
from identity.clock import Clock
from modelward.identity import KeySets


@pytest.fixture(scope="session")
def idp() -> Iterator[Issuer]:
    """An issuer with a key of each kind, shared by tests that leave it as it is."""
    with issuer() as running:
        yield running


@pytest.fixture
def own_idp() -> Iterator[Issuer]:
    """An issuer of the test's own, with one key."""
    with issuer(keys={"ES256": new_key("ES256")}) as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    """What the key sets go by."""
    return Clock()


@pytest.fixture
async def keys(clock: Clock) -> AsyncIterator[KeySets]:
    """Key sets that were never read."""
    key_sets = KeySets(clock)
    yield key_sets
    await key_sets.aclose()
