"""LiteLLM's fields that decide nothing here: which are kept and shown again, and which are refused.

Budgets, rate limits and the like are kept. A field that would restrict access to models, or that nobody knows, is
refused unless it is empty: a restriction that is not applied must not be accepted.
"""

from collections.abc import Iterable, Mapping, Set
from difflib import get_close_matches

from pydantic import JsonValue

from modelward.admin.fields import small, wrong

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
    "router_settings",
    "rpm_limit_type",
    "tpm_limit_type",
}
KEPT_WITH_KEYS = _COMMON | {
    "agent_id",
    "allowed_cache_controls",
    "auto_rotate",
    "enforced_params",
    "permissions",
    "rotation_interval",
    "send_invite_email",
    "temp_budget_expiry",
    "temp_budget_increase",
}
KEPT_WITH_TEAMS = _COMMON | {
    "admins",
    "allow_team_guardrail_config",
    "members",
    "secret_manager_settings",
    "team_member_budget",
    "team_member_budget_duration",
    "team_member_key_duration",
    "team_member_permissions",
    "team_member_rpm_limit",
    "team_member_tpm_limit",
}
KEPT_WITH_MEMBERS = frozenset({"budget_duration", "max_budget_in_team", "rpm_limit", "tpm_limit"})
KEPT_WITH_USERS = _COMMON | {
    "agent_id",
    "allowed_cache_controls",
    "organizations",
    "permissions",
    "send_invite_email",
    "sso_user_id",
}
KEPT_WITH_ORGANIZATIONS = _BUDGETS
KEPT_WITH_PROJECTS = _BUDGETS | {"guardrails", "policies"}
KEPT_WITH_CUSTOMERS = _BUDGETS | {"budget_reset_at"}
KEPT_WITH_ACCESS_GROUPS = frozenset({"access_agent_ids", "access_mcp_server_ids"})
COPIES_ON_KEYS = frozenset({"config", "team_alias", "team_blocked", "team_model_aliases", "team_models"})
"""Copies of what other records say (L12): they decide nothing, and may hold credentials, so they are not even kept."""
_REFUSED = frozenset(
    {
        "allowed_model_region",
        "allowed_models",
        "blocked",
        "config",
        "default_model",
        "default_team_member_models",
        "grace_period",
        "jwt_issuer",
        "object_permission",
    }
)


def kept(sent: Mapping[str, JsonValue], keep: Set[str], known: Iterable[str]) -> dict[str, JsonValue]:
    """The fields to keep out of those that decide nothing; `known` are those that decide.

    Raises pydantic's error for a field that is refused.
    """
    found: dict[str, JsonValue] = {}
    for name, value in sent.items():
        if name in keep:
            found[name] = value
        elif name not in _REFUSED:
            raise wrong(_unknown(name, {*keep, *known}))
        elif not _is_empty(value):
            raise wrong(f"`{name}` is not supported yet: leave it out")
    return small(found)


def _unknown(name: str, known: set[str]) -> str:
    shown = name[:50].encode("ascii", "backslashreplace").decode()
    close = get_close_matches(name, sorted(known), 1)
    return f"unknown field `{shown}`" + (f": do you mean `{close[0]}`?" if close else ": leave it out")


def _is_empty(value: JsonValue) -> bool:
    if isinstance(value, dict):
        return all(_is_empty(each) for each in value.values())
    return value in (None, "", [], False)
