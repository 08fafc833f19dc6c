"""An id that two owners have in one account of an upstream is nobody's."""

import asyncio

from modelward.contract import Catalog
from modelward.store import Store, open_store
from store.objects import ACCOUNT, ALICE, BOB, USE, owners_of, response


async def test_an_id_that_two_owners_have_in_one_account_is_nobodys(store: Store) -> None:
    assert await store.objects.bind([response(deployment="gpt-4-west")], ACCOUNT) == []
    assert await store.objects.bind([response(owner=BOB), response("resp_2", BOB)], ACCOUNT) == [("response", "resp_1")]
    assert await owners_of(store, "resp_1", [ALICE, BOB]) == []
    assert await owners_of(store, "resp_2", [ALICE, BOB]) == [BOB]


async def test_an_id_that_was_contested_is_nobodys_whoever_binds_it_again(store: Store) -> None:
    for owner in (ALICE, BOB):
        await store.objects.bind([response(owner=owner)], ACCOUNT)
    for owner in (ALICE, BOB, "user:carol"):
        for uses in ((), (USE,)):
            made = response(owner=owner, uses=uses, deployment="gpt-4-west")
            assert await store.objects.bind([made], ACCOUNT) == [("response", "resp_1")]
            await store.objects.forget("response", "resp_1", owner)
    assert await owners_of(store, "resp_1", [ALICE, BOB, "user:carol"]) == []


async def test_an_id_that_is_contested_in_two_accounts_is_nobodys_in_either(store: Store) -> None:
    for deployment, account in (("gpt-4-east", ACCOUNT), ("azure", ["azure"])):
        for owner in (ALICE, BOB):
            await store.objects.bind([response(owner=owner, deployment=deployment)], account)
    for deployment, account in (("gpt-4-east", ACCOUNT), ("azure", ["azure"])):
        await store.objects.bind([response(owner="user:carol", deployment=deployment)], account)
    assert await owners_of(store, "resp_1", [ALICE, BOB, "user:carol"]) == []


async def test_an_object_of_another_account_stays_where_its_id_is_contested_in_one(store: Store) -> None:
    await store.objects.bind([response(owner=BOB, deployment="azure")], ["azure"])
    await store.objects.bind([response()], ACCOUNT)
    await store.objects.bind([response(owner=BOB)], ACCOUNT)
    found = await store.objects.find("response", "resp_1", BOB)
    assert found is not None
    assert found.deployment == "azure"
    assert await store.objects.find("response", "resp_1", ALICE) is None


async def test_the_owner_of_an_object_may_bind_it_again(store: Store) -> None:
    for _ in range(2):
        assert await store.objects.bind([response()], ACCOUNT) == []
    assert await owners_of(store, "resp_1", [ALICE]) == [ALICE]


async def test_the_deployment_of_an_object_is_of_its_account_though_it_is_not_named(store: Store) -> None:
    await store.objects.bind([response()], ())
    await store.objects.bind([response(owner=BOB)], ())
    assert await owners_of(store, "resp_1", [ALICE, BOB]) == []


async def test_of_many_who_bind_one_id_at_once_nobody_has_it(store: Store, url: str) -> None:
    owners = [f"user:{number}" for number in range(10)]
    async with open_store(url, declared=Catalog) as other:
        binding = []
        for turn, owner in enumerate(owners):
            made = [response("resp_1", owner), response("resp_2", owner)]
            binding.append((store, other)[turn % 2].objects.bind(made[:: (-1) ** turn], ACCOUNT))
        await asyncio.gather(*binding)
    assert await owners_of(store, "resp_1", owners) == []
    assert await owners_of(store, "resp_2", owners) == []
