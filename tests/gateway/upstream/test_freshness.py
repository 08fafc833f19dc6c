"""Before anything is sent on a yes that is older than a second, it is asked for anew (A5)."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from gateway.configs import Compile, config, served
from gateway.upstream.falling import FAILS, Falling, falling_gate
from gateway.upstream.scripted import Asked, Line, Script, answers, cuts
from modelward.contract import Caller, Customer, Decision, Input, Key
from modelward.errors import DecisionUnavailable, IssuerUnavailable, StoreUnavailable

LONG = 1.1
"""Seconds after which a decision does not count any more."""


def placed(name: str, upstream: str, weight: float, **fields: object) -> dict[str, object]:
    """One deployment of a model; a heavy one is tried first."""
    row = served(name)
    params = {**row["litellm_params"], "model": f"openai/{upstream}", "weight": weight, **fields}
    return {"model_name": name, "litellm_params": params, "model_info": {"id": f"id-{upstream}"}}


MODELS = config(
    placed("gpt-4", "first", 1e9),
    placed("gpt-4", "second", 1e-9),
    placed("offline", "gone", 1e9),
    placed("offline", "mocked", 1e-9, mock_response="hello"),
    served("failing"),
    placed("spare", "spare-first", 1e9),
    placed("spare", "spare-second", 1e-9),
)


@pytest.fixture
async def waiting(compile_config: Compile) -> AsyncIterator[Falling]:
    """A gate whose models have two deployments each; the first of them is out of reach."""
    scripts = {"first": cuts, "gone": cuts, "spare-first": cuts, "failing": FAILS}
    async with falling_gate(compile_config(MODELS)) as running:
        running.scripts.update(scripts)
        yield running


def meanwhile(gated: Falling, change: Callable[[], object], seconds: float = LONG, then: Script = cuts) -> Script:
    """An upstream that lets the call wait while something changes."""

    async def script(asked: Asked, line: Line) -> None:
        change()
        gated.clock.seconds += seconds
        await then(asked, line)

    return script


def nothing() -> None:
    """Nothing changes."""


def blocked() -> Caller:
    """The caller, its key blocked."""
    return Caller(kind="key", key=Key(token="0" * 64, blocked=True))


async def test_the_next_deployment_is_not_asked_for_a_key_that_was_deleted_meanwhile(waiting: Falling) -> None:
    waiting.scripts["first"] = meanwhile(waiting, waiting.is_deleted)
    answer = await waiting.chat("gpt-4")
    assert (answer.status, answer.json()["error"]["type"]) == (401, "token_not_found_in_db")
    assert waiting.asked() == ["first"]
    assert (await waiting.line())["status"] == 401


async def test_nor_for_one_that_was_blocked(waiting: Falling) -> None:
    waiting.scripts["first"] = meanwhile(waiting, lambda: setattr(waiting, "caller", blocked()))
    assert (await waiting.chat("gpt-4")).status == 401
    assert waiting.asked() == ["first"]
    line = await waiting.line()
    assert (line["allow"], line["reasons"][0]["rule"]) == (False, "key_active")


async def test_nor_for_one_that_may_use_another_model_only(waiting: Falling) -> None:
    waiting.scripts["first"] = meanwhile(waiting, lambda: waiting.may_use("spare"))
    answer = await waiting.chat("gpt-4")
    assert (answer.status, answer.json()["error"]["type"]) == (403, "key_model_access_denied")
    assert waiting.asked() == ["first"]


async def test_nor_for_a_customer_that_was_blocked(waiting: Falling) -> None:
    waiting.customers["c"] = Customer(user_id="c")
    gone = Customer(user_id="c", blocked=True)
    waiting.scripts["first"] = meanwhile(waiting, lambda: waiting.customers.update(c=gone))
    assert (await waiting.chat("gpt-4", user="c")).status == 401
    assert waiting.asked() == ["first"]


@pytest.mark.parametrize("error", [StoreUnavailable("no database"), IssuerUnavailable("no keys")])
async def test_nor_where_nobody_can_be_looked_up(waiting: Falling, error: Exception) -> None:
    waiting.scripts["first"] = meanwhile(waiting, lambda: setattr(waiting, "caller", error))
    answer = await waiting.chat("gpt-4")
    assert (answer.status, answer.headers["x-should-retry"]) == (503, "false")
    assert waiting.asked() == ["first"]


async def test_nor_without_a_decision(waiting: Falling) -> None:
    made = _limit(waiting, 1)
    waiting.scripts["first"] = meanwhile(waiting, nothing)
    assert (await waiting.chat("gpt-4")).status == 503
    assert (waiting.asked(), len(made)) == (["first"], 2)


async def test_nor_where_the_decision_takes_longer_than_it_counts(waiting: Falling) -> None:
    made = _limit(waiting, 2, seconds=LONG)
    waiting.scripts["first"] = meanwhile(waiting, nothing)
    answer = await waiting.chat("gpt-4")
    assert (answer.status, answer.headers["x-should-retry"]) == (503, "true")
    assert (waiting.asked(), len(made)) == (["first"], 2)


async def test_a_mock_does_not_answer_a_key_that_was_deleted_meanwhile(waiting: Falling) -> None:
    waiting.scripts["gone"] = meanwhile(waiting, waiting.is_deleted)
    assert (await waiting.chat("offline")).status == 401


async def test_within_a_second_nobody_is_asked_again(waiting: Falling) -> None:
    made = _limit(waiting, 1)
    waiting.scripts["first"] = meanwhile(waiting, nothing, seconds=0.9)
    assert (await waiting.chat("gpt-4")).json() == {"model": "second"}
    assert len(made) == 1


async def test_the_same_yes_is_answered_by_the_next_deployment(waiting: Falling) -> None:
    made = _limit(waiting, 2)
    waiting.scripts["first"] = meanwhile(waiting, nothing)
    assert (await waiting.chat("gpt-4")).json() == {"model": "second"}
    assert len(made) == 2
    assert (await waiting.line())["allow"] is True


async def test_another_yes_is_carried_out_from_the_beginning(waiting: Falling) -> None:
    made = _limit(waiting, 3)
    waiting.scripts["first"] = meanwhile(waiting, lambda: waiting.may_use("gpt-4"))
    assert (await waiting.chat("gpt-4")).json() == {"model": "second"}
    assert len(made) == 3


async def test_a_config_that_comes_into_force_meanwhile_decides(waiting: Falling, compile_config: Compile) -> None:
    before = replace(waiting.snapshots.current, close=nothing)
    later = replace(compile_config(config(served("gpt-4o"))), close=nothing)
    waiting.snapshots.current = before
    waiting.scripts["first"] = meanwhile(waiting, lambda: waiting.snapshots.offer(later))
    answer = await waiting.chat("gpt-4")
    assert (answer.status, answer.json()["error"]["code"]) == (400, "model_not_found")
    assert waiting.asked() == ["first"]


async def test_the_next_deployment_of_a_fallback_is_not_asked_either(waiting: Falling) -> None:
    waiting.fall_back({"failing": ["spare", "gpt-4"]})
    waiting.scripts["spare-first"] = meanwhile(waiting, waiting.is_deleted)
    answer = await waiting.chat("failing")
    assert (answer.status, answer.json()) == (503, {"error": {"message": "the first"}})
    assert waiting.asked() == ["failing", "spare-first"]
    assert set(await waiting.skipped()) == {("spare", "decision_unavailable"), ("gpt-4", "decision_unavailable")}


async def test_a_fallback_that_was_taken_away_makes_room_for_the_next(waiting: Falling) -> None:
    waiting.fall_back({"failing": ["spare", "gpt-4"]})
    waiting.scripts |= {"first": answers(200, b'{"model": "first"}')}
    waiting.scripts["spare-first"] = meanwhile(waiting, lambda: waiting.may_use("failing", "gpt-4"))
    assert (await waiting.chat("failing")).json() == {"model": "first"}
    assert waiting.asked() == ["failing", "spare-first", "first"]


def _limit(gated: Falling, answers: int, seconds: float = 0.0) -> list[Decision]:
    """Let the engine answer so often, then no more; each but the first takes its time. What it answered."""
    made, decide = list[Decision](), gated.snapshots.current.decide

    async def limited(asked: Input) -> Decision:
        if len(made) == answers:
            made.append(made[-1])
            raise DecisionUnavailable("the engine is gone")
        if made:
            gated.clock.seconds += seconds
        made.append(await decide(asked))
        return made[-1]

    gated.snapshots.current = replace(gated.snapshots.current, decide=limited)
    return made
