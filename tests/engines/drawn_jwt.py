"""Drawn settings for tokens (section 7)."""

from typing import Any

from engines.drawn import Draws
from engines.words import ROLES, ROUTE_ITEMS, SCOPES, TEAM_IDS, UNKNOWN_TEAM

Words = dict[str, Any]
_INTERNAL = ["team", "internal_user", "proxy_admin"]
_FIELDS = {"team_id": 35, "team_alias": 10, "team_ids": 30, "user_id": 75, "user_email": 40, "org_id": 20}


def jwt_settings(draws: Draws, words: list[str]) -> Words:
    """`litellm_jwtauth` and `role_permissions`."""
    jwt: Words = {**_fields(draws), **_switches(draws), **_routes(draws)}
    if draws.rarely(20):
        jwt["enforce_scope_based_access"] = True
        jwt["scope_mappings"] = [_scope_mapping(draws, words) for _ in range(draws.number(1, 3))]
    settings: Words = {"litellm_jwtauth": jwt}
    if draws.rarely(75):
        roles = draws.different(_INTERNAL, 3, least=2)
        settings["role_permissions"] = [_permission(draws, role, words) for role in roles]
    return settings


def _fields(draws: Draws) -> Words:
    """Where the facts of a token lie, with the settings that R10 demands beside them."""
    fields: Words = {f"{fact}_jwt_field": fact for fact, percent in _FIELDS.items() if draws.rarely(percent)}
    if draws.rarely(20):
        fields["team_id_default"] = draws.pick([*TEAM_IDS * 3, UNKNOWN_TEAM])
    if draws.rarely(30):
        fields |= {"user_roles_jwt_field": "user_roles", "user_allowed_roles": draws.some(ROLES, 2, least=1)}
    if draws.rarely(50):
        mappings = [
            {"role": draws.pick(ROLES), "internal_role": draws.pick(_INTERNAL)} for _ in range(draws.number(1, 3))
        ]
        fields |= {"roles_jwt_field": "roles", "role_mappings": mappings}
        fields |= {"object_id_jwt_field": "object_id"} if draws.rarely(60) else {}
    return fields


def _switches(draws: Draws) -> Words:
    jwt: Words = {
        "enforce_rbac": draws.rarely(40),
        "team_claim_fallback": draws.rarely(40),
        "enforce_team_based_model_access": draws.rarely(8),
        "user_id_upsert": draws.rarely(40),
    }
    jwt |= {"user_allowed_email_domain": "example.com"} if draws.rarely(12) else {}
    if draws.rarely(6):
        jwt |= {"virtual_key_claim_field": "client", "unregistered_jwt_client_behavior": "reject"}
    return jwt


def _routes(draws: Draws) -> Words:
    jwt: Words = {"admin_jwt_scope": SCOPES[-1]} if draws.rarely(15) else {}
    jwt |= {"admin_allowed_routes": draws.some([*ROUTE_ITEMS, *ROUTE_ITEMS[:2] * 3], 4)} if draws.rarely(50) else {}
    jwt |= {"team_allowed_routes": draws.some(ROUTE_ITEMS, 4)} if draws.rarely(15) else {}
    return jwt


def _scope_mapping(draws: Draws, words: list[str]) -> Words:
    mapping: Words = {"scope": draws.pick(SCOPES), "models": draws.wide(words)}
    return {**mapping, "routes": draws.some(ROUTE_ITEMS, 3)} if draws.rarely(20) else mapping


def _permission(draws: Draws, role: str, words: list[str]) -> Words:
    permission: Words = {"role": role}
    permission |= {"models": draws.wide(words)} if draws.rarely(70) else {}
    permission |= {"routes": draws.some(ROUTE_ITEMS, 4)} if draws.rarely(25) else {}
    return permission
