"""Which settings exist: those with a bearing here come from the fields of the sections, the others are tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from modelward.config.destinations import CredentialItem, CredentialValues
from modelward.config.fields import Section
from modelward.config.model_list import LiteLLMParams, ModelInfo, ModelItem
from modelward.config.settings import GeneralSettings, GroupAlias, LiteLLMSettings, ModelwardSettings, RouterSettings
from modelward.config.subjects import (
    DeclaredAccessGroup,
    DeclaredCustomer,
    DeclaredKey,
    DeclaredMember,
    DeclaredOrganization,
    DeclaredProject,
    DeclaredTeam,
    DeclaredUser,
)
from modelward.config.token_auth import IssuerItem, RoleMappingItem, RolePermissionItem, ScopeMappingItem, TokenAuth

Restricts = Callable[[Any], bool]
Pattern = tuple[str | None, ...]

EACH = None
"""In a pattern, any place in a list."""
EACH_NAME = "*"
"""In a pattern, any key of a map."""


@dataclass(frozen=True)
class Words:
    """The words of one map: `known` have a bearing, `unsupported` are refused when their test says that they restrict
    something, `noted` have none, `meant` are other names of a known one. `destinations` are patterns of words that
    decide where calls go, with what to do instead. Of a `closed` map every other word is a problem, else it is noted
    too."""

    known: frozenset[str]
    unsupported: dict[str, Restricts] = field(default_factory=dict)
    noted: frozenset[str] = frozenset()
    meant: dict[str, str] = field(default_factory=dict)
    destinations: Mapping[str, str] = field(default_factory=dict)
    closed: bool = False


def is_set(value: Any) -> bool:
    """Whether something is said: a map that holds only what is empty says nothing."""
    return any(map(is_set, value.values())) if isinstance(value, dict) else bool(value)


def stands_there(value: Any) -> bool:
    """Whether there is a value, be it an empty list."""
    return value is not None


def open_words(section: type[Section], *unsupported: str, **tested: Restricts) -> Words:
    """The words of a map of LiteLLM's; those of `unsupported` restrict something wherever they are set."""
    known = frozenset(each.alias or name for name, each in section.model_fields.items())
    return Words(known, dict.fromkeys(unsupported, is_set) | tested)


def closed_words(section: type[Section], *unsupported: str, **tested: Restricts) -> Words:
    """The same for a map that holds nothing else."""
    return replace(open_words(section, *unsupported, **tested), closed=True)


_ADDRESS = "write `api_base`, the whole address"
_KEY = "write `api_key`"
_ADDRESS_AND_KEY = "write `api_base` and `api_key`"
_AT_EACH = "set it in the `litellm_params` of each deployment"
_NOT_THE_CLIENT = "a client cannot choose where it is called; remove it"
_OWN_DEPLOYMENT = "a call goes to the deployments of the model that it names, on every route; remove it"
_ONE_MODEL = "a deployment has one model; write it in `model`"

Patterns = Mapping[str, str]
"""Words, in which `*` is any run of characters, and what to do instead."""

