"""Which deployment comes first."""

from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.upstream.serving import Clock, deployment
from modelward.contract import Deployment
from modelward.gateway.upstream.balance import Balancer


def pool(**weights: float) -> list[Deployment]:
    """One deployment for each name."""
    return [deployment(id=name, weight=weight) for name, weight in weights.items()]


def ids(order: Sequence[Deployment]) -> list[str]:
    """The ids of deployments, in their order."""
    return [each.id for each in order]


def test_each_deployment_comes_first_as_often_as_its_weight_says() -> None:
    balancer = Balancer(Random(1), Clock())
    firsts = Counter(ids(balancer.order(pool(a=1, b=3, c=6)))[0] for _ in range(10_000))
    assert {name: round(count / 1000) for name, count in firsts.items()} == {"a": 1, "b": 3, "c": 6}


@pytest.mark.parametrize("weight", [0, -1])
def test_a_weight_of_nothing_comes_last(weight: float) -> None:
    balancer = Balancer(Random(1), Clock())
    assert {ids(balancer.order(pool(a=weight, b=1, c=2)))[-1] for _ in range(100)} == {"a"}


def test_the_lowest_order_comes_first_and_none_last() -> None:
    balancer = Balancer(Random(1), Clock())
    deployments = [
        deployment(id=str(order), order=order, weight=1000 if order is None else 1) for order in (None, 2, 1)
    ]
    assert {tuple(ids(balancer.order(deployments))) for _ in range(20)} == {("1", "2", "None")}


def test_one_of_the_lowest_order_that_failed_comes_after_the_others() -> None:
    balancer = Balancer(Random(1), Clock())
    deployments = [deployment(id="a", order=1), deployment(id="b", order=2)]
    balancer.failed(deployments[0])
    assert ids(balancer.order(deployments)) == ["b", "a"]


def test_a_deployment_that_failed_comes_last_until_it_has_rested() -> None:
    clock = Clock()
    balancer = Balancer(Random(1), clock)
    deployments = pool(a=1000, b=1)
    balancer.failed(deployments[0])
    clock.seconds += 4.9
    assert ids(balancer.order(deployments)) == ["b", "a"]
    clock.seconds += 0.2
    assert ids(balancer.order(deployments)) == ["a", "b"]


@given(st.dictionaries(st.text(), st.floats(-1, 1e9), max_size=6), st.sets(st.integers(0, 5)))
def test_every_deployment_is_tried_once_whatever_rests(weights: dict[str, float], failed: set[int]) -> None:
    balancer = Balancer(Random(1), Clock())
    deployments = [deployment(id=name, weight=weight) for name, weight in weights.items()]
    for each in deployments:
        if deployments.index(each) in failed:
            balancer.failed(each)
    assert sorted(ids(balancer.order(deployments))) == sorted(weights)
