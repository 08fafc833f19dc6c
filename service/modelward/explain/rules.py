"""What a denial by a rule needs, by the name of the remedy that its METADATA gives, and where its list is declared."""

from collections.abc import Mapping

from modelward.contract import Rule, RuleRemedy
from modelward.explain.remedies import config, records, sender
from modelward.explain.situation import JudgedSituation, Remedy, Situation, Step, id_of

DATABASE = "database"


def with_chosen_team(situation: Situation) -> Situation | None:
    """The same with a token that asks for the first team that it claims and that is there and not blocked."""
    token, known = situation.caller.token, situation.caller.records
    claimed = [known.teams[id_] for id_ in token.team_ids if id_ in known.teams] if token and known else []
    open_ = next((team for team in claimed if not team.blocked), None)
    if open_ is None:
        return None
    return situation.changed(lambda _: open_.team_id, "asked", "caller", "token", "chosen_team_id")


def mend_claimed_team(judged: JudgedSituation, rule: Rule) -> Step | None:
    """None of the claimed teams may make the call (R7): the first one that is there gets what it lacks."""
    token, known = judged.token, judged.situation.caller.records
    if token is None or known is None or not token.team_ids:
        return Step("get a token from its issuer that claims a team", None)
    there = [known.teams[id_] for id_ in token.team_ids if id_ in known.teams]
    if not there:
        return records.team_of_token(judged, token.team_ids[0])
    if judged.of_team is None or judged.of_team.team is None:
        return records.unblocked(judged, there[0])
    lacking = judged.of_team.uncovered("team_model_access")
    return records.adding(judged, judged.of_team.team, lacking) if lacking else config.add_team_route(judged, rule)


def see_rule(judged: JudgedSituation, rule: Rule) -> Step | None:
    """A rule that names no remedy: what it needs is written in its METADATA or in the rule itself."""
    return Step(f"see rule `{rule.name}` in the policies: {rule.advice or 'what it needs is not known here'}", None)


REMEDIES: Mapping[RuleRemedy, Remedy] = {
    "activate": records.activate,
    "add_admin_route": config.add_admin_route,
    "add_entry": config.add_entry,
    "add_key_route": records.add_key_route,
    "add_models": records.add_models,
    "add_models_to_owner_team": records.add_models_to_owner_team,
    "add_personal_models": records.add_personal_models,
    "add_proxy_route": config.add_proxy_route,
    "add_role_models": config.add_role_models,
    "add_role_route": config.add_role_route,
    "add_scope_models": config.add_scope_models,
    "add_team_route": config.add_team_route,
    "ask_as_admin": sender.ask_as_admin,
    "change_role": records.change_role,
    "claim_email": sender.claim_email,
    "claim_role": sender.claim_role,
    "claim_team": sender.claim_team,
    "configure_provider": config.configure_provider,
    "create_organization": records.create_organization,
    "create_project": records.create_project,
    "create_team": records.create_team,
    "create_token_team": records.create_token_team,
    "create_token_user": records.create_token_user,
    "drop_team_header": sender.drop_team_header,
    "drop_team_id": sender.drop_team_id,
    "map_client": sender.map_client,
    "mend_claimed_team": mend_claimed_team,
    "name_one_model": sender.name_one_model,
    "renew": records.renew,
    "resend": sender.resend,
    "unblock": records.unblock,
}


def remedy_of(rule: Rule) -> Remedy:
    """What a denial by `rule` needs."""
    return see_rule if rule.remedy is None else REMEDIES[rule.remedy]


def declared(judged: JudgedSituation, rule: Rule) -> str | None:
    """Where the list that `rule` reads is, `None` if in no single place."""
    if rule.record == "role":
        return judged.places.get(("role", judged.role))
    if rule.record == "scope":
        scopes = judged.token.scopes if judged.token else []
        mapped = (each.scope for each in judged.situation.catalog.tokens.scopes if each.scope in scopes)
        return next((place for scope in mapped if (place := judged.places.get(("scope", scope)))), None)
    record = judged.record(rule)
    return judged.place(record) or DATABASE if record is not None and id_of(record) else None
