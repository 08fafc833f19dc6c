"""Drawn questions: both engines give the same decision, and the naive model agrees (sections 3 to 6, V1)."""

import dataclasses
import os
import random
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

from engines.drawn_configs import reachable
from engines.judges import Engines
from engines.naive import Naive, Verdict
from engines.naive_order import OF_THE_MODELS
from engines.scenarios import Scenario, scenarios
from modelward.contract import Decision, Input

pytestmark = pytest.mark.hypothesis

SEED = int(os.environ.get("MODELWARD_SEED") or (1 if settings().derandomize else random.randrange(2**32)))
_CATALOGUES = settings().max_examples
_QUESTIONS = 30
_LISTED_CATALOGUES = _CATALOGUES // 2

# A failure names its question and config, so nothing is gained by the minutes that shrinking takes.
drawn = settings(
    max_examples=_CATALOGUES,
    phases=[Phase.generate],
    verbosity=Verbosity.quiet,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def tally(measures: list[str]) -> Iterator[Counter[bool]]:
    """How many questions were allowed and refused; printed at the end of the run."""
    counted: Counter[bool] = Counter()
    yield counted
    total = counted.total()
    measures.append(f"engine equality: seed {SEED}, {total} questions, {counted[True] / (total or 1):.0%} allowed")


def test_both_engines_and_the_naive_model_decide_alike(engines: Engines, tally: Counter[bool]) -> None:
    """Equal in every field, and all but the grants and the reasons' words is the naive model's too."""

    @seed(SEED)
    @drawn
    @given(scenarios(_QUESTIONS))
    def decide_alike(scenario: Scenario) -> None:
        engines.take(scenario)
        naive = Naive(scenario.config)
        for question in scenario.inputs:
            decision = engines.decide(question)
            tally[decision.allow] += 1
            _assert_agrees(naive.decide(question), decision, engines.told(question))
            assert decision.revision == engines.catalog.revision

    decide_alike()
    assert tally.total() >= 25 * _CATALOGUES
    assert 0.2 < tally[True] / tally.total() < 0.75


def _assert_agrees(verdict: Verdict, decision: Decision, told: str) -> None:
    rules = tuple(dict.fromkeys(reason.rule for reason in decision.reasons))
    assert (decision.allow, rules) == (verdict.allow, verdict.refusals), told
    subject = decision.subject
    assert (subject.team_id, subject.user_id, subject.role) == verdict.subject, told
    assert ((subject.owner.kind, subject.owner.id) if subject.owner else None) == verdict.owner, told
    shows = decision.shows
    assert (shows.everything, shows.key_hash, shows.user_id) == verdict.shows, told
    assert decision.holds_until == verdict.holds_until, told
    if decision.allow:
        assert frozenset(decision.places) == verdict.places, told
        targets = {
            name: (target.entry, target.model, frozenset(target.deployments))
            for name, target in decision.targets.items()
        }
        assert targets == verdict.targets, told


def test_a_listing_is_what_the_gate_allows(engines: Engines, measures: list[str]) -> None:
    """V1: for every name of the catalogue, listed if and only if the same caller's call is allowed by the lists."""

    tally: Counter[bool] = Counter()

    @seed(SEED)
    @settings(drawn, max_examples=_LISTED_CATALOGUES)
    @given(scenarios(5))
    def list_what_is_allowed(scenario: Scenario) -> None:
        engines.take(scenario)
        naive = Naive(scenario.config)
        for question in scenario.inputs:
            asked = _listing(question)
            if not engines.decide(asked).allow:  # V2: the listing itself is refused then, not emptied
                continue
            listed = engines.list(asked).models
            tally[bool(listed)] += 1
            assert len(listed) == len(set(listed))
            names = naive.visible(asked)
            call = question if naive.judges_models_alike_on_every_route(question) else asked
            allowed = {name for name in names if _allowed_by_the_lists(engines, call, name)}
            assert set(listed) == allowed == naive.listed(asked), engines.told(asked)

    list_what_is_allowed()
    measures.append(f"listing equality: seed {SEED}, {tally.total()} listings, {tally[False]} of them empty")
    assert tally[True] >= _LISTED_CATALOGUES // 2


def test_all_that_is_reached_at_once_is_what_the_gate_allows_one_by_one(engines: Engines, measures: list[str]) -> None:
    """For every name that means anything here or to the caller, and the deployments that may serve it."""
    tally: Counter[bool] = Counter()

    @seed(SEED)
    @settings(drawn, max_examples=_LISTED_CATALOGUES)
    @given(scenarios(4))
    def reach_what_is_allowed(scenario: Scenario) -> None:
        engines.take(scenario)
        naive = Naive(scenario.config)
        for question in scenario.inputs:
            names = sorted({*reachable(scenario.config), *naive.visible(question), *question.request.models})
            reach = engines.reach(_asking(names, question))
            decisions = {name: engines.decide(_asking([name], question)) for name in names}
            allowed = {name: decision for name, decision in decisions.items() if decision.allow}
            tally.update(name in allowed for name in names)
            served = {name: sorted(decision.targets[name].deployments) for name, decision in allowed.items()}
            assert reach.deployments == served, engines.told(question)

    reach_what_is_allowed()
    measures.append(f"reach equality: seed {SEED}, {tally.total()} names, {tally[True] / tally.total():.0%} reached")
    assert tally[True] >= _LISTED_CATALOGUES


def _asking(names: list[str], question: Input) -> Input:
    return dataclasses.replace(question, request=dataclasses.replace(question.request, models=names))


def _listing(question: Input) -> Input:
    request = dataclasses.replace(
        question.request,
        method="GET",
        path="/v1/models",
        route="/v1/models",
        operation="list",
        calls=["/openai/deployments/{model}/chat/completions", "/v1/chat/completions"],
        groups=["openai_routes", "llm_api_routes", "info_routes"],
        segments=[["", "v1", "models"]],
        models=[],
        differ=False,
        problem="",
        fallback=False,
    )
    return dataclasses.replace(question, request=request)


def _allowed_by_the_lists(engines: Engines, question: Input, name: str) -> bool:
    request = dataclasses.replace(question.request, models=[name], fallback=False)
    decision = engines.decide(dataclasses.replace(question, request=request))
    if OF_THE_MODELS & {reason.rule for reason in decision.reasons}:
        return False
    # What has no deployment is only said of a call that no rule denies; this one may be refused for its route.
    return bool(decision.targets[name].deployments)
