"""Customers and mapped keys, as a request names them."""

from modelward.contract import Customer, KeyMapping
from modelward.store import Store
from store.databases import DECLARED, HASH, OTHER, changed


async def test_customers_come_in_the_order_named_and_without_the_unknown(store: Store) -> None:
    await store.customers.add(Customer(user_id="carol", alias="Carol", models=["gpt-4"]))
    await store.customers.add(Customer(user_id="dave", blocked=True))
    assert await store.named_customers(["dave", "nobody", "declared-customer", "carol", "dave"]) == [
        Customer(user_id="dave", blocked=True),
        DECLARED.declared_customers["declared-customer"],
        Customer(user_id="carol", alias="Carol", models=["gpt-4"]),
    ]


async def test_a_customer_comes_without_what_decides_nothing(store: Store) -> None:
    await store.customers.add(Customer(user_id="carol", metadata={"crm": 7}, extra={"spend": 1}))
    assert await store.named_customers(["carol"]) == [Customer(user_id="carol")]


async def test_a_customer_is_named_byte_for_byte(store: Store) -> None:
    await store.customers.add(Customer(user_id="carol"))
    assert await store.named_customers(["Carol", "carol ", "", "carol\x00", "\ud800", "c" * 100_000]) == []


async def test_very_many_customers_are_found_at_once(store: Store) -> None:
    await store.customers.add(Customer(user_id="carol"))
    names = [f"{number}" for number in range(40_000)]
    assert await store.named_customers([*names, "carol"]) == [Customer(user_id="carol")]


async def test_a_customer_that_was_unknown_is_found_once_it_is_stored(store: Store) -> None:
    assert await store.named_customers(["carol"]) == []
    await store.customers.add(Customer(user_id="carol"))
    assert await store.named_customers(["carol"]) == [Customer(user_id="carol")]


async def test_a_claim_leads_to_its_key(store: Store) -> None:
    await store.key_mappings.add(KeyMapping(id="1", jwt_claim_name="client_id", jwt_claim_value="ci", token=HASH))
    assert await store.mapped_key("client_id", "ci") == HASH
    assert await store.mapped_key("client_id", "cd") is None
    assert await store.mapped_key("sub", "ci") is None
    assert await store.mapped_key("client_id", "ci\x00") is None


async def test_a_mapping_that_changes_leads_elsewhere_at_once(store: Store) -> None:
    assert await store.mapped_key("client_id", "ci") is None
    await store.key_mappings.add(KeyMapping(id="1", jwt_claim_name="client_id", jwt_claim_value="ci", token=HASH))
    assert await store.mapped_key("client_id", "ci") == HASH
    await store.key_mappings.change("1", lambda each: changed(each, token=OTHER))
    assert await store.mapped_key("client_id", "ci") == OTHER
