"""Which deployment answers: a weighted draw, with a short rest for one that could not be reached."""

from collections.abc import Callable, Sequence
from random import Random

from modelward.contract import Deployment

_COOL_DOWN_SECONDS = 5.0


class Balancer:
    """Orders deployments for one call. `clock` counts seconds and never goes back."""

    def __init__(self, random: Random, clock: Callable[[], float]) -> None:
        self._random = random
        self._clock = clock
        self._rests_until: dict[str, float] = {}

    def order(self, deployments: Sequence[Deployment]) -> list[Deployment]:
        """All of `deployments` in the order to try them: those at rest last, in each part those of the lowest `order`
        first, and those of one `order` drawn by weight."""
        return sorted(deployments, key=self._place)

    def failed(self, deployment: Deployment) -> None:
        """Let `deployment` rest: it could not be reached."""
        self._rests_until[deployment.id] = self._clock() + _COOL_DOWN_SECONDS

    def _place(self, deployment: Deployment) -> tuple[bool, float, float]:
        order = float("inf") if deployment.order is None else deployment.order
        # An arrival time at a rate of the weight: the earliest of several is each one's with a chance of its weight.
        drawn = self._random.expovariate(deployment.weight) if deployment.weight > 0 else float("inf")
        return self._clock() < self._rests_until.get(deployment.id, 0.0), order, drawn