IN_DEPLOYMENTS: Patterns = {
    **dict.fromkeys(("region_name", "aws_*", "vertex_*", "watsonx_*", "oci_*", "sagemaker_*"), _ADDRESS_AND_KEY),
    **dict.fromkeys(("project", "project_id", "space_id", "account_id", "endpoint", "host"), _ADDRESS_AND_KEY),
    **dict.fromkeys(("azure_*", "tenant_id", "client_id", "client_secret", "token_exchange_*"), _KEY),
    **dict.fromkeys(("anthropic_*", "openai_*", "token", "zen_api_key", "username", "password"), _KEY),
    **dict.fromkeys(("credentials", "use_xai_oauth", "chatgpt_auth_file"), _KEY),
    **dict.fromkeys(("s3_*", "gcs_bucket_name", "bucket_name"), "files lie where the deployment is; remove it"),
    **dict.fromkeys(("api_type",), "write the provider in `custom_llm_provider`"),
    **dict.fromkeys(("deployment_id", "model_id", "prompt_id", "models", "*_router_*"), _ONE_MODEL),
    **dict.fromkeys(("extra_headers", "headers", "default_headers"), "headers of your own are not sent; remove it"),
    **dict.fromkeys(("extra_body", "extra_query", "default_query", "provider", "route"), "it is not sent; remove it"),
    **dict.fromkeys(("proxy", "proxy_url", "http_proxy", "https_proxy", "use_litellm_proxy"), _ADDRESS),
    **dict.fromkeys(("ssl_certificate", "client_cert", "client_key", "client", "http_client"), _KEY),
    **dict.fromkeys(("fallbacks", "*_fallbacks", "context_window_fallback_dict"), "write it in `router_settings`"),
    **dict.fromkeys(("*api_base*", "*base_url*", "*endpoint*", "*_url", "*region*", "*location*"), _ADDRESS),
    **dict.fromkeys(("*organization*", "*credential*", "*_api_key", "*_proxy"), _ADDRESS_AND_KEY),
    "use_in_pass_through": _OWN_DEPLOYMENT,
    "configurable_clientside_auth_params": _NOT_THE_CLIENT,
}
"""In `litellm_params`, and in the `credential_values` of a credential."""

IN_DEFAULTS: Patterns = {
    **IN_DEPLOYMENTS,
    **dict.fromkeys(("api_key", "api_base", "base_url", "api_version", "organization"), _AT_EACH),
    **dict.fromkeys(("model", "custom_llm_provider", "litellm_credential_name"), _AT_EACH),
}
"""In `router_settings.default_litellm_params`."""

IN_SECTIONS: Mapping[str, Patterns] = {
    "": {
        **dict.fromkeys(("files_settings", "finetune_settings", "assistant_settings"), _OWN_DEPLOYMENT),
        "default_vertex_config": _AT_EACH,
        "vector_store_registry": _OWN_DEPLOYMENT,
    },
    "router_settings": {
        "assistants_config": _OWN_DEPLOYMENT,
        "router_general_settings": "only the models of `model_list` are called; remove it",
    },
    "litellm_settings": {
        **dict.fromkeys(("api_base", "base_url", "api_key", "api_version", "organization", "headers"), _AT_EACH),
        **dict.fromkeys(("*_key", "*_api_base", "vertex_*", "azure_*", "*_tenant_id"), _AT_EACH),
        **dict.fromkeys(("*base_url*", "*region*", "*location*", "*organization*"), _AT_EACH),
        **dict.fromkeys(("api_type", "use_litellm_proxy", "proxy_auth", "ssl_certificate"), _AT_EACH),
        **dict.fromkeys(("enable_azure_ad_token_refresh",), _AT_EACH),
        "context_window_fallback_dict": "write `context_window_fallbacks`",
        "custom_provider_map": "code of your own is not called; run it as a server and say `api_base`",
    },
    "general_settings": {
        "pass_through_endpoints": "only the routes of docs/endpoints.md are served; remove it",
        **dict.fromkeys(("forward_client_headers_to_llm_api", "forward_llm_provider_auth_headers"), _NOT_THE_CLIENT),
        "allow_client_side_credentials": _NOT_THE_CLIENT,
        **dict.fromkeys(
            ("key_management_system", "use_azure_key_vault", "use_google_kms", "load_aws_kms"),
            "`os.environ/NAME` is read from the environment alone; set the variables there",
        ),
    },
}
"""In the sections of settings; the first are those beside them."""

IN_VARIABLES: Patterns = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "USE_LITELLM_PROXY"), _ADDRESS),
    **dict.fromkeys(("OPENAI_ORGANIZATION", "OPENAI_ORG_ID"), "write `organization` in each deployment"),
    "OPENAI_PROJECT_ID": "write the `api_key` of that project",
}
"""Among the `environment_variables` of the config, where nothing refers to them; in capitals, which do not count."""


def advice(patterns: Patterns, word: str) -> str | None:
    """What to do instead of a word that one of the patterns matches."""
    if word in patterns:
        return patterns[word]
    return next((each for pattern, each in patterns.items() if "*" in pattern and fnmatchcase(word, pattern)), None)


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
