"""What a denial by a rule needs, by the name of the remedy that its METADATA gives, and where its list is declared."""

from collections.abc import Mapping

from modelward.contract import Rule
from modelward.explain.remedies import life, lists, missing, request, routes, tokens
from modelward.explain.situation import Judged, Remedy, id_of, place

DATABASE = "database"

REMEDIES: Mapping[str, Remedy] = {
    "activate": life.activate,
    "add_admin_route": routes.token_admin,
    "add_entry": request.entry,
    "add_key_route": routes.key,
    "add_models": lists.of_record,
    "add_models_to_owner_team": lists.owner_teams,
    "add_personal_models": lists.default_models,
    "add_proxy_route": routes.proxy,
    "add_role_models": lists.role,
    "add_role_route": routes.role,
    "add_scope_models": lists.scope,
    "add_team_route": routes.token_team,
    "ask_as_admin": routes.admin_only,
    "change_role": life.full_role,
    "claim_email": tokens.email,
    "claim_role": tokens.role,
    "claim_team": tokens.team_claim,
    "configure_provider": request.provider,
    "create_organization": missing.organization,
    "create_project": missing.project,
    "create_team": missing.team,
    "create_token_team": missing.token_team,
    "create_token_user": missing.token_user,
    "drop_team_header": tokens.team_header,
    "drop_team_id": request.own_team,
    "map_client": tokens.client,
    "mend_claimed_team": tokens.team_choice,
    "name_one_model": request.one_name,
    "renew": life.renew,
    "resend": request.form,
    "unblock": life.unblock,
}


def remedy(rule: Rule) -> Remedy:
    """What a denial by `rule` needs; of a rule that names no remedy nothing is known but its own advice."""
    return REMEDIES.get(rule.remedy or "", request.unknown_rule)


def declared(judged: Judged, rule: Rule) -> str | None:
    """Where the list that `rule` reads lies, `None` if in no single place."""
    if rule.record == "role":
        return judged.places.get(("role", judged.role or ""))
    if rule.record == "scope":
        return _scope_place(judged)
    record = judged.record(rule)
    return place(record, judged.places) or DATABASE if record is not None and id_of(record) else None


def _scope_place(judged: Judged) -> str | None:
    held = judged.token.scopes if judged.token else []
    scopes = (mapping.scope for mapping in judged.situation.catalog.tokens.scopes if mapping.scope in held)
    return next((place for scope in scopes if (place := judged.places.get(("scope", scope)))), None)
