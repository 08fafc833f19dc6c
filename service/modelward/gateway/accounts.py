"""Which deployments share an account at an upstream: only there does an object's id, or a model beside another, mean
the same."""

from collections.abc import Iterable

from modelward.contract import Deployment
from modelward.providers import providers

Account = tuple[str, str | None, str | None, str | None]


def account(deployment: Deployment) -> Account:
    """What tells the account of a deployment from others; it holds the secret, so it is never shown."""
    row = providers().spoken.get(deployment.provider)
    address = deployment.api_base or (row.api_base if row else None)
    return deployment.provider, address.rstrip("/") if address else None, deployment.api_key, deployment.organization


def beside(deployment: Deployment, others: Iterable[Deployment]) -> list[Deployment]:
    """Those of `others` that share the account of `deployment`."""
    own = account(deployment)
    return [other for other in others if account(other) == own]
