"""Objects follow the record that made them, and no later record of the same id has them."""

import pytest

from modelward.contract import Caller, Catalog, Member, User
from modelward.store import Store, open_store
from store.databases import DECLARED, HASH, OTHER, changed, key, run_by_hand, team
from store.objects import ACCOUNT, owner_of_key, owners_of, response


async def _owner(store: Store, key_hash: str = HASH) -> str:
    return await owner_of_key(store, key_hash)


async def test_a_key_keeps_its_objects_where_it_gets_a_new_secret_or_other_fields(store: Store) -> None:
    await store.keys.add(key())
    before = await _owner(store)
    await store.keys.change(HASH, lambda one: changed(one, token="f" * 64, models=["gpt-4"]))
    assert await _owner(store, "f" * 64) == before


async def test_a_new_key_with_a_deleted_ones_secret_is_another_owner(store: Store) -> None:
    await store.keys.add(key())
    before = await _owner(store)
    await store.keys.remove([HASH])
    await store.keys.add(key())
    assert await _owner(store) != before


async def test_a_new_team_of_a_deleted_ones_id_is_another_owner(store: Store) -> None:
    owners = []
    for _ in range(2):
        await store.teams.add(team())
        await store.keys.add(key(team_id="red"))
        owners.append(await _owner(store))
        await store.teams.remove(["red"])
    assert owners[0] != owners[1]
    assert "red" not in owners[0]


async def test_a_new_user_of_a_deleted_ones_id_is_another_owner(store: Store) -> None:
    owners = []
    for _ in range(2):
        await store.users.add(User(user_id="ann"))
        await store.keys.add(key(user_id="ann"))
        owners.append(await _owner(store))
        await store.users.remove(["ann"])
    assert owners[0] != owners[1]


async def test_the_keys_of_a_team_and_of_a_user_share_an_owner(store: Store) -> None:
    await store.teams.add(team())
    await store.users.add(User(user_id="ann"))
    for number, fields in enumerate(({"team_id": "red"}, {"team_id": "red", "user_id": "ann"}, {"user_id": "ann"})):
        await store.keys.add(key(str(number) * 64, **fields))
    first, second, third = [await _owner(store, str(number) * 64) for number in range(3)]
    assert first == second != third


async def test_what_the_config_declares_owns_by_its_id(store: Store) -> None:
    assert await _owner(store, OTHER) == "team:declared-team"


@pytest.mark.parametrize("way", ["new", "member"])
async def test_a_user_that_gets_a_record_keeps_what_was_made_under_its_id(store: Store, way: str) -> None:
    await store.keys.add(key(user_id="ann"))
    assert await _owner(store) == "user:ann"
    made = [response(f"resp_{number:03}", "user:ann") for number in range(501)]
    await store.objects.bind(made, ACCOUNT)
    await store.objects.bind([response("resp_bob", "user:bob")], ACCOUNT)
    if way == "new":
        await store.users.add(User(user_id="ann"))
    else:
        await store.teams.add(team())
        await store.members.add_all("red", [Member(team_id="red", user_id="ann")])
    owner = await _owner(store)
    assert owner != "user:ann"
    assert len(await store.objects.page("response", owner, limit=1_000, after=None)) == 501
    assert await owners_of(store, "resp_bob", [owner, "user:bob"]) == ["user:bob"]


async def test_what_was_made_under_the_id_of_a_deleted_user_goes_to_no_later_one(store: Store) -> None:
    await store.users.add(User(user_id="ann"))
    await store.objects.bind([response("resp_late", "user:ann")], ACCOUNT)  # a call from before the record
    await store.users.remove(["ann"])
    await store.users.add(User(user_id="ann"))
    await store.keys.add(key(user_id="ann"))
    assert await owners_of(store, "resp_late", [await _owner(store), "user:ann"]) == []


async def test_the_rules_and_the_catalogue_do_not_see_the_owner(store: Store) -> None:
    await store.keys.add(key())
    caller = await store.caller(HASH)
    assert isinstance(caller, Caller)
    assert b"objects_owner" not in caller.encoded
    assert "objects_owner" not in str(caller.plain)
    assert "objects_owner" not in DECLARED.model_dump_json()


async def test_a_record_that_an_earlier_version_wrote_owns_by_its_id(url: str) -> None:
    async with open_store(url, declared=Catalog) as store:
        await store.keys.add(key())
        await run_by_hand(url, "UPDATE keys SET objects_owner = NULL")
        assert await _owner(store) == f"key:{HASH}"
