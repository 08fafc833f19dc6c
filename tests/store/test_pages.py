"""Pages of records, and the filters that say which are asked for."""

from datetime import timedelta
from typing import Any

import pytest

from modelward.contract import Catalog, KeyMapping, Member, Team, User
from modelward.store import KeyFilter, Store, TeamFilter, UserFilter, open_store
from store.databases import HASH, NOW, changed, key, run_by_hand, team

ALICE = User(user_id="alice", user_role="internal_user", teams=["red"], user_email="Alice@Example.com", created_at=NOW)
BOB = User(
    user_id="bob", user_role="proxy_admin", teams=['"red', "blue"], extra={"tags": ["\x00", "alice"]}, created_at=NOW
)
DECLARED = Catalog(
    declared_users={"dora": User(user_id="dora", user_role="internal_user", teams=["red"])},
    declared_teams={"blue": Team(team_id="blue", organization_id="acme")},
    declared_members={"blue": {"dora": Member(team_id="blue", user_id="dora")}},
)


async def users_found(store: Store, **fields: Any) -> list[str]:
    """The ids of the users that fit."""
    found, total = await store.users.page(UserFilter(**fields), offset=0)
    assert total == len(found)
    return [user.user_id for user in found]


async def test_pages_hold_every_record_once(store: Store) -> None:
    names = [f"user-{number}" for number in range(5)]
    for number, name in enumerate(names):
        await store.users.add(User(user_id=name, created_at=NOW - timedelta(days=number)))
    pages = [await store.users.page(offset=offset, limit=2) for offset in (0, 2, 4, 6)]
    assert {total for _, total in pages} == {6}
    assert [user.user_id for page, _ in pages for user in page] == ["declared-user", *names]


async def test_a_page_after_the_last_is_empty_and_knows_the_total(store: Store) -> None:
    await store.key_mappings.add(KeyMapping(id="1", jwt_claim_name="sub", jwt_claim_value="ci", token=HASH))
    assert await store.key_mappings.page(offset=1, limit=10) == ([], 1)


async def test_a_record_without_a_time_comes_last(store: Store) -> None:
    await store.users.add(User(user_id="alice"))
    await store.users.add(User(user_id="bob", created_at=NOW))
    assert [user.user_id for user in await store.users.all()] == ["declared-user", "bob", "alice"]


async def test_mappings_are_shown_the_newest_first(store: Store) -> None:
    old = KeyMapping(id="1", jwt_claim_name="sub", jwt_claim_value="ci", token=HASH, created_at=NOW)
    new = KeyMapping(id="2", jwt_claim_name="sub", jwt_claim_value="cd", token=HASH, created_at=NOW + timedelta(days=1))
    await store.key_mappings.add(old)
    await store.key_mappings.add(new)
    assert await store.key_mappings.page(offset=0, limit=1) == ([new], 2)


async def test_a_stored_record_that_the_config_declares_too_is_shown_once(url: str) -> None:
    declared = Catalog(declared_users={name: User(user_id=name) for name in ("alice", "o'hara", "50%", "\x00")})
    async with open_store(url, declared=Catalog) as before:
        await before.users.add(changed(ALICE, user_id="o'hara"))
        await before.users.add(BOB)
        await before.keys.add(key())
    async with open_store(url, declared=lambda: declared) as store:
        found, total = await store.users.page(offset=0)
        assert ([user.user_id for user in found], total) == (["alice", "o'hara", "50%", "\x00", "bob"], 5)


async def test_a_config_may_declare_more_than_a_statement_takes_parameters(url: str) -> None:
    declared = Catalog(declared_users={f"{number}": User(user_id=f"{number}") for number in range(40_000)})
    async with open_store(url, declared=lambda: declared) as store:
        alice = await store.users.add(ALICE)
        assert await store.users.page(offset=40_000, limit=2) == ([alice], 40_001)


@pytest.mark.parametrize(("fields", "expected"), [
    ({}, ["dora", "alice", "bob"]),
    ({"user_role": "internal_user"}, ["dora", "alice"]),
    ({"team": "red"}, ["dora", "alice"]),
    ({"user_ids": ("bob", "dora", "nobody")}, ["dora", "bob"]),
    ({"user_ids": ()}, []),
    ({"email_part": "@eXample"}, ["alice"]),
    ({"email_part": "%"}, []),
    ({"email_part": ""}, ["dora", "alice", "bob"]),
    ({"search": "B"}, ["bob"]),
    ({"search": "example"}, ["alice"]),
    ({"search": "_"}, []),
    ({"search": "o"}, ["dora", "alice", "bob"]),
    ({"search": "o", "user_role": "proxy_admin"}, ["bob"]),
])  # fmt: skip
async def test_a_filter_holds_for_declared_and_stored_users(url: str, fields: Any, expected: list[str]) -> None:
    async with open_store(url, declared=lambda: DECLARED) as store:
        await store.users.add(ALICE)
        await store.users.add(BOB)
        assert await users_found(store, **fields) == expected


async def test_a_user_is_in_the_teams_of_its_record_however_they_are_spelled(store: Store, url: str) -> None:
    await store.users.add(ALICE)
    await run_by_hand(url, "UPDATE users SET teams = '[\"gr\\u00fcn\"]'")
    assert await users_found(store, team="grün") == ["alice"]
    assert await users_found(store, team="red") == []


@pytest.mark.parametrize(("wanted", "expected"), [
    (TeamFilter(), ["blue", "red", "green"]),
    (TeamFilter(organization_id="acme"), ["blue", "red"]),
    (TeamFilter(user_id="dora"), ["blue", "red"]),
    (TeamFilter(user_id="alice"), ["green"]),
    (TeamFilter(organization_id="acme", user_id="alice"), []),
])  # fmt: skip
async def test_a_filter_holds_for_declared_and_stored_teams(url: str, wanted: TeamFilter, expected: list[str]) -> None:
    async with open_store(url, declared=Catalog) as before:
        await before.teams.add(changed(team("red", organization_id="acme"), created_at=NOW + timedelta(days=1)))
        await before.teams.add(team("green"))
        await before.members.add_all("red", [Member(team_id="red", user_id="dora")])
        await before.members.add_all("green", [Member(team_id="green", user_id="alice")])
    async with open_store(url, declared=lambda: DECLARED) as store:
        found, total = await store.teams.page(wanted, offset=0)
        assert ([each.team_id for each in found], total) == (expected, len(expected))


async def test_a_stored_key_that_the_config_declares_too_is_shown_once(url: str) -> None:
    async with open_store(url, declared=Catalog) as before:
        await before.keys.add(key())
    subject = key()
    async with open_store(url, declared=lambda: Catalog(declared_keys={HASH: subject})) as store:
        found, total = await store.keys.page(KeyFilter(), offset=0)
        assert ([each.token for each in found], total) == ([HASH], 1)
