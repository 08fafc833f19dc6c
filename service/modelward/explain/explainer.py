"""The smallest set of changes that would allow a call, found by asking again with them made."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from modelward.contract import Caller, Catalog, Customer, Explanation, Input, Request, Rule
from modelward.explain.callers import Callers, FoundCaller
from modelward.explain.past import compared, unjudged, unlogged
from modelward.explain.report import NOT_JUDGED, CallerShown, Change, LayerShown, Logged, Question, ReasonShown, Report
from modelward.explain.rules import declared, remedy_of, with_chosen_team
from modelward.explain.situation import JudgedSituation, Places, Situation, Step

ExplainBy = Callable[[Catalog, Input], Awaitable[Explanation]]
"""The explanation of a question by a catalogue, which need not be the one in force. Raises DecisionUnavailable."""

RuleOutcome = Literal["allows", "refuses", "unknown"]
"""What a decision with all changes made says; `unknown` where the effect of one is."""

_ROUNDS = 5
_Steps = list[tuple[Rule, Step]]
Rules = Mapping[str, Rule]
"""By name, in the order of their refusals."""


def _outcome(steps: _Steps, allowed: bool) -> RuleOutcome:
    if not steps or any(step.edit is None for _, step in steps):
        return "unknown"
    return "allows" if allowed else "refuses"


def _needed(judged: JudgedSituation, rules: Rules) -> _Steps:
    """A step for each rule that denies; those that change nothing any more, as another did the same, are left out."""
    steps, situation = _Steps(), judged.situation
    for rule in _in_order(rules, {reason.rule for reason in judged.explanation.decision.reasons}):
        step = remedy_of(rule)(replace(judged, situation=situation), rule)
        if step is None:
            continue
        changed = step.edit(situation) if step.edit else None
        if changed != situation:
            steps.append((rule, step))
        situation = changed or situation
    return steps


def _in_order(rules: Rules, names: Iterable[str]) -> list[Rule]:
    """These rules, the first refusal first; one that only the engine knows comes last."""
    wanted = set(names)
    return [rules[name] for name in rules if name in wanted] + [Rule(name=name) for name in sorted(wanted - set(rules))]


def _among(found: tuple[Rule, Step], steps: _Steps) -> bool:
    return any((rule.name, step.words) == (found[0].name, found[1].words) for rule, step in steps)


def _change(rule: Rule, step: Step) -> Change:
    return Change(rule.name, rule.layer, step.words, step.place, step.call)


def _made(steps: _Steps, situation: Situation) -> Situation:
    for _, step in steps:
        situation = step.edit(situation) if step.edit else situation
    return situation


RequestOf = Callable[[str, str, Sequence[str], int], Request]
"""The request that a method, a path, models and a time (nanoseconds) make. Raises NotFound for an unknown route."""


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains decisions by `catalog`. Its methods raise StoreUnavailable, DecisionUnavailable, and Refused for a
    question that makes no sense."""

    catalog: Catalog
    rules: Rules
    places: Places
    callers: Callers
    request_of: RequestOf
    explain_by: ExplainBy

    async def answer(self, asked: Question, time_ns: int) -> Report:
        """What is decided on the question at that time (nanoseconds since the epoch)."""
        request = self.request_of(asked.method, asked.path, asked.asked_models, time_ns)
        found = await self.callers.find(asked, time_ns)
        return await self._report(found, request, asked.customer_id)

    async def compare(self, logged: Logged) -> Report:
        """What was decided then, and what is decided on the same question now, as of the time it was asked."""
        request = self.request_of(logged.method, logged.path, logged.models, logged.time_ns)
        now = await self._report(await self._caller_of(logged), request, logged.customer)
        why = unlogged(logged, request.operation)
        return compared(logged, now if why is None else unjudged(now, why))

    async def _caller_of(self, logged: Logged) -> FoundCaller:
        known = logged.caller
        if known is None:
            return FoundCaller(None, [ReasonShown(NOT_JUDGED, "the request named no caller that is known")])
        if known.kind == "master":
            return FoundCaller(Caller(kind="master"))
        if known.key is not None:
            return await self.callers.of_hash(known.key, logged.models)
        if known.team is None and known.user is None:
            return FoundCaller(None, [ReasonShown(NOT_JUDGED, "a token's claims are not logged: ask again with them")])
        found = await self.callers.made_up(known.team, known.user)
        note = "the layers are those of a key of the token's team and user, without its role and scopes"
        return replace(found, notes=[note, *found.notes])

    async def _report(self, found: FoundCaller, request: Request, customer_id: str | None) -> Report:
        notes, customer = list(found.notes), await self._customer(customer_id)
        if customer_id is not None and customer is None:
            notes.append(f"customer `{customer_id}` has no record, and so no limit of its own")
        report = Report(
            allow=False,
            reasons=found.refusals,
            request=f"{request.method} {request.path}",
            models=request.models,
            caller=None,
            revision=self.catalog.revision,
            changes=found.changes,
            notes=notes,
        )
        if found.caller is None:
            return report
        return await self._judged(report, Input(request, found.caller, customer))

    async def _judged(self, report: Report, asked: Input) -> Report:
        judged = await self._judge(Situation(asked, self.catalog))
        steps, outcome = await self._steps(judged)
        decision = judged.explanation.decision
        return replace(
            report,
            allow=decision.allow and not report.reasons,
            reasons=[*report.reasons, *(ReasonShown(each.rule, each.message) for each in decision.reasons)],
            caller=_shown(asked.caller, judged.explanation),
            revision=decision.revision,
            layers=_layers(judged, self.rules),
            changes=[*report.changes, *(_change(rule, step) for rule, step in steps)],
            tried=outcome != "unknown" and not report.reasons,
            verified=outcome == "allows" and not report.reasons,
        )

    async def _steps(self, judged: JudgedSituation) -> tuple[_Steps, RuleOutcome]:
        """One step for each rule that denies, and for each that denies once those are made; and what a decision with
        all of them made says. If it allows the call, none of them can be left out."""
        start, steps, allowed = judged.situation, _Steps(), judged.explanation.decision.allow
        for _ in range(_ROUNDS):
            found = [each for each in _needed(judged, self.rules) if not _among(each, steps)]
            if allowed or not found:
                break
            steps += found
            judged = await self._judge(_made(steps, start))
            allowed = judged.explanation.decision.allow
        if allowed:
            steps = await self._without_spare(start, steps)
        return steps, _outcome(steps, allowed)

    async def _judge(self, situation: Situation) -> JudgedSituation:
        explanation = await self.explain_by(situation.catalog, situation.asked)
        judged, chosen = JudgedSituation(situation, explanation, self.places), with_chosen_team(situation)
        if chosen is None or all(each.rule != "token_team_choice" for each in explanation.decision.reasons):
            return judged
        of_team = JudgedSituation(chosen, await self.explain_by(chosen.catalog, chosen.asked), self.places)
        return replace(judged, of_team=of_team)

    async def _without_spare(self, start: Situation, steps: _Steps) -> _Steps:
        kept = steps
        for each in steps if len(steps) > 1 else ():
            fewer = [other for other in kept if other is not each]
            if fewer and (await self._judge(_made(fewer, start))).explanation.decision.allow:
                kept = fewer
        return kept

    async def _customer(self, customer_id: str | None) -> Customer | None:
        found = await self.callers.subjects.named_customers([customer_id]) if customer_id else []
        return found[0] if found else None


def _layers(judged: JudgedSituation, rules: Rules) -> list[LayerShown]:
    """The rules that took part, in the order of A4: those that deny, or cover a model."""
    layers = judged.explanation.layers
    part = [name for name, layer in layers.items() if layer.denials or layer.grants]
    return [_layer(judged, rule) for rule in _in_order(rules, part)]


def _layer(judged: JudgedSituation, rule: Rule) -> LayerShown:
    layer = judged.explanation.layers[rule.name]
    return LayerShown(
        rule=rule.name,
        layer=rule.layer,
        verdict="denies" if layer.denials else "allows",
        covered=layer.grants,
        list=None if layer.list is None else [item for item in layer.list if item],
        place=declared(judged, rule),
        messages=layer.denials,
    )


def _shown(caller: Caller, explanation: Explanation) -> CallerShown:
    subject, key = explanation.decision.subject, caller.key
    return CallerShown(
        kind=caller.kind,
        key=(key.token or None) if key else None,
        key_alias=key.key_alias if key else None,
        team_id=subject.team_id,
        user_id=subject.user_id,
        role=subject.role or (caller.user.user_role if caller.user else None),
    )
