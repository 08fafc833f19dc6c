"""What is known of each rule: its layer, the record whose list it reads, and what a denial needs."""

from collections.abc import Callable
from dataclasses import dataclass

from modelward.explain.remedies import life, lists, missing, request, routes, tokens
from modelward.explain.situation import Holder, Judged, Remedy, id_of, place

DATABASE = "database"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. `declared` says where the list that the rule reads lies, `None` if in no single place."""

    layer: str
    remedy: Remedy
    declared: Callable[[Judged], str | None] = lambda _: None


def _record(holder: Holder) -> Callable[[Judged], str | None]:
    def declared(judged: Judged) -> str | None:
        record = holder(judged)
        return place(record, judged.places) or DATABASE if record is not None and id_of(record) else None

    return declared


def _list(layer: str, holder: Holder) -> Rule:
    return Rule(layer, lists.list_of(holder), _record(holder))


def _role_place(judged: Judged) -> str | None:
    return judged.places.get(("role", judged.role or ""))


def _scope_place(judged: Judged) -> str | None:
    held = judged.token.scopes if judged.token else []
    scopes = (mapping.scope for mapping in judged.situation.catalog.tokens.scopes if mapping.scope in held)
    return next((place for scope in scopes if (place := judged.places.get(("scope", scope)))), None)


_KEY = _record(lambda judged: judged.key)
_TEAM = _record(lambda judged: judged.team)
_USER = _record(lambda judged: judged.user)
_CUSTOMER = _record(lambda judged: judged.situation.asked.customer)
_PROJECT = _record(lambda judged: judged.project)

RULES: dict[str, Rule] = {
    "rule_malformed": Rule("policy", request.unknown_rule),
    "proxy_routes": Rule("route", routes.proxy),
    "well_formed": Rule("request", request.form),
    "token_form": Rule("token", request.unknown_rule),
    "token_client": Rule("token", tokens.client),
    "token_role": Rule("token", tokens.role),
    "token_admin_routes": Rule("route", routes.token_admin),
    "token_team_header": Rule("token", tokens.team_header),
    "token_team_claim": Rule("token", tokens.team_claim),
    "token_team_exists": Rule("team", missing.token_team),
    "token_team_choice": Rule("team", tokens.team_choice),
    "token_team_routes": Rule("route", routes.token_team),
    "token_email": Rule("token", tokens.email),
    "token_user": Rule("user", missing.token_user),
    "token_mapped": Rule("token", tokens.role),
    "admin_only": Rule("route", routes.admin_only),
    "key_active": Rule("key", life.unblock(lambda judged: judged.key), _KEY),
    "key_model_access": _list("key", lambda judged: judged.key),
    "key_expiry": Rule("key", life.renew, _KEY),
    "key_routes": Rule("key", routes.key, _KEY),
    "team_exists": Rule("team", missing.team),
    "team_active": Rule("team", life.unblock(lambda judged: judged.team), _TEAM),
    "team_model_access": _list("team", lambda judged: judged.team),
    "listing_team": Rule("team", request.own_team),
    "member_model_access": _list("member", lambda judged: judged.member),
    "user_active": Rule("user", life.activate, _USER),
    "user_role": Rule("user", life.full_role, _USER),
    "user_default_models": Rule("user", lists.default_models, _USER),
    "user_model_access": _list("user", lambda judged: judged.user),
    "user_team_models": Rule("user", lists.owner_teams),
    "customer_active": Rule("customer", life.unblock(lambda judged: judged.situation.asked.customer), _CUSTOMER),
    "customer_model_access": _list("customer", lambda judged: judged.situation.asked.customer),
    "project_exists": Rule("project", missing.project),
    "project_active": Rule("project", life.unblock(lambda judged: judged.project), _PROJECT),
    "project_model_access": _list("project", lambda judged: judged.project),
    "org_exists": Rule("org", missing.organization),
    "org_model_access": _list("org", lambda judged: judged.organization),
    "team_org_model_access": _list("org", lambda judged: judged.team_organization),
    "role_model_access": Rule("role", lists.role, _role_place),
    "role_routes": Rule("role", routes.role, _role_place),
    "scope_model_access": Rule("scope", lists.scope, _scope_place),
    "no_grant": Rule("policy", request.unknown_rule),
    "names_agree": Rule("request", request.one_name),
    "model_known": Rule("catalogue", request.entry),
    "provider_not_spoken": Rule("catalogue", request.provider),
    "provider_not_configured": Rule("catalogue", request.provider),
}
"""By rule name, in the order of A4 and A6."""

_MASTER = Rule("master key", request.unknown_rule)
_OWN = Rule("policy", request.unknown_rule)


def rule(name: str) -> Rule:
    """What is known of a rule; little of one that a policy author added (L10)."""
    return _MASTER if name == "master_key" else RULES.get(name, _OWN)


def rank(name: str) -> tuple[int, str]:
    """Where a rule stands in the order; rules of one's own come after all others."""
    names = list(RULES)
    return (names.index(name) if name in RULES else len(names), name)
