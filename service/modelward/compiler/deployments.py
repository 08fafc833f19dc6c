"""The places models are served at, for the service alone: they hold credentials (K4)."""

from modelward.config import Config, Model
from modelward.contract import Deployment


def deployments(config: Config) -> tuple[Deployment, ...]:
    """Every deployment of the config that takes calls, in its order (E5)."""
    served = (model for model in config.models if model.destination.out_of_service is None)
    return tuple(_deployment(model, config.timeout) for model in served)


def _deployment(model: Model, default_timeout: float | None) -> Deployment:
    params = model.item.litellm_params
    return Deployment(
        id=model.id,
        entry=model.public_name,
        provider=model.destination.provider,
        model=model.destination.model,
        api_key=params.api_key,
        api_base=params.api_base or params.base_url,
        api_version=params.api_version,
        organization=params.organization,
        mock_response=params.mock_response,
        weight=1.0 if params.weight is None else params.weight,
        order=params.order,
        timeout=params.timeout or params.request_timeout or default_timeout,
        groups=tuple(sorted(model.item.model_info.access_groups)),
        team_id=model.item.model_info.team_id,
    )
