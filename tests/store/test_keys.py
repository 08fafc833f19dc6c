"""The records of keys."""

import pytest

from modelward.contract import AccessGroup, Key, KeyMapping
from modelward.errors import Conflict, NotFound, Refused
from modelward.store import KeyFilter, Store
from store.databases import HASH, NOW, OTHER, changed, key, unowned

THIRD = "3" * 64


async def test_a_record_is_read_as_it_was_written(store: Store) -> None:
    written = Key(
        token=HASH,
        key_name="sk-...lice",
        key_alias="ci",
        models=["gpt-4", ""],
        aliases={"a": "b"},
        team_id="red",
        user_id="alice",
        project_id="web",
        organization_id="acme",
        access_group_ids=["beta"],
        expires=NOW,
        blocked=True,
        allowed_routes=["/chat/completions"],
        metadata={"a": [1, None, {"ü": "\x00"}]},
        extra={"max_budget": 1.5},
        created_at=NOW,
        created_by="master",
        updated_at=NOW,
        updated_by="master",
    )
    await store.keys.add(written)
    assert unowned(await store.keys.get(HASH)) == written


async def test_a_key_is_stored_once(store: Store) -> None:
    await store.keys.add(key())
    with pytest.raises(Conflict, match="exists already"):
        await store.keys.add(key())


async def test_an_alias_names_one_key(store: Store) -> None:
    await store.keys.add(key(key_alias="ci"))
    with pytest.raises(Conflict, match="`ci`"):
        await store.keys.add(key(THIRD, key_alias="ci"))


async def test_an_alias_of_a_declared_key_is_taken(store: Store) -> None:
    with pytest.raises(Conflict, match="`declared`"):
        await store.keys.add(key(key_alias="declared"))


async def test_keys_without_an_alias_do_not_collide(store: Store) -> None:
    await store.keys.add(key())
    await store.keys.add(key(THIRD))
    assert (await store.keys.page(KeyFilter(), offset=0))[1] == 3


async def test_a_change_that_is_refused_changes_nothing(store: Store) -> None:
    await store.keys.add(key(key_alias="ci"))
    await store.keys.add(key(THIRD))
    with pytest.raises(Conflict):
        await store.keys.change(THIRD, lambda each: changed(each, key_alias="ci", blocked=True))
    assert unowned(await store.keys.get(THIRD)) == key(THIRD)


async def test_a_key_may_keep_its_alias_when_it_changes(store: Store) -> None:
    await store.keys.add(key(key_alias="ci"))
    edited = await store.keys.change(HASH, lambda each: changed(each, blocked=True))
    assert unowned(await store.keys.get(HASH)) == unowned(edited) == key(key_alias="ci", blocked=True)


async def test_a_key_that_is_missing_cannot_change(store: Store) -> None:
    with pytest.raises(NotFound):
        await store.keys.change(HASH, lambda each: each)


async def test_keys_are_deleted_together_or_not_at_all(store: Store) -> None:
    await store.keys.add(key())
    with pytest.raises(NotFound, match=THIRD):
        await store.keys.remove([HASH, THIRD])
    assert unowned(await store.keys.get(HASH)) == key()


async def test_what_the_config_declares_is_shown(store: Store) -> None:
    assert (await store.keys.get(OTHER)).declared


async def test_what_the_config_declares_cannot_be_changed(store: Store) -> None:
    await store.keys.add(key())
    for change in (
        store.keys.add(key(OTHER)),
        store.keys.change(OTHER, lambda each: each),
        store.keys.change(HASH, lambda each: changed(each, token=OTHER)),
        store.keys.remove([OTHER]),
    ):
        with pytest.raises(Refused, match="declared in the config file") as refused:
            await change
        assert refused.value.status == 409


async def test_pages_hold_every_key_once(store: Store) -> None:
    for number in range(5):
        await store.keys.add(key(f"{number}" * 64))
    pages = [await store.keys.page(KeyFilter(), offset=offset, limit=2) for offset in (0, 2, 4)]
    assert {total for _, total in pages} == {6}
    assert [each.token for page, _ in pages for each in page] == [OTHER, *(f"{number}" * 64 for number in range(5))]


async def test_a_filter_holds_for_declared_and_stored_keys(store: Store) -> None:
    await store.keys.add(key(team_id="declared-team"))
    await store.keys.add(key(THIRD, team_id="red"))
    found, total = await store.keys.page(KeyFilter(team_id="declared-team"), offset=0)
    assert ([each.token for each in found], total) == ([OTHER, HASH], 2)


@pytest.mark.parametrize("field", ["project_id", "organization_id"])
async def test_keys_are_found_by_what_they_belong_to(store: Store, field: str) -> None:
    await store.keys.add(key(**{field: "acme"}))
    await store.keys.add(key(THIRD))
    found, total = await store.keys.page(KeyFilter(**{field: "acme"}), offset=0)
    assert ([each.token for each in found], total) == ([HASH], 1)


async def test_a_key_that_is_regenerated_keeps_its_mappings_and_its_groups(store: Store) -> None:
    await store.keys.add(key())
    await store.key_mappings.add(KeyMapping(id="1", jwt_claim_name="sub", jwt_claim_value="ci", token=HASH))
    await store.access_groups.add(AccessGroup(access_group_id="beta", assigned_key_ids=["another", HASH]))
    await store.keys.change(HASH, lambda each: changed(each, token=THIRD))
    assert await store.mapped_key("sub", "ci") == THIRD
    assert (await store.access_groups.get("beta")).assigned_key_ids == ["another", THIRD]


async def test_a_key_that_is_deleted_leaves_its_mapping_behind(store: Store) -> None:
    await store.keys.add(key())
    await store.key_mappings.add(KeyMapping(id="1", jwt_claim_name="sub", jwt_claim_value="ci", token=HASH))
    assert [unowned(each) for each in await store.keys.remove([HASH])] == [key()]
    assert await store.mapped_key("sub", "ci") == HASH


async def test_aliases_lead_to_hashes(store: Store) -> None:
    await store.keys.add(key(key_alias="ci"))
    assert await store.keys.hashes_of(["ci", "declared"]) == [HASH, OTHER]
    with pytest.raises(NotFound, match="`nobody`"):
        await store.keys.hashes_of(["ci", "nobody"])
