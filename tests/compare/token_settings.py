"""Drawn settings for tokens (section 7 of the rules), in the words of config.yaml."""

from typing import Any

from compare.dice import WorldDice
from compare.words import INTERNAL_ROLES, ROLES, SCOPES, TEAMS, TOKEN_ROUTES

Fields = dict[str, Any]
_CLAIMS = {"team_id": 35, "team_alias": 10, "team_ids": 30, "user_id": 75, "user_email": 40, "org_id": 20}


def token_settings(dice: WorldDice, names: list[str]) -> Fields:
    """`enable_jwt_auth`, `litellm_jwtauth` and `role_permissions`; a key that a claim is mapped to is not drawn."""
    jwt: Fields = {**_claims(dice), **_switches(dice), **_routes(dice)}
    if dice.rarely(20):
        jwt["enforce_scope_based_access"] = True
        jwt["scope_mappings"] = [_scope_mapping(dice, names) for _ in range(dice.number(1, 3))]
    drawn: Fields = {"enable_jwt_auth": True, "litellm_jwtauth": jwt}
    if dice.rarely(75):
        roles = dice.different(INTERNAL_ROLES, 3, least=2)
        drawn["role_permissions"] = [_permission(dice, role, names) for role in roles]
    if "team_id_jwt_field" in jwt and dice.rarely(20):
        jwt["team_id_default"] = dice.pick(TEAMS)
    return drawn


def _claims(dice: WorldDice) -> Fields:
    """Where the facts of a token lie, with the settings that R10 demands beside them."""
    fields: Fields = {f"{fact}_jwt_field": fact for fact, percent in _CLAIMS.items() if dice.rarely(percent)}
    if dice.rarely(30):
        fields |= {"user_roles_jwt_field": "user_roles", "user_allowed_roles": dice.some(ROLES, 2, least=1)}
    if dice.rarely(50):
        mappings = [
            {"role": dice.pick(ROLES), "internal_role": dice.pick(INTERNAL_ROLES)} for _ in range(dice.number(1, 3))
        ]
        fields |= {"roles_jwt_field": "roles", "role_mappings": mappings}
        fields |= {"object_id_jwt_field": "object_id"} if dice.rarely(60) else {}
    return fields


def _switches(dice: WorldDice) -> Fields:
    jwt: Fields = {
        "enforce_rbac": dice.rarely(40),
        "team_claim_fallback": dice.rarely(40),
        "enforce_team_based_model_access": dice.rarely(8),
        "user_id_upsert": dice.rarely(40),
    }
    jwt |= {"user_allowed_email_domain": "example.com"} if dice.rarely(12) else {}
    jwt |= {"public_key_ttl": 60} if dice.rarely(6) else {}
    return jwt


def _routes(dice: WorldDice) -> Fields:
    jwt: Fields = {"admin_jwt_scope": SCOPES[-1]} if dice.rarely(15) else {}
    jwt |= {"admin_allowed_routes": dice.some([*TOKEN_ROUTES, *TOKEN_ROUTES[:2] * 3], 4)} if dice.rarely(50) else {}
    jwt |= {"team_allowed_routes": dice.some(TOKEN_ROUTES, 4)} if dice.rarely(15) else {}
    return jwt


def _scope_mapping(dice: WorldDice, names: list[str]) -> Fields:
    mapping: Fields = {"scope": dice.pick(SCOPES), "models": dice.wide(names)}
    return {**mapping, "routes": dice.some(TOKEN_ROUTES, 3)} if dice.rarely(20) else mapping


def _permission(dice: WorldDice, role: str, names: list[str]) -> Fields:
    permission: Fields = {"role": role}
    permission |= {"models": dice.wide(names)} if dice.rarely(70) else {}
    permission |= {"routes": dice.some(TOKEN_ROUTES, 4)} if dice.rarely(25) else {}
    return permission
