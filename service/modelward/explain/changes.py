"""The smallest set of changes that would allow a call, found by asking again with them made."""

from collections.abc import Awaitable, Callable
from typing import Literal

from modelward.contract import Catalog, Explanation, Input
from modelward.explain.judged import Judged, Places
from modelward.explain.report import Change
from modelward.explain.rules import rank, rule
from modelward.explain.situation import Situation
from modelward.explain.step import Step

ExplainBy = Callable[[Catalog, Input], Awaitable[Explanation]]
"""The explanation of a question by a catalogue, which need not be the one in force. Raises DecisionUnavailable."""

Outcome = Literal["allows", "refuses", "unknown"]
"""What a decision with all changes made says; `unknown` where the effect of one is."""

_ROUNDS = 5
_Steps = list[tuple[str, Step]]


async def find_changes(judged: Judged, explain_by: ExplainBy) -> tuple[list[Change], Outcome]:
    """One change for each rule that denies, and for each that denies once those are made; and what a decision with all
    of them made says. If it allows the call, none of them can be left out. Raises DecisionUnavailable."""
    start, steps, allowed = judged.situation, _Steps(), judged.explanation.decision.allow
    for _ in range(_ROUNDS):
        found = [each for each in _needed(judged) if not _among(each, steps)]
        if allowed or not found:
            break
        steps += found
        judged = await _again(start, steps, judged.places, explain_by)
        allowed = judged.explanation.decision.allow
    if allowed:
        steps = await _without_spare(start, steps, judged.places, explain_by)
    return [_change(name, step) for name, step in steps], _outcome(steps, allowed)


def _outcome(steps: _Steps, allowed: bool) -> Outcome:
    if not steps or any(step.edit is None for _, step in steps):
        return "unknown"
    return "allows" if allowed else "refuses"


def _needed(judged: Judged) -> _Steps:
    """A step for each rule that denies; those that change nothing any more, as another did the same, are left out."""
    steps, situation = _Steps(), judged.situation
    for name in sorted({reason.rule for reason in judged.explanation.decision.reasons}, key=rank):
        step = rule(name).remedy(Judged(situation, judged.explanation, judged.places), name)
        if step is None:
            continue
        changed = step.edit(situation) if step.edit else None
        if changed != situation:
            steps.append((name, step))
        situation = changed or situation
    return steps


def _among(found: tuple[str, Step], steps: _Steps) -> bool:
    return any((name, step.words) == (found[0], found[1].words) for name, step in steps)


async def _again(start: Situation, steps: _Steps, places: Places, explain_by: ExplainBy) -> Judged:
    situation = start
    for _, step in steps:
        situation = step.edit(situation) if step.edit else situation
    return Judged(situation, await explain_by(situation.catalog, situation.asked), places)


async def _without_spare(start: Situation, steps: _Steps, places: Places, explain_by: ExplainBy) -> _Steps:
    kept = steps
    for each in steps if len(steps) > 1 else ():
        fewer = [other for other in kept if other is not each]
        if fewer and (await _again(start, fewer, places, explain_by)).explanation.decision.allow:
            kept = fewer
    return kept


def _change(name: str, step: Step) -> Change:
    return Change(name, rule(name).layer, step.words, step.place, step.call)
