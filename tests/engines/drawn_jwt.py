"""Drawn settings for tokens (section 7)."""

from typing import Any

from engines.drawn import Dice
from engines.words import ROLES, ROUTE_ITEMS, SCOPES, TEAM_IDS, UNKNOWN_TEAM

Words = dict[str, Any]
_INTERNAL = ["team", "internal_user", "proxy_admin"]
_FIELDS = {"team_id": 35, "team_alias": 10, "team_ids": 30, "user_id": 75, "user_email": 40, "org_id": 20}


def jwt_settings(dice: Dice, words: list[str]) -> Words:
    """`litellm_jwtauth` and `role_permissions`."""
    jwt: Words = {**_fields(dice), **_switches(dice), **_routes(dice)}
    if dice.rarely(20):
        jwt["enforce_scope_based_access"] = True
        jwt["scope_mappings"] = [_scope_mapping(dice, words) for _ in range(dice.number(1, 3))]
    settings: Words = {"litellm_jwtauth": jwt}
    if dice.rarely(75):
        roles = dice.different(_INTERNAL, 3, least=2)
        settings["role_permissions"] = [_permission(dice, role, words) for role in roles]
    return settings


def _fields(dice: Dice) -> Words:
    """Where the facts of a token lie, with the settings that R10 demands beside them."""
    fields: Words = {f"{fact}_jwt_field": fact for fact, percent in _FIELDS.items() if dice.rarely(percent)}
    if dice.rarely(20):
        fields["team_id_default"] = dice.pick([*TEAM_IDS * 3, UNKNOWN_TEAM])
    if dice.rarely(30):
        fields |= {"user_roles_jwt_field": "user_roles", "user_allowed_roles": dice.some(ROLES, 2, least=1)}
    if dice.rarely(50):
        mappings = [{"role": dice.pick(ROLES), "internal_role": dice.pick(_INTERNAL)} for _ in range(dice.number(1, 3))]
        fields |= {"roles_jwt_field": "roles", "role_mappings": mappings}
        fields |= {"object_id_jwt_field": "object_id"} if dice.rarely(60) else {}
    return fields


def _switches(dice: Dice) -> Words:
    jwt: Words = {
        "enforce_rbac": dice.rarely(40),
        "team_claim_fallback": dice.rarely(40),
        "enforce_team_based_model_access": dice.rarely(8),
        "user_id_upsert": dice.rarely(40),
    }
    jwt |= {"user_allowed_email_domain": "example.com"} if dice.rarely(12) else {}
    if dice.rarely(6):
        jwt |= {"virtual_key_claim_field": "client", "unregistered_jwt_client_behavior": "reject"}
    return jwt


def _routes(dice: Dice) -> Words:
    jwt: Words = {"admin_jwt_scope": SCOPES[-1]} if dice.rarely(15) else {}
    jwt |= {"admin_allowed_routes": dice.some([*ROUTE_ITEMS, *ROUTE_ITEMS[:2] * 3], 4)} if dice.rarely(50) else {}
    jwt |= {"team_allowed_routes": dice.some(ROUTE_ITEMS, 4)} if dice.rarely(15) else {}
    return jwt


def _scope_mapping(dice: Dice, words: list[str]) -> Words:
    mapping: Words = {"scope": dice.pick(SCOPES), "models": dice.wide(words)}
    return {**mapping, "routes": dice.some(ROUTE_ITEMS, 3)} if dice.rarely(20) else mapping


def _permission(dice: Dice, role: str, words: list[str]) -> Words:
    permission: Words = {"role": role}
    permission |= {"models": dice.wide(words)} if dice.rarely(70) else {}
    permission |= {"routes": dice.some(ROUTE_ITEMS, 4)} if dice.rarely(25) else {}
    return permission
