"""The embedded engine: it decides, and whatever breaks it is no yes (E4)."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.asking import CHAT, asking, listing, policy, wasm_of
from gateway.configs import config, engine_of, load, served
from modelward.contract import Caller, Key
from modelward.engine import EmbeddedEngine
from modelward.errors import BundleError, DecisionUnavailable
from modelward.loading import Loaded


@pytest.fixture
def engine(loaded: Loaded) -> Iterator[EmbeddedEngine]:
    """An engine with the plain catalogue."""
    made = engine_of(loaded)
    yield made
    made.close()


def of_policy(folder: Path, decision: str, listing_: str = "listing := {}") -> EmbeddedEngine:
    """An engine with these policies."""
    return EmbeddedEngine(wasm_of(policy(folder, decision, listing_)), b'{"catalog":{}}')


async def test_it_decides_by_the_catalogue_it_was_given(engine: EmbeddedEngine, loaded: Loaded) -> None:
    decision = await engine.decide(asking("gpt-4"))
    assert decision.allow
    assert decision.targets["gpt-4"].deployments == ["id-gpt-4"]
    assert decision.revision == loaded.sealed.revision
    assert not (await engine.decide(asking("ghost"))).allow


async def test_it_lists_by_the_catalogue_it_was_given(engine: EmbeddedEngine, loaded: Loaded) -> None:
    found = await engine.list(listing())
    assert found.models == ["claude-3", "gpt-4", "gpt-4o"]
    assert found.groups == ["beta"]
    assert found.revision == loaded.sealed.revision


async def test_no_question_leaves_a_trace_in_the_next(engine: EmbeddedEngine) -> None:
    narrow = Caller(kind="key", key=Key(token="0" * 64, models=["gpt-4"]))
    first = await engine.decide(asking("gpt-4o", caller=narrow))
    for round_ in range(300):
        assert (await engine.decide(asking("gpt-4", path=CHAT + "x" * round_))).allow
        assert await engine.decide(asking("gpt-4o", caller=narrow)) == first


@pytest.mark.parametrize("size", [100, 65_000, 70_000, 1_000_000])
async def test_a_question_of_any_usual_size_is_answered(engine: EmbeddedEngine, size: int) -> None:
    assert (await engine.decide(asking("gpt-4", path="/" + "x" * size))).allow
    assert (await engine.decide(asking("gpt-4"))).allow


async def test_a_question_that_is_too_long_has_no_decision_and_the_next_has(engine: EmbeddedEngine) -> None:
    with pytest.raises(DecisionUnavailable, match="longer than"):
        await engine.decide(asking("gpt-4", path="x" * 17_000_000))
    assert (await engine.decide(asking("gpt-4"))).allow


@pytest.mark.parametrize("path", ["/\x00", "/\x7f\xff", '/"\\', "/\u2028🦉"])
async def test_any_text_may_stand_in_a_question(engine: EmbeddedEngine, path: str) -> None:
    narrow = Caller(kind="key", key=Key(token="0" * 64, allowed_routes=[path]))
    assert (await engine.decide(asking("gpt-4", caller=narrow, path=path))).allow


async def test_a_decision_waits_for_no_listing(tmp_path: Path) -> None:
    loaded = load(config(*(served(f"m{place}") for place in range(3_000))), tmp_path)
    engine = engine_of(loaded)
    listed = asyncio.create_task(engine.list(listing()))
    await asyncio.sleep(0)
    assert (await engine.decide(asking("m1"))).allow
    assert not listed.done()
    assert len((await listed).models) == 3_000
    engine.close()


SLOW_LISTING = (
    'listing := {"models": ["gpt-4"], "groups": [], "revision": "r"} if count(none) == 0\n'
    "none := [1 | some i, j; n[i] + n[j] == -1]\nn := numbers.range(1, 999)"
)


async def test_closing_lets_a_listing_under_way_end_well(tmp_path: Path) -> None:
    engine = of_policy(tmp_path, "decision := {}", SLOW_LISTING)
    await engine.list(listing())
    listed = asyncio.create_task(engine.list(listing()))
    await asyncio.sleep(0.01)
    assert not listed.done()
    engine.close()
    assert (await listed).models == ["gpt-4"]


async def test_a_closed_engine_decides_nothing(loaded: Loaded) -> None:
    engine = engine_of(loaded)
    engine.close()
    with pytest.raises(DecisionUnavailable):
        await engine.decide(asking("gpt-4"))
    with pytest.raises(DecisionUnavailable):
        await engine.list(listing())
    engine.close()


@pytest.mark.parametrize("wasm", [b"", b"no wasm", b"\x00asm\x01\x00\x00\x00"])
def test_what_is_no_compiled_policy_is_refused(wasm: bytes) -> None:
    with pytest.raises(BundleError, match="the policies' Wasm"):
        EmbeddedEngine(wasm, b"{}")


def test_policies_without_the_decision_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="modelward/access/decision"):
        of_policy(tmp_path, "other := {}")


def test_policies_without_the_listing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="modelward/listing/listing"):
        of_policy(tmp_path, "decision := {}", "other := {}")


def test_policies_without_the_answer_on_many_models_are_refused(tmp_path: Path) -> None:
    folder = policy(tmp_path, "decision := {}")
    (folder / "modelward" / "reach" / "reach.rego").unlink()
    with pytest.raises(BundleError, match="modelward/reach/reach"):
        EmbeddedEngine(wasm_of(folder), b'{"catalog":{}}')


def test_policies_that_call_what_only_a_server_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"`http\.send`.*--engine opa"):
        of_policy(tmp_path, 'decision := http.send({"method": "get", "url": input.url})')


BROKEN = {
    "an undefined decision": "decision := {} if input.nothing",
    "two decisions": "decision := {} if input.request\n\ndecision := [] if input.caller",
    "no decision": 'decision := "yes"',
    "an endless decision": "decision := [1 | some i, j, k; n[i] + n[j] == n[k]]\nn := numbers.range(1, 999)",
}


@pytest.mark.parametrize("what", list(BROKEN))
async def test_policies_that_fail_give_no_decision_however_often_they_are_asked(tmp_path: Path, what: str) -> None:
    engine = of_policy(tmp_path, BROKEN[what])
    for _ in range(2):
        with pytest.raises(DecisionUnavailable):
            await engine.decide(asking("gpt-4"))
    engine.close()


YES = (
    '{"allow": true, "reasons": [], "grants": {}, "revision": "r", '
    '"subject": {"team_id": null, "user_id": null, "role": null, "owner": null}, '
    '"places": [], "shows": {"everything": false, "key_hash": null, "user_id": null}, '
    '"targets": {"gpt-4": {"entry": "gpt-4", "model": "gpt-4", "deployments": ["d"]}}}'
)
TROUBLES = {
    "a conflict": '{} if input.request.path == "bad"',
    "a long search": '[1 | some i, j; n[i] + n[j] == -1] if input.request.path == "bad"\nn := numbers.range(1, 9999)',
}


@pytest.mark.parametrize("what", list(TROUBLES))
async def test_a_failure_is_over_with_its_question(tmp_path: Path, what: str) -> None:
    engine = of_policy(tmp_path, f"decision := {YES} if input.caller\n\ndecision := {TROUBLES[what]}")
    for _ in range(2):
        with pytest.raises(DecisionUnavailable):
            await engine.decide(asking("gpt-4", path="bad"))
        assert (await engine.decide(asking("gpt-4", path="good"))).allow
    engine.close()


async def test_a_listing_that_fails_gives_none_however_often_it_is_asked(tmp_path: Path) -> None:
    engine = of_policy(tmp_path, "decision := {}", "listing := {} if input.nothing")
    for _ in range(2):
        with pytest.raises(DecisionUnavailable):
            await engine.list(listing())
    engine.close()
