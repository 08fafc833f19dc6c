"""The members of teams."""

import asyncio

import pytest

from modelward.contract import Member, User
from modelward.errors import Conflict, NotFound
from modelward.store import Store
from store.databases import changed, team, unowned

ALICE = Member(team_id="red", user_id="alice", role="admin", allowed_models=["gpt-4"])
BOB = Member(team_id="red", user_id="bob")


async def test_a_new_member_belongs_to_the_team(store: Store) -> None:
    await store.teams.add(team("red"))
    await store.users.add(User(user_id="bob", teams=["blue"]))
    await store.members.add_all("red", [BOB, ALICE])
    assert await store.members.of_team("red") == [ALICE, BOB]
    assert (await store.users.get("bob")).teams == ["blue", "red"]


async def test_a_new_member_without_a_record_gets_one(store: Store) -> None:
    await store.teams.add(team("red"))
    await store.members.add_all("red", [ALICE])
    assert unowned(await store.users.get("alice")) == User(user_id="alice", teams=["red"])


async def test_a_user_who_joins_two_teams_at_once_belongs_to_both(store: Store) -> None:
    await store.users.add(User(user_id="alice"))
    names = [f"team-{number}" for number in range(5)]
    for name in names:
        await store.teams.add(team(name))
    await asyncio.gather(*(store.members.add_all(name, [Member(team_id=name, user_id="alice")]) for name in names))
    assert sorted((await store.users.get("alice")).teams) == names


async def test_a_team_that_is_missing_takes_no_member(store: Store) -> None:
    with pytest.raises(NotFound, match="`red`"):
        await store.members.add_all("red", [ALICE])


async def test_members_are_added_together_or_not_at_all(store: Store) -> None:
    await store.teams.add(team("red"))
    await store.members.add_all("red", [ALICE])
    with pytest.raises(Conflict, match="`alice` is a member of team `red`") as refused:
        await store.members.add_all("red", [BOB, ALICE])
    assert refused.value.status == 400
    assert await store.members.of_team("red") == [ALICE]
    with pytest.raises(NotFound):
        await store.users.get("bob")


async def test_a_change_of_a_member_is_kept(store: Store) -> None:
    await store.teams.add(team("red"))
    await store.members.add_all("red", [ALICE, BOB])
    edited = await store.members.change("red", "bob", lambda each: changed(each, allowed_models=["o1"]))
    assert await store.members.of_team("red") == [ALICE, edited]
    assert edited.allowed_models == ["o1"]


async def test_nobody_else_is_a_member(store: Store) -> None:
    await store.teams.add(team("red"))
    with pytest.raises(NotFound, match="`alice` in team `red`"):
        await store.members.change("red", "alice", lambda each: each)
    with pytest.raises(NotFound, match="`alice` in team `red`"):
        await store.members.remove("red", ["alice"])


async def test_a_member_that_is_removed_leaves_the_team(store: Store) -> None:
    await store.teams.add(team("red"))
    await store.members.add_all("red", [ALICE, BOB])
    assert await store.members.remove("red", ["alice"]) == [ALICE]
    assert await store.members.of_team("red") == [BOB]
    assert (await store.users.get("alice")).teams == []


async def test_members_are_removed_together_or_not_at_all(store: Store) -> None:
    await store.teams.add(team("red"))
    await store.members.add_all("red", [ALICE])
    with pytest.raises(NotFound, match="`bob`"):
        await store.members.remove("red", ["alice", "bob"])
    assert (await store.users.get("alice")).teams == ["red"]


async def test_the_members_of_a_declared_team_are_those_declared(store: Store) -> None:
    (member,) = await store.members.of_team("declared-team")
    assert (member.user_id, member.declared) == ("declared-user", True)
    for change in (
        store.members.add_all("declared-team", [Member(team_id="declared-team", user_id="alice")]),
        store.members.change("declared-team", "declared-user", lambda each: each),
        store.members.remove("declared-team", ["declared-user"]),
    ):
        with pytest.raises(Conflict, match="declared in the config file") as refused:
            await change
        assert refused.value.status == 409


async def test_the_members_of_many_teams_are_found_at_once(store: Store) -> None:
    await store.teams.add(team("red"))
    await store.teams.add(team("blue"))
    await store.members.add_all("red", [BOB, ALICE])
    found = await store.members.of_teams(["red", "blue", "declared-team", "nobody"])
    assert [(name, [each.user_id for each in members]) for name, members in found.items()] == [
        ("red", ["alice", "bob"]),
        ("blue", []),
        ("declared-team", ["declared-user"]),
        ("nobody", []),
    ]


async def test_a_declared_user_joins_no_team(store: Store) -> None:
    await store.teams.add(team("red"))
    with pytest.raises(Conflict, match="declared in the config file") as refused:
        await store.members.add_all("red", [Member(team_id="red", user_id="declared-user")])
    assert refused.value.status == 409
