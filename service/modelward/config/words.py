"""Which settings exist: those with a bearing here come from the sections' fields, the others are named below.

A setting of LiteLLM that restricts access and is not supported must be refused: to ignore it would widen access.
"""

from dataclasses import replace
from typing import Any

from modelward.config.credentials import CredentialItem, CredentialValues
from modelward.config.declared_words import SECTIONS_OTHERWISE, SUBJECTS, is_special_type
from modelward.config.destination_words import IN_DEFAULTS, IN_DEPLOYMENTS, IN_SECTIONS
from modelward.config.fields import Section
from modelward.config.issuers import IssuerItem
from modelward.config.map_words import (
    EACH,
    EACH_NAME,
    Pattern,
    Restricts,
    Words,
    closed_words,
    is_set,
    open_words,
    stands_there,
)
from modelward.config.model_list import LiteLLMParams, ModelInfo, ModelItem
from modelward.config.settings import GeneralSettings, GroupAlias, LiteLLMSettings, ModelwardSettings, RouterSettings
from modelward.config.token_auth import TokenAuth
from modelward.config.token_permissions import RoleMappingItem, RolePermissionItem, ScopeMappingItem

# LiteLLM's own words that only look like a misspelling of one with a bearing.
LOOKALIKES = frozenset({"allowed_fails", "callbacks", "default_litellm_params", "max_fallbacks", "mode"})


def _opens_more(value: Any) -> bool:
    return value not in (None, ["public_routes"])


def _may_not_call(role: Any) -> bool:
    return isinstance(role, str) and role == "proxy_admin_viewer"


# What else parameters for new records hold are budgets and rates, which say nothing about who may use which model.
_LIMITS: dict[str, Restricts] = {
    **dict.fromkeys(("models", "default_team_member_models", "access_group_ids", "allowed_routes"), is_set),
    **dict.fromkeys(("team_id", "project_id", "organization_id", "object_permission", "blocked", "duration"), is_set),
    "key_type": is_special_type,
    "user_role": _may_not_call,
}


def _limits_access(value: Any) -> bool:
    return isinstance(value, dict) and any(restricts(value.get(word)) for word, restricts in _LIMITS.items())


TOP = Words(
    frozenset(
        {
            *("model_list", "router_settings", "litellm_settings", "general_settings", "modelward_settings"),
            *("environment_variables", "include", "credential_list", "teams", "users", "keys"),
            *("organizations", "projects", "customers", "access_groups"),
        }
    ),
    meant=SECTIONS_OTHERWISE,
    destinations=IN_SECTIONS[""],
)
MODEL = open_words(ModelItem)
PARAMS = replace(open_words(LiteLLMParams), destinations=IN_DEPLOYMENTS)
INFO = open_words(ModelInfo, supported_environments=stands_there)

_TOKEN_CLAIMS = (
    *("end_user_id_jwt_field", "org_alias_jwt_field"),
    *("customer_org_alias_jwt_field", "customer_member_id_jwt_field", "customer_team_id_jwt_field"),
)


def _section(section: type[Section], name: str, *unsupported: str, **tested: Restricts) -> Words:
    return replace(open_words(section, *unsupported, **tested), destinations=IN_SECTIONS[name])


# By the path of the map in the file.
SETTINGS = {
    "router_settings": _section(RouterSettings, "router_settings", "enable_tag_filtering"),
    "litellm_settings": _section(
        LiteLLMSettings,
        "litellm_settings",
        "blocked_user_list",
        default_internal_user_params=_limits_access,
        default_team_params=_limits_access,
        default_key_generate_params=_limits_access,
        upperbound_key_generate_params=_limits_access,
    ),
    "general_settings": _section(
        GeneralSettings,
        "general_settings",
        *("custom_auth", "allowed_ips", "custom_key_generate", "custom_key_update", "custom_key_policy"),
        *("embedding_model", "image_generation_model", "moderation_model", "user_header_name", "user_header_mappings"),
        *("enforce_user_param", "enforced_params", "service_account_settings"),
    ),
    "general_settings.litellm_jwtauth": replace(
        closed_words(
            TokenAuth,
            *("custom_validate", "team_id_upsert", "upsert_sso_user_to_team", "fallback_to_db_teams"),
            *("jwt_litellm_role_map", "sync_user_role_and_teams", "routing_overrides", "oidc_userinfo_enabled"),
            *_TOKEN_CLAIMS,
            public_allowed_routes=_opens_more,
            public_key_stale_ttl=stands_there,
        ),
        noted=frozenset({"oidc_userinfo_endpoint", "oidc_userinfo_cache_ttl", "virtual_key_mapping_cache_ttl"}),
    ),
    "modelward_settings": closed_words(ModelwardSettings),
}

# By the path of the items.
ITEMS: dict[Pattern, Words] = {
    **SUBJECTS,
    ("credential_list", EACH): replace(closed_words(CredentialItem), noted=frozenset({"credential_info"})),
    ("credential_list", EACH, "credential_values"): replace(
        closed_words(CredentialValues), destinations=IN_DEPLOYMENTS
    ),
    ("router_settings", "default_litellm_params"): Words(frozenset(), destinations=IN_DEFAULTS),
    ("router_settings", "model_group_alias", EACH_NAME): open_words(GroupAlias),
    ("general_settings", "role_permissions", EACH): closed_words(RolePermissionItem),
    ("general_settings", "litellm_jwtauth", "role_mappings", EACH): closed_words(RoleMappingItem),
    ("general_settings", "litellm_jwtauth", "scope_mappings", EACH): closed_words(ScopeMappingItem),
    ("general_settings", "litellm_jwtauth", "issuers", EACH): closed_words(IssuerItem, *_TOKEN_CLAIMS),
}
