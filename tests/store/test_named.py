"""Customers and mapped keys, as a request names them."""

from modelward.contract import AccessGroup, Customer, KeyMapping
from modelward.store import Store
from store.databases import DECLARED, HASH, OTHER, changed, key


async def test_a_customer_comes_from_the_config_or_the_database_or_is_none(store: Store) -> None:
    await store.customers.add(Customer(user_id="carol", alias="Carol", models=["gpt-4"]))
    await store.customers.add(Customer(user_id="dave", blocked=True))
    assert await store.customer("carol") == Customer(user_id="carol", alias="Carol", models=["gpt-4"])
    assert await store.customer("dave") == Customer(user_id="dave", blocked=True)
    assert await store.customer("declared-customer") == DECLARED.declared_customers["declared-customer"]
    assert await store.customer("nobody") is None


async def test_a_customer_comes_without_what_decides_nothing(store: Store) -> None:
    await store.customers.add(Customer(user_id="carol", metadata={"crm": 7}, extra={"spend": 1}))
    assert await store.customer("carol") == Customer(user_id="carol")


async def test_a_customer_is_named_byte_for_byte(store: Store) -> None:
    await store.customers.add(Customer(user_id="carol"))
    for other in ("Carol", "carol ", "", "carol\x00", "\ud800", "c" * 100_000):
        assert await store.customer(other) is None


async def test_a_key_may_name_very_many_records(store: Store) -> None:
    await store.access_groups.add(AccessGroup(access_group_id="beta"))
    await store.keys.add(key(access_group_ids=[*(f"{number}" for number in range(40_000)), "beta"]))
    caller = await store.caller(HASH)
    assert caller is not None and set(caller.access_groups) == {"beta"}


async def test_a_customer_that_was_unknown_is_found_once_it_is_stored(store: Store) -> None:
    assert await store.customer("carol") is None
    await store.customers.add(Customer(user_id="carol"))
    assert await store.customer("carol") == Customer(user_id="carol")


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
