"""The records that a token may stand for."""

import pytest

from modelward.contract import AccessGroup, Caller, Catalog, Member, Organization, Team, Token, TokenRecords, User
from modelward.errors import Unidentified
from modelward.store import Store, open_store
from store.databases import DECLARED, team

DIGEST = "d" * 64


async def records_of(store: Store, token: Token) -> TokenRecords:
    """What the store knows of a token."""
    records = (await store.token_caller(token, DIGEST)).records
    assert records is not None
    return records


async def test_a_token_without_records_is_a_caller_all_the_same(store: Store) -> None:
    token = Token(user_id="gone", team_id="gone", team_alias="gone", team_ids=["gone"], organization_id="gone")
    assert await store.token_caller(token, DIGEST) == Caller(kind="jwt", token=token, records=TokenRecords())


async def test_every_team_that_a_token_names_is_found(store: Store) -> None:
    names = ["chosen", "claimed", "first", "of-alias", "of-role", "of-user"]
    for name in (*names, "other"):
        await store.teams.add(team(name, team_alias="Reds" if name == "of-alias" else None))
    await store.users.add(User(user_id="alice", teams=["of-user"]))
    token = Token(
        team_id="first",
        chosen_team_id="chosen",
        object_id="of-role",
        team_ids=["claimed"],
        team_alias="Reds",
        user_id="alice",
    )
    records = await records_of(store, token)
    assert sorted(records.teams) == names
    assert records.teams_of_alias == ["of-alias"]


async def test_the_user_may_be_named_by_its_id_or_by_the_object_id(store: Store) -> None:
    await store.users.add(User(user_id="alice"))
    await store.users.add(User(user_id="bob"))
    await store.users.add(User(user_id="carol"))
    assert sorted((await records_of(store, Token(user_id="alice", object_id="bob"))).users) == ["alice", "bob"]


async def test_the_user_may_be_named_by_its_mail_address(store: Store) -> None:
    await store.users.add(User(user_id="alice@example.com"))
    await store.teams.add(team("red"))
    await store.members.add_all("red", [Member(team_id="red", user_id="alice@example.com")])
    records = await records_of(store, Token(email="alice@example.com", team_id="red"))
    assert sorted(records.users) == ["alice@example.com"]
    assert records.members == [Member(team_id="red", user_id="alice@example.com")]


@pytest.mark.parametrize("named", [{"user_id": "alice"}, {"object_id": "alice"}, {"email": "alice"}])
async def test_a_membership_is_found_though_its_user_has_no_record(url: str, named: dict[str, str]) -> None:
    member = Member(team_id="red", user_id="alice", allowed_models=["gpt-4"])
    catalog = Catalog(declared_teams={"red": Team(team_id="red")}, declared_members={"red": {"alice": member}})
    async with open_store(url, declared=lambda: catalog) as store:
        records = await records_of(store, Token(team_ids=["red"], **named))
    assert not records.users
    assert records.members == [member]


async def test_the_default_team_is_found(store: Store) -> None:
    await store.teams.add(team("red"))
    assert sorted((await records_of(store, Token(team_id_default="red"))).teams) == ["red"]


async def test_the_members_are_the_found_users_in_the_found_teams(store: Store) -> None:
    for name in ("red", "blue"):
        await store.teams.add(team(name))
        await store.members.add_all(name, [Member(team_id=name, user_id="alice"), Member(team_id=name, user_id="bob")])
    records = await records_of(store, Token(user_id="alice"))
    assert records.members == [Member(team_id=name, user_id="alice") for name in ("blue", "red")]


async def test_a_token_brings_the_organizations_and_groups_of_its_teams(store: Store) -> None:
    for name in ("acme", "globex", "initech"):
        await store.organizations.add(Organization(organization_id=name))
        await store.access_groups.add(AccessGroup(access_group_id=name))
    await store.teams.add(team("red", organization_id="acme", access_group_ids=["globex"]))
    caller = await store.token_caller(Token(team_id="red", organization_id="initech"), DIGEST)
    assert sorted(caller.organizations) == ["acme", "initech"]
    assert sorted(caller.access_groups) == ["globex"]


async def test_a_token_may_stand_for_declared_subjects(store: Store) -> None:
    records = await records_of(store, Token(team_id="declared-team", user_id="declared-user"))
    assert records.teams == DECLARED.declared_teams
    assert records.users == DECLARED.declared_users
    assert records.members == [DECLARED.declared_members["declared-team"]["declared-user"]]


async def test_an_alias_leads_to_declared_and_stored_teams(url: str) -> None:
    declared = Catalog(
        declared_teams={
            "blue": Team(team_id="blue", team_alias="Reds"),
            "green": Team(team_id="green", team_alias="Greens"),
        }
    )
    async with open_store(url, declared=Catalog) as before:
        await before.teams.add(team("red", team_alias="Reds"))
        await before.teams.add(team("green", team_alias="Reds"))
    async with open_store(url, declared=lambda: declared) as store:
        records = await records_of(store, Token(team_alias="Reds"))
        assert records.teams_of_alias == sorted(records.teams) == ["blue", "red"]


async def test_a_token_that_claims_very_many_teams_is_refused(store: Store) -> None:
    many = [f"{number}" for number in range(201)]
    await store.token_caller(Token(team_ids=many[:200]), DIGEST)
    with pytest.raises(Unidentified, match="more than 200 teams"):
        await store.token_caller(Token(team_ids=many), "other digest")


async def test_an_id_that_no_record_can_have_is_not_found(store: Store) -> None:
    token = Token(user_id="a\x00b", team_id="\ud800", team_alias="\x00")
    assert await records_of(store, token) == TokenRecords()
