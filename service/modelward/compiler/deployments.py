"""The places models are served at, for the service alone: they hold credentials (K4)."""

from modelward.config import Config, Model, Providers, providers
from modelward.contract import Deployment

DEFAULT_PROVIDER = "openai"

# Words in a `litellm_params.model` that tell LiteLLM how to call, and are no part of the model's name.
_MANNERS = {
    "azure": ("responses/",),
    "bedrock": ("converse_like/", "converse/", "invoke/"),
    "openai": ("responses/", "chat/completions/"),
}


def deployments(config: Config) -> tuple[Deployment, ...]:
    """Every deployment of the config, in its order."""
    return tuple(_deployment(model, config.timeout) for model in config.models)


def _deployment(model: Model, default_timeout: float | None) -> Deployment:
    params = model.item.litellm_params
    provider, spelled = split_provider(params.model, params.custom_llm_provider, providers())
    upstream = without_manner(provider, spelled)
    return Deployment(
        id=model.id,
        entry=model.public_name,
        provider=provider,
        model=upstream,
        api_key=params.api_key,
        api_base=params.api_base or params.base_url,
        api_version=params.api_version,
        mock_response=params.mock_response,
        weight=1.0 if params.weight is None else params.weight,
        timeout=params.timeout or params.request_timeout or default_timeout,
        groups=tuple(sorted(model.item.model_info.access_groups)),
        team_id=model.item.model_info.team_id,
    )


def split_provider(model: str, declared: str | None, table: Providers) -> tuple[str, str]:
    """The provider of a `litellm_params.model`, and the upstream's own name for the model.

    The provider is the one declared, else the word before the first `/` if that is a provider, else the provider
    that publishes the name (C4), else OpenAI.
    """
    first, slash, rest = model.partition("/")
    if declared:
        return declared, rest if slash and first == declared else model
    if slash and first in table.names:
        return first, rest
    return next(iter(table.of(model)), DEFAULT_PROVIDER), model


def without_manner(provider: str, model: str) -> str:
    """The upstream's own name, without the word that tells LiteLLM in which manner to call it."""
    manner = next((word for word in _MANNERS.get(provider, ()) if model.startswith(word)), "")
    return model.removeprefix(manner) or model
