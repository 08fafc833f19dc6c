"""Which settings exist: those with a bearing here come from the sections' fields, the others are named below.

A setting of LiteLLM that restricts access and is not supported must be refused: to ignore it would widen access.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from modelward.config.fields import Section
from modelward.config.issuers import IssuerItem
from modelward.config.keys import DeclaredKey
from modelward.config.model_list import LiteLLMParams, ModelInfo, ModelItem
from modelward.config.settings import GeneralSettings, LiteLLMSettings, ModelwardSettings, RouterSettings
from modelward.config.subjects import (
    DeclaredAccessGroup,
    DeclaredCustomer,
    DeclaredMember,
    DeclaredOrganization,
    DeclaredProject,
    DeclaredTeam,
    DeclaredUser,
)
from modelward.config.token_auth import TokenAuth
from modelward.config.token_permissions import RoleMappingItem, RolePermissionItem, ScopeMappingItem

Restricts = Callable[[Any], bool]

# LiteLLM's own words that only look like a misspelling of one with a bearing.
LOOKALIKES = frozenset({"allowed_fails", "callbacks", "default_litellm_params", "max_fallbacks", "mode"})


def _set(value: Any) -> bool:
    return bool(value)


def _is_special(value: Any) -> bool:
    return value not in (None, "default")


def _stands_there(value: Any) -> bool:
    return value is not None


def _opens_more(value: Any) -> bool:
    return value not in (None, ["public_routes"])


def _limits_access(value: Any) -> bool:
    # What else such parameters hold are budgets and rates, which say nothing about who may use which model.
    limits = ("models", "allowed_routes", "duration", "team_id")
    return isinstance(value, dict) and any(value.get(word) for word in limits)


@dataclass(frozen=True)
class Words:
    """The words of one map: `known` have a bearing, `unsupported` are refused when their test says that they restrict
    something, `noted` have none, `meant` are another record's words for a known one. Of a `closed` map every other word
    is a problem, else it is noted too."""

    known: frozenset[str]
    unsupported: dict[str, Restricts] = field(default_factory=dict)
    noted: frozenset[str] = frozenset()
    meant: dict[str, str] = field(default_factory=dict)
    closed: bool = False


def _words(section: type[Section], *unsupported: str, **tested: Restricts) -> Words:
    return Words(frozenset(section.model_fields), dict.fromkeys(unsupported, _set) | tested)


def _closed(section: type[Section], *unsupported: str, **tested: Restricts) -> Words:
    return replace(_words(section, *unsupported, **tested), closed=True)


TOP = Words(
    frozenset(
        {
            *("model_list", "router_settings", "litellm_settings", "general_settings", "modelward_settings"),
            *("environment_variables", "include", "teams", "users", "keys"),
            *("organizations", "projects", "customers", "access_groups"),
        }
    )
)
MODEL = _words(ModelItem)
PARAMS = _words(LiteLLMParams)
INFO = _words(ModelInfo)

_TOKEN_CLAIMS = (
    *("end_user_id_jwt_field", "org_alias_jwt_field"),
    *("customer_org_alias_jwt_field", "customer_member_id_jwt_field", "customer_team_id_jwt_field"),
)

# By the path of the map in the file.
SETTINGS = {
    "router_settings": _words(RouterSettings, "enable_tag_filtering"),
    "litellm_settings": _words(
        LiteLLMSettings,
        "blocked_user_list",
        default_internal_user_params=_limits_access,
        default_team_params=_limits_access,
        default_key_generate_params=_limits_access,
        upperbound_key_generate_params=_limits_access,
    ),
    "general_settings": _words(
        GeneralSettings,
        *("custom_auth", "allowed_ips", "custom_key_generate", "custom_key_update", "custom_key_policy"),
        *("embedding_model", "user_header_name", "user_header_mappings"),
    ),
    "general_settings.litellm_jwtauth": replace(
        _closed(
            TokenAuth,
            *("custom_validate", "team_id_upsert", "upsert_sso_user_to_team", "fallback_to_db_teams"),
            *("jwt_litellm_role_map", "sync_user_role_and_teams", "routing_overrides", "oidc_userinfo_enabled"),
            *_TOKEN_CLAIMS,
            public_allowed_routes=_opens_more,
            public_key_stale_ttl=_stands_there,
        ),
        noted=frozenset({"oidc_userinfo_endpoint", "oidc_userinfo_cache_ttl", "virtual_key_mapping_cache_ttl"}),
    ),
    "modelward_settings": _words(ModelwardSettings),
}

EACH = None

# By the path of the items, where EACH is any place in a list.
ITEMS: dict[tuple[str | None, ...], Words] = {
    ("keys", EACH): _words(DeclaredKey, "duration", key_type=_is_special),
    ("teams", EACH): _words(DeclaredTeam, "default_team_member_models"),
    ("teams", EACH, "members_with_roles", EACH): replace(_words(DeclaredMember), meant={"models": "allowed_models"}),
    ("users", EACH): _words(DeclaredUser, "organizations", "blocked"),
    ("organizations", EACH): _words(DeclaredOrganization, "blocked"),
    ("projects", EACH): _words(DeclaredProject),
    ("customers", EACH): replace(_words(DeclaredCustomer, "allowed_model_region"), meant={"allowed_models": "models"}),
    ("access_groups", EACH): replace(_words(DeclaredAccessGroup), meant={"models": "access_model_names"}),
    ("general_settings", "role_permissions", EACH): _closed(RolePermissionItem),
    ("general_settings", "litellm_jwtauth", "role_mappings", EACH): _closed(RoleMappingItem),
    ("general_settings", "litellm_jwtauth", "scope_mappings", EACH): _closed(ScopeMappingItem),
    ("general_settings", "litellm_jwtauth", "issuers", EACH): _closed(IssuerItem, *_TOKEN_CLAIMS),
}
