"""Which deployment answers: a weighted draw, with a short rest for one that could not be reached."""

from collections.abc import Callable, Sequence
from random import Random

from modelward.contract import Deployment


class Balancer:
    """Orders deployments for one call. `clock` counts seconds and never goes back; `cool_down` is in seconds."""

    def __init__(self, random: Random, clock: Callable[[], float], cool_down: float = 5.0) -> None:
        self._random = random
        self._clock = clock
        self._cool_down = cool_down
        self._rests_until: dict[str, float] = {}

    def order(self, deployments: Sequence[Deployment]) -> Sequence[Deployment]:
        """All of `deployments` in the order to try them: those at rest last, in each part those of the lowest `order`
        first, and those of one `order` drawn by weight."""
        if len(deployments) < 2:
            return deployments
        return sorted(deployments, key=lambda each: (self._rests(each.id), _order(each), self._draw(each.weight)))

    def failed(self, deployment: Deployment) -> None:
        """Let `deployment` rest: it could not be reached."""
        self._rests_until[deployment.id] = self._clock() + self._cool_down

    def _rests(self, deployment_id: str) -> bool:
        until = self._rests_until.get(deployment_id)
        if until is None:
            return False
        if self._clock() < until:
            return True
        del self._rests_until[deployment_id]
        return False

    def _draw(self, weight: float) -> float:
        """An arrival time at a rate of `weight`: the earliest of several is each one's with a chance of its weight."""
        return self._random.expovariate(weight) if weight > 0 else float("inf")


def _order(deployment: Deployment) -> float:
    return float("inf") if deployment.order is None else deployment.order
