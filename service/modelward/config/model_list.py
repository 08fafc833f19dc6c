"""One item of `model_list`: a deployment as LiteLLM's config describes it (K1)."""

from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator
from pydantic_core import PydanticCustomError

from modelward.config.fields import (
    Credential,
    Inner,
    Name,
    Names,
    Order,
    Seconds,
    Section,
    Text,
    UpstreamName,
    UpstreamText,
    UpstreamUrl,
    Weight,
)


class LiteLLMParams(Section):
    """`litellm_params`: where the deployment is served. With `mock_response` it answers by itself."""

    # First, because the other fields' references may be unset when it is there.
    mock_response: Text | None = None
    model: UpstreamName
    custom_llm_provider: UpstreamText = None
    api_key: Credential = None
    api_base: UpstreamUrl = None
    base_url: UpstreamUrl = None
    api_version: UpstreamText = None
    organization: UpstreamText = None
    litellm_credential_name: Name | None = None
    weight: Weight = None
    order: Order = None
    timeout: Seconds = None
    request_timeout: Seconds = None

    @model_validator(mode="after")
    def _one_address(self) -> "LiteLLMParams":
        if self.api_base and self.base_url and self.api_base != self.base_url:
            raise PydanticCustomError("two_addresses", "`api_base` and `base_url` differ; keep one of the two")
        return self


def _number_as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


# LiteLLM takes a number for an id, and keeps its text.
Identifier = Annotated[Name, BeforeValidator(_number_as_text)]


class ModelInfo(Section):
    """`model_info`: who the deployment is for; a team's own deployment has a public name (C6)."""

    id: Identifier | None = None
    access_groups: Names
    team_id: Name | None = None
    team_public_model_name: Name | None = None

    @model_validator(mode="after")
    def _public_name_needs_a_team(self) -> "ModelInfo":
        if self.team_public_model_name and not self.team_id:
            raise PydanticCustomError(
                "no_team", "`team_public_model_name` needs `team_id`: without it the model is everybody's"
            )
        return self


class ModelItem(Section):
    """A deployment and the name it is asked for."""

    model_name: Name
    litellm_params: LiteLLMParams
    model_info: Inner[ModelInfo]

    @property
    def public_name(self) -> str:
        """The name that callers use for the deployment (C6)."""
        return self.model_info.team_public_model_name or self.model_name
