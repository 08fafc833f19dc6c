"""A rule of one's own that does not say what it denies refuses every call, in both engines (L10)."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.asking import asking, listing, wasm_of
from harness.bundles import POLICIES
from harness.opa import opa_server
from modelward import bundle
from modelward.contract import Decision
from modelward.engine import EmbeddedEngine, OpaEngine
from modelward.loading import Loaded

MALFORMED = {
    "another_name": 'denny contains "no" if input.request.models',
    "a_capital": 'Deny contains "no" if input.request.models',
    "a_text": 'deny := "no" if input.request.models',
    "an_unmet_text": 'deny := "no" if count(input.request.models) > 9',
    "a_boolean": "deny if input.request.models",
    "an_array": 'deny := ["no"]',
    "an_object": "deny[model] := true if some model in input.request.models",
    "a_message_that_is_an_object": 'deny contains {"msg": "no"} if input.request.models',
    "a_message_that_is_a_number": "deny contains count(input.request.models)",
    "grants_alone": 'grants := {model: {"by": "me", "groups": []} | some model in input.request.models}',
}
"""Folder and rule: all of it compiles."""


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The policies with all malformed rules."""
    folder = tmp_path_factory.mktemp("malformed") / "policies"
    shutil.copytree(POLICIES, folder)
    for name, rule in MALFORMED.items():
        write_rule(folder, name, rule)
    return folder


def write_rule(policies: Path, name: str, rule: str) -> None:
    """Put a rule into the policies."""
    (policies / "modelward/rules" / name).mkdir()
    (policies / f"modelward/rules/{name}/{name}.rego").write_text(f"package modelward.rules.{name}\n\n{rule}\n")


def named(decision: Decision) -> set[str]:
    """The rules that a decision calls malformed."""
    assert not decision.allow
    return {each.message.split("`")[1] for each in decision.reasons if each.rule == "rule_malformed"}


@pytest.fixture(scope="module")
def data(loaded: Loaded, policies: Path) -> Iterator[bytes]:
    """The catalogue, sealed with these policies."""
    yield bundle.seal(loaded.sealed.catalog, policies).data


async def test_the_embedded_engine_refuses_for_each(policies: Path, data: bytes) -> None:
    engine = EmbeddedEngine(await asyncio.to_thread(wasm_of, policies), data)
    decision = await engine.decide(asking("gpt-4"))
    assert named(decision) == MALFORMED.keys()
    assert decision.reasons[0].rule == "rule_malformed"
    assert named(await engine.decide(listing())) == MALFORMED.keys()
    assert (await engine.list(listing())).models == []
    engine.close()


async def test_an_opa_server_refuses_for_each(policies: Path, data: bytes, tmp_path: Path) -> None:
    with opa_server([policies, bundle_of(data, tmp_path)], tmp_path) as opa:
        async with OpaEngine(opa.url) as engine:
            assert named(await engine.decide(asking("gpt-4"))) == MALFORMED.keys()


async def test_a_malformed_rule_that_only_the_opa_server_has_refuses(loaded: Loaded, tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    shutil.copytree(POLICIES, policies)
    write_rule(policies, "hours", MALFORMED["a_text"])
    with opa_server([policies, bundle_of(loaded.sealed.data, tmp_path)], tmp_path) as opa:
        async with OpaEngine(opa.url) as engine:
            assert named(await engine.decide(asking("gpt-4"))) == {"hours"}


async def test_a_rule_that_the_opa_server_lacks_refuses(loaded: Loaded, tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    shutil.copytree(POLICIES, policies)
    shutil.rmtree(policies / "modelward/rules/key_active")
    with opa_server([policies, bundle_of(loaded.sealed.data, tmp_path)], tmp_path) as opa:
        async with OpaEngine(opa.url) as engine:
            assert named(await engine.decide(asking("gpt-4"))) == {"key_active"}


def bundle_of(data: bytes, folder: Path) -> Path:
    """A bundle folder with this data."""
    bundle_folder = folder / "bundle"
    bundle_folder.mkdir()
    (bundle_folder / ".manifest").write_text('{"roots": ["catalog"], "rego_version": 1}')
    (bundle_folder / "data.json").write_bytes(data)
    return bundle_folder
