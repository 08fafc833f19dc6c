"""Blocking customers."""

import asyncio
from datetime import timedelta

import pytest

from modelward.contract import Customer
from modelward.errors import Conflict, NotFound
from modelward.store import Store
from store.databases import NOW

LATER = NOW + timedelta(days=1)
CAROL = Customer(
    user_id="carol", alias="Carol", models=["gpt-4"], extra={"max_budget": 1}, created_at=NOW, updated_at=NOW
)


def new(user_id: str) -> Customer:
    """The record that blocking makes."""
    return Customer(user_id=user_id, blocked=True, created_at=LATER, updated_at=LATER)


async def test_blocking_keeps_the_rest_of_a_record(store: Store) -> None:
    await store.customers.add(CAROL)
    blocked = Customer(
        user_id="carol",
        alias="Carol",
        models=["gpt-4"],
        blocked=True,
        extra={"max_budget": 1},
        created_at=NOW,
        updated_at=LATER,
    )
    assert await store.customers.set_blocked(["carol"], True, now=LATER) == [blocked]
    assert await store.customers.get("carol") == blocked


async def test_blocking_makes_the_records_that_are_missing(store: Store) -> None:
    found = await store.customers.set_blocked(["dave", "bob", "dave"], True, now=LATER)
    assert found == [new("dave"), new("bob")]
    assert [await store.customer("bob"), await store.customer("dave")] == [new("bob"), new("dave")]


async def test_nobody_is_blocked_together_with_a_declared_customer(store: Store) -> None:
    for blocked in (True, False):
        with pytest.raises(Conflict, match="`declared-customer` is declared in the config file") as refused:
            await store.customers.set_blocked(["bob", "declared-customer"], blocked, now=LATER)
        assert refused.value.status == 409
    with pytest.raises(NotFound):
        await store.customers.get("bob")


async def test_blocking_twice_is_blocking_once(store: Store) -> None:
    first = await store.customers.set_blocked(["bob"], True, now=LATER)
    assert await store.customers.set_blocked(["bob"], True, now=LATER) == first


async def test_customers_are_unblocked_together_or_not_at_all(store: Store) -> None:
    await store.customers.set_blocked(["bob"], True, now=LATER)
    with pytest.raises(NotFound, match="`nobody`: none was changed"):
        await store.customers.set_blocked(["bob", "nobody"], False, now=LATER)
    assert (await store.customers.get("bob")).blocked
    for _ in range(2):
        (unblocked,) = await store.customers.set_blocked(["bob"], False, now=LATER)
        assert not unblocked.blocked
    assert await store.customer("bob") == unblocked


async def test_nobody_to_block_is_no_fault(store: Store) -> None:
    assert await store.customers.set_blocked([], True, now=LATER) == []
    assert await store.customers.set_blocked([], False, now=LATER) == []


async def test_many_may_block_the_same_customers_at_once(store: Store) -> None:
    names = [f"customer-{number}" for number in range(10)]
    turned = [names[turn:] + names[:turn] for turn in range(16)]
    answers = await asyncio.gather(*(store.customers.set_blocked(each, True, now=LATER) for each in turned))
    assert [[customer.user_id for customer in answer] for answer in answers] == turned
    assert {each.user_id: each.blocked for each in await store.customers.all() if not each.declared} == dict.fromkeys(
        names, True
    )
