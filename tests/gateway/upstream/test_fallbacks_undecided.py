"""Fallbacks without a decision, and those of a caller or a config that changes meanwhile (F2, E4)."""

from dataclasses import replace
from typing import Any

import pytest

from gateway.configs import Compile, config, served
from gateway.upstream.falling import Falling
from modelward.errors import DecisionUnavailable, StoreUnavailable


@pytest.mark.parametrize("error", [DecisionUnavailable("the engine is gone"), StoreUnavailable("no database")])
async def test_no_decision_about_a_fallback_is_no_yes(gated: Falling, error: Exception) -> None:
    gated.fail_to_decide("gpt-4o", error)
    answer = await gated.chat("gpt-4")
    assert (answer.status, answer.json()) == (503, {"error": {"message": "the first"}})
    assert gated.asked() == ["gpt-4"]
    assert await gated.skipped() == [("gpt-4o", "decision_unavailable")]


async def test_another_config_in_force_by_then_ends_the_fallbacks(gated: Falling, compile_config: Compile) -> None:
    later = replace(compile_config(config(served("gpt-4o"))), close=lambda: None)
    before = replace(gated.snapshots.current, close=lambda: None)
    gated.snapshots.current = before
    fails = gated.scripts["gpt-4"]

    async def overtaken(asked: Any, line: Any) -> None:
        gated.snapshots.offer(later)
        await fails(asked, line)

    gated.scripts["gpt-4"] = overtaken
    assert (await gated.chat("gpt-4")).status == 503
    assert gated.asked() == ["gpt-4"]
    assert await gated.skipped() == [("gpt-4o", "decision_unavailable")]


async def test_a_fallback_is_judged_for_the_caller_as_it_is_by_then(gated: Falling) -> None:
    fails = gated.scripts["gpt-4"]

    async def while_rights_are_taken_away(asked: Any, line: Any) -> None:
        gated.may_use("gpt-4")
        await fails(asked, line)

    gated.scripts["gpt-4"] = while_rights_are_taken_away
    assert (await gated.chat("gpt-4")).status == 503
    assert gated.asked() == ["gpt-4"]
    assert ("gpt-4o", "key_model_access") in await gated.skipped()


async def test_a_caller_that_is_none_any_more_has_no_fallbacks(gated: Falling) -> None:
    fails = gated.scripts["gpt-4"]

    async def while_the_key_is_deleted(asked: Any, line: Any) -> None:
        gated.is_deleted()
        await fails(asked, line)

    gated.scripts["gpt-4"] = while_the_key_is_deleted
    assert (await gated.chat("gpt-4")).status == 503
    assert gated.asked() == ["gpt-4"]
    assert await gated.skipped() == [("gpt-4o", "decision_unavailable")]
