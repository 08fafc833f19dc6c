"""Drawn settings for tokens (section 7 of the rules), in the words of config.yaml."""

from typing import Any

from compare.words import INTERNAL_ROLES, ROLES, SCOPES, TEAMS, TOKEN_ROUTES
from compare.world_draws import WorldDraws

Fields = dict[str, Any]
_CLAIMS = {"team_id": 35, "team_alias": 10, "team_ids": 30, "user_id": 75, "user_email": 40, "org_id": 20}


def token_settings(draws: WorldDraws, names: list[str]) -> Fields:
    """`enable_jwt_auth`, `litellm_jwtauth` and `role_permissions`; a key that a claim is mapped to is not drawn."""
    jwt: Fields = {**_claims(draws), **_switches(draws), **_routes(draws)}
    if draws.rarely(20):
        jwt["enforce_scope_based_access"] = True
        jwt["scope_mappings"] = [_scope_mapping(draws, names) for _ in range(draws.number(1, 3))]
    drawn: Fields = {"enable_jwt_auth": True, "litellm_jwtauth": jwt}
    if draws.rarely(75):
        roles = draws.different(INTERNAL_ROLES, 3, least=2)
        drawn["role_permissions"] = [_permission(draws, role, names) for role in roles]
    if "team_id_jwt_field" in jwt and draws.rarely(20):
        jwt["team_id_default"] = draws.pick(TEAMS)
    return drawn


def _claims(draws: WorldDraws) -> Fields:
    """Where the facts of a token lie, with the settings that R10 demands beside them."""
    fields: Fields = {f"{fact}_jwt_field": fact for fact, percent in _CLAIMS.items() if draws.rarely(percent)}
    if draws.rarely(30):
        fields |= {"user_roles_jwt_field": "user_roles", "user_allowed_roles": draws.some(ROLES, 2, least=1)}
    if draws.rarely(50):
        mappings = [
            {"role": draws.pick(ROLES), "internal_role": draws.pick(INTERNAL_ROLES)} for _ in range(draws.number(1, 3))
        ]
        fields |= {"roles_jwt_field": "roles", "role_mappings": mappings}
        fields |= {"object_id_jwt_field": "object_id"} if draws.rarely(60) else {}
    return fields


def _switches(draws: WorldDraws) -> Fields:
    jwt: Fields = {
        "enforce_rbac": draws.rarely(40),
        "team_claim_fallback": draws.rarely(40),
        "enforce_team_based_model_access": draws.rarely(8),
        "user_id_upsert": draws.rarely(40),
    }
    jwt |= {"user_allowed_email_domain": "example.com"} if draws.rarely(12) else {}
    jwt |= {"public_key_ttl": 60} if draws.rarely(6) else {}
    return jwt


def _routes(draws: WorldDraws) -> Fields:
    jwt: Fields = {"admin_jwt_scope": SCOPES[-1]} if draws.rarely(15) else {}
    jwt |= {"admin_allowed_routes": draws.some([*TOKEN_ROUTES, *TOKEN_ROUTES[:2] * 3], 4)} if draws.rarely(50) else {}
    jwt |= {"team_allowed_routes": draws.some(TOKEN_ROUTES, 4)} if draws.rarely(15) else {}
    return jwt


def _scope_mapping(draws: WorldDraws, names: list[str]) -> Fields:
    mapping: Fields = {"scope": draws.pick(SCOPES), "models": draws.wide(names)}
    return {**mapping, "routes": draws.some(TOKEN_ROUTES, 3)} if draws.rarely(20) else mapping


def _permission(draws: WorldDraws, role: str, names: list[str]) -> Fields:
    permission: Fields = {"role": role}
    permission |= {"models": draws.wide(names)} if draws.rarely(70) else {}
    permission |= {"routes": draws.some(TOKEN_ROUTES, 4)} if draws.rarely(25) else {}
    return permission
