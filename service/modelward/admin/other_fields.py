"""LiteLLM's fields that decide nothing here: which are kept and shown again, and which are refused.

Budgets, rate limits and the like are kept. A field that would restrict access to models, or that nobody knows, is
refused unless it is empty: a restriction that is not applied must not be accepted. So is one that may hold
credentials, which would be kept in clear and shown to a team's keys.
"""

from collections.abc import Iterable, Mapping, Set

from pydantic import JsonValue

from modelward.admin.fields import small, unknown, unsupported

_BUDGETS = frozenset(
    {
        "budget_duration",
        "budget_id",
        "budget_limits",
        "max_budget",
        "max_parallel_requests",
        "model_itpm_limit",
        "model_max_budget",
        "model_otpm_limit",
        "model_rpm_limit",
        "model_tpm_limit",
        "rpm_limit",
        "soft_budget",
        "spend",
        "tags",
        "tpm_limit",
    }
)
_COMMON = _BUDGETS | {
    "allowed_passthrough_routes",
    "allowed_vector_store_indexes",
    "disable_global_guardrails",
    "guardrails",
    "policies",
    "prompts",
    "rpm_limit_type",
    "tpm_limit_type",
}
KEPT_WITH_KEYS = _COMMON | {
    "agent_id",
    "allowed_cache_controls",
    "auto_rotate",
    "permissions",
    "rotation_interval",
    "send_invite_email",
    "temp_budget_expiry",
    "temp_budget_increase",
}
KEPT_WITH_TEAMS = _COMMON | {
    "allow_team_guardrail_config",
    "team_member_budget",
    "team_member_budget_duration",
    "team_member_permissions",
    "team_member_rpm_limit",
    "team_member_tpm_limit",
}
KEPT_WITH_USERS = _COMMON | {
    "agent_id",
    "allowed_cache_controls",
    "permissions",
    "send_invite_email",
    "sso_user_id",
}
KEPT_WITH_ORGANIZATIONS = _BUDGETS
KEPT_WITH_PROJECTS = _BUDGETS | {"guardrails", "policies"}
KEPT_WITH_CUSTOMERS = _BUDGETS | {"budget_reset_at"}
COPIES_ON_KEYS = frozenset({"config", "team_alias", "team_blocked", "team_model_aliases", "team_models"})
"""Copies of what other records say (L12): they decide nothing, and may hold credentials, so they are not even kept."""
BUDGETS_OF_MEMBERS = frozenset({"budget_duration", "max_budget_in_team", "rpm_limit", "tpm_limit"})
"""A member's record has no place for them: they decide nothing, and are not kept."""
_REFUSED = frozenset(
    {
        "admins",
        "allowed_model_region",
        "allowed_models",
        "blocked",
        "config",
        "default_model",
        "default_team_member_models",
        "enforced_params",
        "grace_period",
        "jwt_issuer",
        "members",
        "object_permission",
        "organizations",
        "router_settings",
        "secret_manager_settings",
        "team_member_key_duration",
    }
)


def kept(
    sent: Mapping[str, JsonValue], keep: Set[str], known: Iterable[str], instead: Mapping[str, str]
) -> dict[str, JsonValue]:
    """The fields to keep out of those that decide nothing; `known` are those that decide, `instead` says what to do in
    place of sending some that are unknown.

    Raises pydantic's error for a field that is refused.
    """
    found: dict[str, JsonValue] = {}
    every = sorted({*keep, *known})
    for name, value in sent.items():
        if name in keep:
            found[name] = value
        elif name not in _REFUSED:
            raise unknown("field", name, every, instead)
        elif not _is_empty(value):
            raise unsupported(name, every, instead)
    return small(found)


def _is_empty(value: JsonValue) -> bool:
    if isinstance(value, dict):
        return all(_is_empty(each) for each in value.values())
    return value in (None, "", [], False)
