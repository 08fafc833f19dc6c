"""The smallest set of changes that would allow a call, found by asking again with them made."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from modelward.contract import Catalog, Explanation, Input, Request, Rule
from modelward.contract.facts import nanoseconds
from modelward.explain.callers import Callers, FoundCaller, change_for
from modelward.explain.case import Case, Judged
from modelward.explain.past import compared, unlogged
from modelward.explain.remedies import remedy_for, with_chosen_team
from modelward.explain.report import CallerShown, Change, LayerShown, Logged, Question, Report
from modelward.identity.callers import MASTER

ExplainBy = Callable[[Catalog, Input], Awaitable[Explanation]]
"""The explanation of a question by a catalogue, which need not be the one in force. Raises DecisionUnavailable."""

RequestOf = Callable[[str, str, Sequence[str], int], Request]
"""The request that a method, a path, models and a time (nanoseconds) make. Raises NotFound for an unknown route."""

_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains decisions by `catalog`; `rules` are by name, in the order of their refusals, and `places` say where the
    config declares what. Its methods raise StoreUnavailable, DecisionUnavailable, and Refused for a question that makes
    no sense."""

    catalog: Catalog
    rules: Mapping[str, Rule]
    places: Mapping[tuple[str, str], str]
    callers: Callers
    request_of: RequestOf
    explain_by: ExplainBy

    async def answer(self, asked: Question, time_ns: int) -> Report:
        """What is decided on the question at that time (nanoseconds since the epoch)."""
        method, space, _ = asked.route.partition(" ")
        models = asked.models if asked.model is None else [asked.model]
        path = asked.route.rpartition(" ")[2]
        request = self.request_of(method.upper() if space else "POST", path, models, time_ns)
        return await self._report(await self.callers.find(asked, time_ns), request, asked.customer_id)

    async def compare(self, logged: Logged) -> Report:
        """What was decided then, and what is decided on the same question now, as of the time it was asked."""
        request = self.request_of(logged.method, logged.path, logged.models, nanoseconds(logged.time))
        now = await self._report(await self._logged(logged), request, logged.customer)
        return compared(logged, now, unlogged(logged, request.operation))

    async def _logged(self, logged: Logged) -> FoundCaller:
        known = logged.caller
        if known is not None and known.kind == "master":
            return FoundCaller(MASTER)
        if known is not None and known.key is not None:
            return await self.callers.of_hash(known.key)
        if known is None or (known.team is None and known.user is None):
            return FoundCaller(None)
        found = await self.callers.made_up(known.team, known.user)
        note = "the layers are those of a key of the token's team and user, without its role and scopes"
        return replace(found, notes=[note, *found.notes])

    async def _report(self, found: FoundCaller, request: Request, customer_id: str | None) -> Report:
        customer = await self.callers.store.customer(customer_id) if customer_id else None
        notes = [*found.notes]
        if customer_id and customer is None:
            notes.append(f"customer `{customer_id}` has no record, and so no limit of its own")
        report = Report(
            allow=False,
            reasons=[*found.refusals],
            request=f"{request.method} {request.path}",
            models=request.models,
            caller=None,
            revision=self.catalog.revision,
            changes=[change_for(refusal, request.models) for refusal in found.refusals],
            notes=notes,
        )
        if found.caller is None:
            return report
        asked = Input(request, found.caller, customer)
        return await self._judged(report, await self._judge(Case(asked, self.catalog)))

    async def _judged(self, report: Report, judged: Judged) -> Report:
        changes, allowed = await self._changes(judged)
        tried = bool(changes) and all(each.edit for each in changes) and not report.reasons
        caller, decision = judged.caller, judged.explanation.decision
        shown = CallerShown(
            kind=caller.kind,
            key=(caller.key.token or None) if caller.key else None,
            key_alias=caller.key.key_alias if caller.key else None,
            team_id=decision.subject.team_id,
            user_id=decision.subject.user_id,
            role=decision.subject.role or (caller.user.user_role if caller.user else None),
        )
        return replace(
            report,
            allow=decision.allow and not report.reasons,
            reasons=[*report.reasons, *decision.reasons],
            caller=shown,
            revision=decision.revision,
            layers=self._layers(judged),
            changes=[*report.changes, *changes],
            tried=tried,
            verified=tried and allowed,
        )

    def _layers(self, judged: Judged) -> list[LayerShown]:
        """The rules that took part, in the order of A4: those that deny, or cover a model."""
        layers = {name: each for name, each in judged.explanation.layers.items() if each.denials or each.grants}
        return [
            LayerShown(
                rule=rule.name,
                layer=rule.layer,
                verdict="denies" if layers[rule.name].denials else "allows",
                covered=layers[rule.name].grants,
                list=None if (items := layers[rule.name].list) is None else [item for item in items if item],
                place=judged.declared(rule),
                messages=layers[rule.name].denials,
            )
            for rule in self._in_order(layers)
        ]

    def _in_order(self, names: Iterable[str]) -> list[Rule]:
        """These rules, the first refusal first; one that only the engine knows comes last."""
        places = {name: place for place, name in enumerate(self.rules)}
        wanted = sorted(set(names), key=lambda name: (places.get(name, len(places)), name))
        return [self.rules.get(name) or Rule(name=name) for name in wanted]

    async def _changes(self, judged: Judged) -> tuple[list[Change], bool]:
        """One change for each rule that denies, and for each that denies once those are made; and whether a decision
        with all of them made allows the call. If it does, none of them can be left out."""
        case, changes = judged.case, list[Change]()
        for _ in range(_ROUNDS):
            known = {(each.rule, each.words) for each in changes}
            found = [each for each in self._needed(judged) if (each.rule, each.words) not in known]
            if not found:
                break
            changes += found
            judged = await self._judge(_made(changes, case))
        allowed = judged.explanation.decision.allow
        for each in list(changes) if allowed else ():
            fewer = [other for other in changes if other is not each]
            if fewer and (await self._judge(_made(fewer, case))).explanation.decision.allow:
                changes = fewer
        return changes, allowed

    def _needed(self, judged: Judged) -> list[Change]:
        """A change for each rule that denies; one that changes nothing any more, as another did the same, is left
        out."""
        changes, case = list[Change](), judged.case
        for rule in self._in_order(reason.rule for reason in judged.explanation.decision.reasons):
            change = remedy_for(replace(judged, case=case), rule)
            changed = change.edit(case) if change and change.edit else None
            if change is not None and changed != case:
                changes.append(replace(change, rule=rule.name, layer=rule.layer))
            case = changed or case
        return changes

    async def _judge(self, case: Case) -> Judged:
        judged = Judged(case, await self.explain_by(case.catalog, case.asked), self.places)
        chosen = with_chosen_team(case)
        if chosen is None or all(each.rule != "token_team_choice" for each in judged.explanation.decision.reasons):
            return judged
        of_team = Judged(chosen, await self.explain_by(chosen.catalog, chosen.asked), self.places)
        return replace(judged, of_team=of_team)


def _made(changes: Iterable[Change], case: Case) -> Case:
    for change in changes:
        case = change.edit(case) if change.edit else case
    return case
