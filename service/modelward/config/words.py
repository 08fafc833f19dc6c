"""Which settings exist: those with a bearing here come from the sections' fields, the others are named below.

A setting of LiteLLM that restricts access and is not supported must be refused: to ignore it would widen access.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from modelward.config.fields import Section
from modelward.config.model_list import LiteLLMParams, ModelInfo, ModelItem
from modelward.config.settings import GeneralSettings, LiteLLMSettings, ModelwardSettings, RouterSettings
from modelward.config.subjects import DeclaredKey, DeclaredTeam, DeclaredUser

Restricts = Callable[[Any], bool]

# LiteLLM's own words that only look like a misspelling of one with a bearing.
LOOKALIKES = frozenset({"allowed_fails", "default_litellm_params", "mode"})


def _set(value: Any) -> bool:
    return bool(value)


def _is_special(value: Any) -> bool:
    return value not in (None, "default")


def _limits_access(value: Any) -> bool:
    # What else such parameters hold are budgets and rates, which say nothing about who may use which model.
    limits = ("models", "allowed_routes", "duration", "team_id")
    return isinstance(value, dict) and any(value.get(word) for word in limits)


@dataclass(frozen=True)
class Words:
    """The words of one map: `known` have a bearing, `unsupported` are refused when their test says that they restrict
    something."""

    known: frozenset[str]
    unsupported: dict[str, Restricts] = field(default_factory=dict)


def _words(section: type[Section], *unsupported: str) -> Words:
    return Words(frozenset(section.model_fields), dict.fromkeys(unsupported, _set))


TOP = Words(
    frozenset(
        {
            *("model_list", "router_settings", "litellm_settings", "general_settings", "modelward_settings"),
            *("environment_variables", "include", "teams", "users", "keys"),
        }
    ),
    dict.fromkeys(("organizations", "projects", "customers", "access_groups"), _set),
)
MODEL = _words(ModelItem)
PARAMS = _words(LiteLLMParams)
INFO = _words(ModelInfo)
KEY = Words(
    frozenset(DeclaredKey.model_fields),
    {**dict.fromkeys(("organization_id", "project_id", "access_group_ids", "duration"), _set), "key_type": _is_special},
)
TEAM = _words(DeclaredTeam, "organization_id", "access_group_ids")
USER = _words(DeclaredUser, "organizations", "blocked")
SETTINGS = {
    "router_settings": _words(RouterSettings, "enable_tag_filtering"),
    "litellm_settings": Words(
        frozenset(LiteLLMSettings.model_fields),
        {
            "personal_key_model_access_from_teams": _set,
            "blocked_user_list": _set,
            "default_internal_user_params": _limits_access,
            "default_team_params": _limits_access,
            "default_key_generate_params": _limits_access,
            "upperbound_key_generate_params": _limits_access,
        },
    ),
    "general_settings": _words(
        GeneralSettings,
        *("enable_jwt_auth", "litellm_jwtauth", "role_permissions", "custom_auth", "allowed_ips"),
        *("custom_key_generate", "custom_key_update", "custom_key_policy", "embedding_model"),
    ),
    "modelward_settings": _words(ModelwardSettings, "allow_unmapped_jwt"),
}
