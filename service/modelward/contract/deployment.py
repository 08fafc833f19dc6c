"""Where a model is served; not shared with Rego."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Deployment:
    """One place a model is served at. Never part of a bundle: `api_key` is the resolved secret (K4).

    `organization` is the one at the upstream that pays. Those of the lowest `order` are tried first, those without one
    last. `model` is the upstream's own name; for a wildcard deployment it may hold `*`, filled from the name asked for.
    Times are seconds.
    """

    id: str
    entry: str
    provider: str
    model: str
    api_key: str | None = field(default=None, repr=False)
    api_base: str | None = None
    api_version: str | None = None
    organization: str | None = None
    mock_response: str | None = None
    weight: float = 1.0
    order: int | None = None
    timeout: float | None = None
    groups: tuple[str, ...] = ()
    team_id: str | None = None
