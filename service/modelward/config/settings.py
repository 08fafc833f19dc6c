"""The settings that have a bearing here, section by section (K1)."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from modelward.config.fields import MasterKey, Name, NameMap, Seconds, Section, Switch, resolve
from modelward.config.routes import AdminRoutes, Route


class GroupAlias(Section):
    """One value of `model_group_alias`: text, or `{model, hidden}` (C5)."""

    model: Name
    hidden: Switch = False


def _long_form(value: Any) -> Any:
    return {"model": value} if isinstance(value, str) else value


def _absent_as_empty(value: Any) -> Any:
    return {} if value is None else value


GroupAliases = Annotated[
    dict[Name, Annotated[GroupAlias, BeforeValidator(_long_form)]],
    BeforeValidator(_absent_as_empty),
    Field(default_factory=dict),
]


class RouterSettings(Section):
    """`router_settings`."""

    model_group_alias: GroupAliases
    timeout: Seconds = None


class LiteLLMSettings(Section):
    """`litellm_settings`."""

    model_alias_map: NameMap
    request_timeout: Seconds = None


class GeneralSettings(Section):
    """`general_settings`."""

    master_key: MasterKey = None
    completion_model: Name | None = None
    allowed_routes: list[Route] | None = None
    admin_only_routes: AdminRoutes


class ModelwardSettings(Section):
    """`modelward_settings`: what LiteLLM has no setting for."""

    empty_list: Annotated[Literal["allow", "deny"], BeforeValidator(resolve)] = "allow"
