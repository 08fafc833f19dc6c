"""Every published name is under its providers' patterns, and under no other's (C4, G5)."""

import asyncio
from collections.abc import Iterator

import pytest

from engine.asking import asking
from engines.naive_names import providers_of
from harness.bundles import POLICIES, policy_wasm
from modelward import bundle
from modelward.config.model_names import published_names
from modelward.contract import Caller, Catalog, Entry, Fill, Key, Scope, Wildcard
from modelward.engine import EmbeddedEngine

_PUBLISHED = published_names().published
OWNERS = sorted({owner for owners in _PUBLISHED.values() for owner in owners} | {"azure", "openrouter"})


def catalog() -> Catalog:
    """A catalogue with one wildcard entry for each provider."""
    entries = {f"{owner}/*": Entry(deployments={owner: {}}) for owner in OWNERS}
    wildcards = {f"{owner}/": [Wildcard(name=f"{owner}/*", rank=rank)] for rank, owner in enumerate(OWNERS)}
    lengths = sorted({len(owner) + 1 for owner in OWNERS})
    published = {name: list(owners) for name, owners in _PUBLISHED.items()}
    reserved = {"all-proxy-models": True}
    fills: dict[str, list[Fill]] = {name: [] for name in entries}
    common = Scope(entries=entries, wildcards=wildcards, lengths=lengths, fills=fills)
    return Catalog.model_validate({"common": common, "reserved": reserved, "providers": published})


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    """An engine with that catalogue."""
    made = EmbeddedEngine(policy_wasm(tmp_path_factory.mktemp("published")), bundle.seal(catalog(), POLICIES).data)
    yield made
    made.close()


def test_every_published_name_is_under_just_its_providers(engine: EmbeddedEngine) -> None:
    callers = {owner: Caller(kind="key", key=Key(token="0" * 64, models=[f"{owner}/*"])) for owner in OWNERS}

    async def covering(name: str) -> list[str]:
        return [owner for owner, caller in callers.items() if (await engine.decide(asking(name, caller=caller))).allow]

    async def differing() -> list[str]:
        return [name for name in _PUBLISHED if await covering(name) != sorted(providers_of(name, {}))]

    assert asyncio.run(differing()) == []
