"""Drawn sequences of changes: with a memo each engine answers as it does without, whatever changed before."""

import dataclasses
import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

from engines.judges import Engines
from engines.scenarios import Scenario, scenarios
from engines.words import NOW, moment
from identity.clock import Clock
from modelward.contract import Caller, Input
from modelward.engine import Memo

pytestmark = pytest.mark.hypothesis

SEED = int(os.environ.get("MODELWARD_SEED") or (1 if settings().derandomize else random.randrange(2**32)))
_EXAMPLES = settings().max_examples // 4
_STEPS = 25
_HOUR_NS = 3_600_000_000_000
_EXPIRIES = [None, moment(NOW), moment(NOW) + timedelta(hours=1)]
_TIMES = [NOW - 1, NOW, NOW + 1, NOW + _HOUR_NS - 1, NOW + _HOUR_NS, NOW + 2 * _HOUR_NS]
_MODELS: list[list[str]] = [[], ["gpt-4"], ["*"]]


class Remembering:
    """Both engines, each with a memo of the catalogue that is in force."""

    def __init__(self, engines: Engines, counted: Counter[str]) -> None:
        self._engines = engines
        self._counted = counted
        self._clock = Clock()

    def take(self, scenario: Scenario) -> None:
        """Another config comes into force: another memo begins."""
        self._engines.take(scenario)
        engines = (self._engines.embedded.decide, self._engines.server.decide)
        self._memos = [
            Memo(
                decide,
                longest=1.0,
                clock=self._clock,
                hit=lambda: self._counted.update(["hit"]),
                miss=lambda: self._counted.update(["miss"]),
            )
            for decide in engines
        ]

    def assert_decides_alike(self, question: Input, seconds: float) -> None:
        """Asks with and without the memos; then `seconds` pass."""
        decision = self._engines.decide(question)
        for memo in self._memos:
            assert self._engines.runner.run(memo.decide(question)) == decision, self._engines.told(question)
        self._clock.forward(seconds)


@pytest.fixture(scope="module")
def counted(measures: list[str]) -> Iterator[Counter[str]]:
    """How often a memo knew the answer; printed at the end of the run."""
    tally: Counter[str] = Counter()
    yield tally
    measures.append(f"memo equality: seed {SEED}, {tally.total()} questions, {tally['hit']} of them known")


def test_a_memo_answers_as_its_engine_does(engines: Engines, counted: Counter[str]) -> None:
    """Whatever changes: the key's expiry, whether it is blocked, a list, the clock in both directions, the config."""

    @seed(SEED)
    @settings(
        max_examples=_EXAMPLES,
        phases=[Phase.generate],
        verbosity=Verbosity.quiet,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(scenarios(3), scenarios(3), st.randoms(use_true_random=True))
    def decide_alike(first: Scenario, second: Scenario, draws: Random) -> None:
        remembering = Remembering(engines, counted)
        questions = [*first.inputs, *second.inputs]
        for scenario in (first, second):
            remembering.take(scenario)
            for _ in range(_STEPS):
                remembering.assert_decides_alike(_changed(draws.choice(questions), draws), draws.choice([0, 0, 0, 0.6]))

    decide_alike()
    assert counted["hit"] > counted.total() // 10


def _changed(question: Input, draws: Random) -> Input:
    """The same question at some time, in half of all cases after a change of its key or its team."""
    request = dataclasses.replace(question.request, time_ns=draws.choice(_TIMES))
    caller = question.caller
    changed = draws.randrange(8)
    if caller.key is not None and changed < 3:
        changes: list[dict[str, Any]] = [
            {"expires": draws.choice(_EXPIRIES)},
            {"blocked": draws.choice([True, False])},
            {"models": draws.choice(_MODELS)},
        ]
        caller = _with(caller, key=caller.key.model_copy(update=changes[changed]))
    elif caller.team is not None and changed == 3:
        caller = _with(caller, team=caller.team.model_copy(update={"models": draws.choice(_MODELS)}))
    return dataclasses.replace(question, request=request, caller=caller)


def _with(caller: Caller, **records: Any) -> Caller:
    """A caller of its own: a copy would keep what was encoded of the first one."""
    return Caller(**{name: getattr(caller, name) for name in Caller.model_fields} | records)
