"""The words of declared subjects (K2): what no record has here is refused, as it might be a restriction.

Of LiteLLM's other fields those that the management API keeps are noted: budgets, rates and the like.
"""

from collections.abc import Mapping
from typing import Any

from modelward.config.fields import Section
from modelward.config.keys import DeclaredKey
from modelward.config.map_words import EACH, Pattern, Restricts, Words, is_set
from modelward.config.subjects import (
    DeclaredAccessGroup,
    DeclaredCustomer,
    DeclaredMember,
    DeclaredOrganization,
    DeclaredProject,
    DeclaredTeam,
    DeclaredUser,
)

_RATES = {f"{kind}_limit" for kind in ("rpm", "tpm", "model_itpm", "model_otpm", "model_rpm", "model_tpm")}
_BUDGETS = _RATES | {
    *("budget_duration", "budget_id", "budget_limits", "max_budget", "max_parallel_requests"),
    *("model_max_budget", "soft_budget", "spend", "tags"),
}
_COMMON = _BUDGETS | {
    *("allowed_passthrough_routes", "allowed_vector_store_indexes", "disable_global_guardrails", "guardrails"),
    *("policies", "prompts", "rpm_limit_type", "tpm_limit_type"),
}
_COPIES_ON_KEYS = {"config", "team_alias", "team_blocked", "team_model_aliases", "team_models"}
_KEYS = {
    *("agent_id", "allowed_cache_controls", "auto_rotate", "permissions", "rotation_interval", "send_invite_email"),
    *("temp_budget_expiry", "temp_budget_increase"),
}
_TEAMS = {
    *("allow_team_guardrail_config", "team_member_budget", "team_member_budget_duration"),
    *("team_member_permissions", "team_member_rpm_limit", "team_member_tpm_limit"),
}
_MEMBERS = {"budget_duration", "max_budget_in_team", "rpm_limit", "tpm_limit", "user_email"}
_USERS = {
    *("agent_id", "allowed_cache_controls", "permissions", "send_invite_email", "sso_user_id"),
    *("user_alias", "user_email"),
}

_UNSUPPORTED = {
    *("allowed_model_region", "blocked", "config", "default_model", "default_team_member_models"),
    *("enforced_params", "grace_period", "jwt_issuer", "object_permission", "organizations", "router_settings"),
    "secret_manager_settings",
}

_MODELS = {"allowed_models", "access_model_names", "model_names", "model", "models"}
_NAMES = {"alias", "name"}
_OTHERWISE = {
    "access_model_names": _MODELS,
    "allowed_models": _MODELS,
    "models": _MODELS,
    "aliases": {"model_aliases"},
    "model_aliases": {"aliases"},
    "access_group_ids": {"access_groups"},
    "allowed_routes": {"routes"},
    "assigned_key_ids": {"key_ids", "keys"},
    "assigned_team_ids": {"team_ids", "teams"},
    "expires": {"expires_at", "expiry"},
    "key_hash": {"hash", "token"},
    "members_with_roles": {"admins", "members", "team_members", "users"},
    "organization_id": {"org", "org_id", "organization"},
    "project_id": {"project"},
    "team_id": {"team"},
    "teams": {"team", "team_id", "team_ids"},
    "user_id": {"owner", "user"},
    "user_role": {"role"},
    "role": {"user_role"},
    "access_group_name": _NAMES,
    "key_alias": _NAMES | {"key_name"},
    "organization_alias": _NAMES | {"org_alias", "organization_name"},
    "project_alias": _NAMES | {"project_name"},
    "team_alias": _NAMES | {"team_name"},
}
"""Other names of a field, in other records of LiteLLM or in its answers."""


def _record(
    section: type[Section],
    noted: set[str],
    *unsupported: str,
    meant: Mapping[str, str] | None = None,
    **tested: Restricts,
) -> Words:
    known = frozenset(section.model_fields)
    otherwise = {other: right for right in known for other in _OTHERWISE.get(right, ()) if other not in known}
    otherwise |= meant or {}
    refused = _UNSUPPORTED.union(unsupported) - known - noted - otherwise.keys()
    return Words(known, dict.fromkeys(refused, is_set) | tested, frozenset(noted), otherwise, closed=True)


def is_special_type(value: Any) -> bool:
    """Whether a `key_type` limits the routes of its key."""
    return value not in (None, "default")


SUBJECTS: dict[Pattern, Words] = {
    ("keys", EACH): _record(DeclaredKey, _COMMON | _KEYS | _COPIES_ON_KEYS, "duration", key_type=is_special_type),
    ("teams", EACH): _record(DeclaredTeam, _COMMON | _TEAMS, "team_member_key_duration"),
    ("teams", EACH, "members_with_roles", EACH): _record(DeclaredMember, _MEMBERS),
    ("users", EACH): _record(DeclaredUser, _COMMON | _USERS),
    ("organizations", EACH): _record(DeclaredOrganization, _BUDGETS),
    ("projects", EACH): _record(DeclaredProject, _BUDGETS | {"description", "guardrails", "policies"}),
    ("customers", EACH): _record(
        DeclaredCustomer,
        _BUDGETS | {"budget_reset_at", "metadata"},
        meant={"customer_id": "user_id", "end_user_id": "user_id", "name": "alias"},
    ),
    ("access_groups", EACH): _record(DeclaredAccessGroup, {"access_agent_ids", "access_mcp_server_ids"}),
}
"""By the path of the records."""

SECTIONS_OTHERWISE = {
    **dict.fromkeys(("end_user", "end_users"), "customers"),
    **dict.fromkeys(("org", "orgs"), "organizations"),
    **dict.fromkeys(("api_keys", "virtual_keys"), "keys"),
    **dict.fromkeys(("model_access_groups", "unified_access_groups"), "access_groups"),
    **dict.fromkeys(("members", "members_with_roles", "memberships", "team_members"), "teams[].members_with_roles"),
    "internal_users": "users",
}
"""Other names of the sections that declare them."""
