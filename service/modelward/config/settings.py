"""Which models stand in for one that fails (F2): four lists, each under `router_settings` or `litellm_settings`."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from modelward.config.fields import (
    BodyPlaces,
    Items,
    Map,
    MasterKey,
    Name,
    NameMap,
    Seconds,
    Section,
    Switch,
    SwitchedOn,
    resolve,
)
from modelward.config.routes import AdminRoutes, RouteText
from modelward.config.token_auth import RolePermissionItem, TokenAuth
from modelward.hints import hint
from modelward.providers import providers


def _one_model(name: str) -> str:
    if "*" in name:
        raise PydanticCustomError(
            "pattern_target", "a fallback must lead to one model, not to the pattern `{name}`", {"name": name}
        )
    return name


FallbackTarget = Annotated[Name, AfterValidator(_one_model)]
FallbackMaps = Items[dict[Name, list[FallbackTarget]]]


class FallbackSettings(Section):
    """The lists of maps from a model's name, or `*`, to its targets; `default_fallbacks` are the targets of `*`."""

    fallbacks: FallbackMaps
    context_window_fallbacks: FallbackMaps
    content_policy_fallbacks: FallbackMaps
    default_fallbacks: Items[FallbackTarget]


class GroupAlias(Section):
    """One value of `model_group_alias`: text, or `{model, hidden}` (C5)."""

    model: Name
    hidden: Switch = False


def _long_form(value: Any) -> Any:
    return {"model": value} if isinstance(value, str) else value


class RouterSettings(FallbackSettings):
    """`router_settings`."""

    model_group_alias: Map[Name, Annotated[GroupAlias, BeforeValidator(_long_form)]]
    timeout: Seconds = None


class LiteLLMSettings(FallbackSettings):
    """`litellm_settings`."""

    model_alias_map: NameMap
    request_timeout: Seconds = None
    personal_key_model_access_from_teams: Switch = False


class GeneralSettings(Section):
    """`general_settings`."""

    master_key: MasterKey = None
    completion_model: Name | None = None
    allowed_routes: list[RouteText] | None = None
    admin_only_routes: AdminRoutes
    enable_jwt_auth: Switch = False
    litellm_jwtauth: TokenAuth | None = None
    role_permissions: Items[RolePermissionItem]
    enforce_fallback_model_access: SwitchedOn = True

    @property
    def token_auth(self) -> TokenAuth:
        """`litellm_jwtauth`, or its defaults."""
        return self.litellm_jwtauth or TokenAuth.model_validate({})


def _provider(value: str) -> str:
    """A provider, or a word of the operator's own that is like none."""
    words = providers().words
    if value not in words and (near := hint(value, words)):
        raise PydanticCustomError("no_provider", "`{word}` is no provider{near}", {"word": value, "near": near})
    return _bare(value)


def _bare(value: str) -> str:
    for character, why in (("/", "it says the provider itself"), ("*", "patterns have no provider")):
        if character in value:
            message = "`{name}` must not hold `{character}`: {why}"
            raise PydanticCustomError("not_bare", message, {"name": value, "character": character, "why": why})
    return value


class ModelwardSettings(Section):
    """`modelward_settings`: what LiteLLM has no setting for."""

    empty_list: Annotated[Literal["allow", "deny"], BeforeValidator(resolve)] = "allow"
    allow_unmapped_jwt: Switch = False
    provider_names: Map[Annotated[Name, AfterValidator(_provider)], list[Annotated[Name, AfterValidator(_bare)]]]
    places: Annotated[BodyPlaces, Field(alias="model_fields")]
