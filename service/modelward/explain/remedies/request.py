"""What is wrong with the request itself, or with the catalogue it is asked of."""

from dataclasses import replace

from modelward.contract import Entry, Rule
from modelward.explain.situation import Judged, Situation, Step, quoted


def form(judged: Judged, rule: Rule) -> Step | None:
    """A request that cannot be read, or names no model: no grant helps (M2-M5)."""
    return Step("send another request: as long as its form is wrong, no change here allows it", None)


def one_name(judged: Judged, rule: Rule) -> Step | None:
    """Two places name different models (M2)."""
    words = "name the same model in every place of the request"
    return Step(words, lambda situation: situation.with_request(lambda request: replace(request, differ=False)))


def own_team(judged: Judged, rule: Rule) -> Step | None:
    """A listing for somebody else's team (V2)."""
    words = "leave `team_id` out of the query"
    return Step(words, lambda situation: situation.with_request(lambda request: replace(request, record=None)))


def entry(judged: Judged, rule: Rule) -> Step | None:
    """A model that the catalogue does not have (E2)."""
    known = judged.explanation.decision.targets
    models = [model for model in judged.request.models if model not in known]
    own = dict(zip(judged.request.models, judged.names, strict=True))
    names = list(dict.fromkeys(own[model] for model in models))

    def edit(situation: Situation) -> Situation:
        common = situation.catalog.common
        added = {name: Entry(deployments={"added": {}}) for name in names}
        return situation.with_catalog(common=common.model_copy(update={"entries": {**common.entries, **added}}))

    return Step(f"add {quoted(names)} to `model_list`, or ask for a model that is there", edit) if names else None


def provider(judged: Judged, rule: Rule) -> Step | None:
    """A model whose deployments take no calls (E5)."""
    targets = judged.explanation.decision.targets
    models = [model for model in judged.request.models if model in targets and not targets[model].deployments]
    setting = "`api_base`" if rule.name == "provider_not_spoken" else "`api_key`, or `api_base`,"

    def edit(situation: Situation) -> Situation:
        common = situation.catalog.common
        names = {targets[model].entry for model in models}
        served = {name: _in_service(entry) for name, entry in common.entries.items() if name in names}
        return situation.with_catalog(common=common.model_copy(update={"entries": {**common.entries, **served}}))

    words = f"set {setting} in `litellm_params` of {quoted(models)}; `modelward check` names the place"
    return Step(words, edit) if models else None


def _in_service(entry: Entry) -> Entry:
    served = {id_: each.groups for id_, each in entry.out_of_service.items()}
    return entry.model_copy(update={"deployments": entry.deployments | served, "out_of_service": {}})


def unknown_rule(judged: Judged, rule: Rule) -> Step | None:
    """A rule that names no remedy: what it needs is written in its METADATA or in the rule itself."""
    return Step(f"see rule `{rule.name}` in the policies: {rule.advice or 'what it needs is not known here'}", None)
