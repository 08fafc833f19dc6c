"""The names of unified access groups."""

import pytest

from modelward.contract import AccessGroup, Catalog
from modelward.errors import Conflict
from modelward.store import Store, open_store
from store.databases import changed


async def test_an_access_group_name_is_taken_once(store: Store) -> None:
    await store.access_groups.add(AccessGroup(access_group_id="beta", access_group_name="Beta"))
    await store.access_groups.add(AccessGroup(access_group_id="gamma", access_group_name="Gamma"))
    for change in (
        store.access_groups.add(AccessGroup(access_group_id="delta", access_group_name="Beta")),
        store.access_groups.change("gamma", lambda each: changed(each, access_group_name="Beta")),
    ):
        with pytest.raises(Conflict, match="`access_group_name` `Beta` exists already") as refused:
            await change
        assert refused.value.status == 409
    assert len(await store.access_groups.all()) == 3


async def test_access_groups_without_a_name_do_not_collide(store: Store) -> None:
    await store.access_groups.add(AccessGroup(access_group_id="beta"))
    await store.access_groups.add(AccessGroup(access_group_id="gamma"))
    assert len(await store.access_groups.all()) == 3


async def test_the_name_of_a_declared_access_group_is_taken(url: str) -> None:
    group = AccessGroup(access_group_id="declared", access_group_name="Beta", description="all of it")
    async with open_store(url, declared=Catalog) as before:
        await before.access_groups.add(AccessGroup(access_group_id="beta", access_group_name="Beta"))
    async with open_store(url, declared=lambda: Catalog(declared_access_groups={"declared": group})) as store:
        assert (await store.access_groups.get("declared")).access_group_name == "Beta"
        await store.access_groups.add(AccessGroup(access_group_id="gamma", access_group_name="Gamma"))
        for change in (
            store.access_groups.add(AccessGroup(access_group_id="delta", access_group_name="Beta")),
            store.access_groups.change("gamma", lambda each: changed(each, access_group_name="Beta")),
        ):
            with pytest.raises(Conflict, match="`access_group_name` `Beta` exists already") as refused:
                await change
            assert refused.value.status == 409
        kept = await store.access_groups.change("beta", lambda each: changed(each, description="kept its name"))
        assert kept.access_group_name == "Beta"
