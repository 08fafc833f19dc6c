"""Equal questions have one answer, for as long as it holds, and no longer."""

import asyncio
import dataclasses
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from engine.asking import ANY_KEY, asking
from gateway.configs import decision
from identity.clock import Clock
from modelward.contract import Caller, Decision, Input, Key
from modelward.engine import Memo
from modelward.errors import DecisionUnavailable

NOW = 1_800_000_000_000_000_000


@dataclass
class Asked:
    """A memo of answers that say how often they were asked for."""

    holds_until: Any = None
    longest: float = 60.0
    bounds: dict[str, int] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    counted: Counter[str] = field(default_factory=Counter)
    questions: list[Input] = field(default_factory=list)
    failing: bool = False

    def __post_init__(self) -> None:
        self.memo = Memo(
            self._ask,
            longest=self.longest,
            clock=self.clock,
            hit=lambda: self.counted.update(["hit"]),
            miss=lambda: self.counted.update(["miss"]),
            **self.bounds,
        )

    async def _ask(self, asked: Input) -> Decision:
        self.questions.append(asked)
        if self.failing:
            raise DecisionUnavailable("the engine is down")
        return decision(holds_until=self.holds_until, revision=str(len(self.questions)))

    async def at(self, time_ns: int, *models: str, caller: Caller | None = None) -> str:
        """Which answer a question at that time gets, by its number."""
        question = asking(*(models or ["gpt-4"]), caller=caller or ANY_KEY)
        request = dataclasses.replace(question.request, time_ns=time_ns)
        return (await self.memo.decide(dataclasses.replace(question, request=request))).revision


async def test_an_equal_question_has_the_answer_of_the_first() -> None:
    asked = Asked()
    assert [await asked.at(NOW), await asked.at(NOW), await asked.at(NOW + 10**15)] == ["1", "1", "1"]
    assert asked.counted == {"miss": 1, "hit": 2}


@pytest.mark.parametrize(
    "change",
    [{"blocked": True}, {"models": ["gpt-4o"]}, {"team_id": "t"}, {"metadata": {"a": 1}}, {"token": "1" * 64}],
    ids=str,
)
async def test_a_question_that_differs_in_anything_is_asked(change: dict[str, Any]) -> None:
    asked = Asked()
    before, after = Key(token="0" * 64), Key.model_validate({"token": "0" * 64} | change)
    assert await asked.at(NOW, caller=Caller(kind="key", key=before)) == "1"
    assert await asked.at(NOW, caller=Caller(kind="key", key=after)) == "2"
    assert await asked.at(NOW, "gpt-4o", caller=Caller(kind="key", key=before)) == "3"
    assert await asked.at(NOW, caller=Caller(kind="key", key=before)) == "1"


async def test_an_answer_holds_until_its_end() -> None:
    asked = Asked(holds_until=NOW + 10)
    assert [await asked.at(NOW), await asked.at(NOW + 9), await asked.at(NOW + 10)] == ["1", "1", "2"]


async def test_an_answer_whose_end_is_in_the_past_is_not_kept() -> None:
    for past in (0, NOW - 1, NOW):
        asked = Asked(holds_until=past)
        assert [await asked.at(NOW), await asked.at(NOW)] == ["1", "2"]


async def test_an_answer_says_nothing_of_the_time_before_its_question() -> None:
    asked = Asked()
    assert [await asked.at(NOW), await asked.at(NOW - 1)] == ["1", "2"]
    assert [await asked.at(NOW), await asked.at(NOW - 1)] == ["2", "2"]


async def test_an_answer_is_kept_for_no_longer_than_the_memo_keeps_any() -> None:
    asked = Asked(longest=1.0)
    assert await asked.at(NOW) == "1"
    asked.clock.forward(0.99)
    assert await asked.at(NOW) == "1"
    asked.clock.forward(0.01)
    assert await asked.at(NOW) == "2"


async def test_a_failure_is_not_kept_and_answers_nothing() -> None:
    asked = Asked(failing=True)
    with pytest.raises(DecisionUnavailable):
        await asked.at(NOW)
    asked.failing = False
    assert [await asked.at(NOW), await asked.at(NOW)] == ["2", "2"]
    asked.failing = True
    with pytest.raises(DecisionUnavailable):
        await asked.at(NOW, "gpt-4o")


async def test_of_too_many_answers_the_oldest_goes() -> None:
    asked = Asked(bounds={"most": 2})
    assert [await asked.at(NOW, model) for model in "abc"] == ["1", "2", "3"]
    assert [await asked.at(NOW, model) for model in "bca"] == ["2", "3", "4"]
    assert await asked.at(NOW, "b") == "5"


async def test_of_too_much_text_the_oldest_goes() -> None:
    asked = Asked(bounds={"most_bytes": 200_000})
    names = [f"{number}{'x' * 1000}" for number in range(200)]
    assert [await asked.at(NOW, name) for name in names] == [str(number) for number in range(1, 201)]
    assert await asked.at(NOW, names[-1]) == "200"
    assert await asked.at(NOW, names[0]) == "201"


async def test_one_that_would_drive_out_too_many_others_is_not_kept() -> None:
    asked = Asked(bounds={"most_bytes": 100_000})
    assert await asked.at(NOW, "a") == "1"
    assert [await asked.at(NOW, "x" * 3000), await asked.at(NOW, "x" * 3000)] == ["2", "3"]
    assert await asked.at(NOW, "a") == "1"


class Slow(Asked):
    """A memo of answers that are given when the test says so."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.was_asked, self.may_answer = asyncio.Event(), asyncio.Event()

    async def _ask(self, asked: Input) -> Decision:
        answer = await super()._ask(asked)
        self.was_asked.set()
        await self.may_answer.wait()
        return answer

    async def begun(self, *times: int) -> list[asyncio.Task[str]]:
        """Questions at these times, of which the engine has the first."""
        tasks = [asyncio.create_task(self.at(time)) for time in times]
        await self.was_asked.wait()
        return tasks


async def test_equal_questions_at_once_are_asked_once() -> None:
    asked = Slow()
    tasks = await asked.begun(NOW, NOW, NOW + 1)
    asked.may_answer.set()
    assert await asyncio.gather(*tasks) == ["1", "1", "1"]
    assert asked.counted == {"miss": 1, "hit": 2}


async def test_who_waited_for_an_answer_that_does_not_hold_asks_for_another() -> None:
    asked = Slow(holds_until=0)
    tasks = await asked.begun(NOW, NOW)
    asked.may_answer.set()
    assert sorted(await asyncio.gather(*tasks)) == ["1", "2"]


async def test_who_waited_for_one_that_left_asks_itself() -> None:
    asked = Slow()
    first, second = await asked.begun(NOW, NOW)
    first.cancel()
    asked.may_answer.set()
    assert await second == "2"


async def test_a_question_of_before_waits_for_none_that_is_asked_later() -> None:
    asked = Slow()
    tasks = await asked.begun(NOW, NOW - 1)
    asked.may_answer.set()
    assert await asyncio.gather(*tasks) == ["1", "2"]
