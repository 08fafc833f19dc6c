"""The members that an earlier version kept in the records of teams and users."""

from typing import Any

import pytest
from sqlalchemy import select

from modelward.contract import Catalog, Member, Team, User
from modelward.store import Store, open_store
from modelward.store.database import database_url
from modelward.store.migrate import migrate
from modelward.store.tables import users
from store.databases import by_hand, team, unowned
from store.first_schema import fill, team_row, user_row


async def upgraded(url: str, *teams: dict[str, Any], users: tuple[dict[str, Any], ...] = ()) -> tuple[Any, ...]:
    """The teams, the members of each and the users, once a database with these rows is upgraded."""
    await fill(url, teams=teams, users=users)
    async with open_store(url, declared=Catalog) as store:
        return await everything(store)


async def everything(store: Store) -> tuple[dict[str, Team], dict[str, dict[str, str]], dict[str, User]]:
    """The teams, the roles of the members of each, and the users, all by id."""
    teams = {each.team_id: unowned(each) for each in await store.teams.all()}
    members = await store.members.of_teams(teams)
    return (
        teams,
        {team_id: {each.user_id: each.role for each in found} for team_id, found in members.items()},
        {each.user_id: unowned(each) for each in await store.users.all()},
    )


async def test_members_move_from_their_team_to_records_of_their_own(url: str) -> None:
    kept = [{"role": "admin", "user_id": "alice"}, {"role": "user", "user_id": "bob"}]
    row = team_row("red", extra={"max_budget": 1, "members_with_roles": kept})
    teams, members, users = await upgraded(url, row, users=(user_row("bob", teams=["gone"], models=["gpt-4"]),))
    assert teams == {"red": team("red", extra={"max_budget": 1})}
    assert members == {"red": {"alice": "admin", "bob": "user"}}
    assert users == {
        "alice": User(user_id="alice", teams=["red"]),
        "bob": User(user_id="bob", models=["gpt-4"], teams=["gone", "red"]),
    }


async def test_an_upgraded_member_has_no_list_of_its_own(url: str) -> None:
    await fill(url, teams=[team_row("red", extra={"members_with_roles": [{"user_id": "alice", "role": "user"}]})])
    async with open_store(url, declared=Catalog) as store:
        assert await store.members.of_team("red") == [Member(team_id="red", user_id="alice")]


@pytest.mark.parametrize("entry", [
    {"role": "user", "user_email": "alice@example.com"},
    {"role": "user"},
    {"role": "user", "user_id": ""},
    {"role": "user", "user_id": 7},
    {"role": "user", "user_id": "a\x00"},
    7,
])  # fmt: skip
async def test_an_entry_that_names_no_user_stays_with_its_team(url: str, entry: Any) -> None:
    row = team_row("red", extra={"members_with_roles": [entry, {"role": "user", "user_id": "bob"}]})
    teams, members, users = await upgraded(url, row)
    assert teams["red"].extra == {"former_members_with_roles": [entry]}
    assert (members, list(users)) == ({"red": {"bob": "user"}}, ["bob"])


@pytest.mark.parametrize(
    "said", [{"user_email": "alice@example.com"}, {"role": 7}, {"allowed_models": ["gpt-4"]}, {"budget": 1}]
)
async def test_what_a_members_record_does_not_hold_stays_with_its_team(url: str, said: dict[str, Any]) -> None:
    entry = {"user_id": "alice", **said}
    teams, members, _ = await upgraded(url, team_row("red", extra={"members_with_roles": [entry]}))
    assert teams["red"].extra == {"former_members_with_roles": [entry]}
    assert members == {"red": {"alice": "user"}}


@pytest.mark.parametrize("kept", ["alice", {"alice": "admin"}, 7, False])
async def test_members_that_are_no_list_stay_with_their_team(url: str, kept: Any) -> None:
    row = team_row("red", extra={"members_with_roles": kept})
    teams, members, _ = await upgraded(url, row)
    assert members == {"red": {}}
    assert teams["red"].extra == {"former_members_with_roles": kept}


@pytest.mark.parametrize("kept", [None, [], [None], [{"user_id": "alice", "user_email": None}]])
async def test_nothing_stays_where_nothing_is_left(url: str, kept: Any) -> None:
    teams, _, _ = await upgraded(url, team_row("red", extra={"members_with_roles": kept}))
    assert teams["red"].extra == {}


async def test_the_older_lists_of_members_and_admins_count_and_stay(url: str) -> None:
    extra = {"members": ["alice", "bob", {"a": 1}], "admins": ["bob", "carol"]}
    teams, members, users = await upgraded(url, team_row("red", extra=extra))
    assert teams["red"].extra == extra
    assert members == {"red": {"alice": "user", "bob": "admin", "carol": "admin"}}
    assert sorted(users) == ["alice", "bob", "carol"]


async def test_who_is_an_admin_in_one_entry_is_one(url: str) -> None:
    kept = [{"user_id": "alice", "role": role} for role in ("user", "admin", "user")]
    _, members, users = await upgraded(url, team_row("red", extra={"members_with_roles": kept}))
    assert members == {"red": {"alice": "admin"}}
    assert users["alice"].teams == ["red"]


async def test_a_user_is_a_member_of_the_teams_that_it_names_and_that_exist(url: str) -> None:
    kept = {"members_with_roles": [{"user_id": "alice", "role": "admin"}]}
    row = user_row("alice", teams=["blue", "gone", "red", "blue"])
    _, members, users = await upgraded(url, team_row("red", extra=kept), team_row("blue"), users=(row,))
    assert members == {"blue": {"alice": "user"}, "red": {"alice": "admin"}}
    assert users["alice"].teams == ["blue", "gone", "red"]


async def test_what_is_no_id_stays_among_the_teams_of_its_user(url: str) -> None:
    kept = {"members_with_roles": ["alice"]}
    await fill(url, teams=[team_row("red", extra=kept)], users=[user_row("alice", teams=["gone", 7])])
    await migrate(database_url(url))
    async with by_hand(url) as connection:
        assert (await connection.execute(select(users.c.teams))).scalar() == ["gone", 7, "red"]


@pytest.mark.parametrize("written", [None, "red", {"red": 1}])
async def test_records_that_make_no_sense_do_not_stop_the_upgrade(url: str, written: Any) -> None:
    await fill(url, teams=[team_row("red", extra=written)], users=[user_row("alice", teams=written)])
    async with open_store(url, declared=Catalog) as store:
        assert await store.members.of_team("red") == []


async def test_more_records_than_are_read_at_once_are_all_upgraded(url: str) -> None:
    names = [f"team-{number:04}" for number in range(1_201)]
    entries = {
        name: [{"user_id": "alice", "role": "user"}, {"user_id": f"of-{name}", "role": "user"}] for name in names
    }
    rows = [team_row(name, extra={"members_with_roles": entries[name]}) for name in names]
    teams, members, users = await upgraded(url, *rows)
    assert members == {name: {"alice": "user", f"of-{name}": "user"} for name in names}
    assert users["alice"].teams == names
    assert {user_id: user.teams for user_id, user in users.items() if user_id != "alice"} == {
        f"of-{name}": [name] for name in names
    }
    assert {each.team_id: each.extra for each in teams.values()} == {name: {} for name in names}
