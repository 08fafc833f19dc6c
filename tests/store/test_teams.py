"""What is special about the records of teams and users."""

import pytest

from modelward.contract import Member, User
from modelward.errors import Conflict, NotFound
from modelward.store import Store
from store.databases import HASH, changed, key, run_by_hand, team, unowned


async def test_a_team_id_is_taken_once(store: Store) -> None:
    await store.teams.add(team("red"))
    with pytest.raises(Conflict, match="`red`"):
        await store.teams.add(team("red"))


async def test_a_change_of_a_team_is_kept(store: Store) -> None:
    await store.teams.add(team("red"))
    await store.teams.change("red", lambda each: changed(each, blocked=True))
    assert unowned(await store.teams.get("red")) == team("red", blocked=True)


async def test_a_team_that_is_missing_cannot_change(store: Store) -> None:
    with pytest.raises(NotFound, match="`red`"):
        await store.teams.change("red", lambda each: each)


async def test_the_keys_of_a_team_go_with_it(store: Store) -> None:
    await store.teams.add(team("red"))
    await store.keys.add(key(team_id="red"))
    await store.teams.remove(["red"])
    assert await store.caller(HASH) is None


async def test_teams_are_deleted_together_or_not_at_all(store: Store) -> None:
    await store.teams.add(team("red"))
    await store.keys.add(key(team_id="red"))
    with pytest.raises(NotFound, match="`blue`"):
        await store.teams.remove(["red", "blue"])
    assert unowned(await store.keys.get(HASH)) == key(team_id="red")


async def test_declared_teams_are_listed_first(store: Store) -> None:
    await store.teams.add(team("red"))
    assert [(each.team_id, each.declared) for each in await store.teams.all()] == [
        ("declared-team", True),
        ("red", False),
    ]


async def test_a_declared_team_cannot_be_changed(store: Store) -> None:
    for change in (
        store.teams.add(team("declared-team")),
        store.teams.change("declared-team", lambda each: each),
        store.teams.remove(["declared-team"]),
    ):
        with pytest.raises(Conflict, match="declared in the config file"):
            await change


async def test_a_team_leaves_no_member_and_no_trace_at_a_user(store: Store) -> None:
    await store.teams.add(team("red"))
    await store.members.add_all("red", [Member(team_id="red", user_id="alice")])
    await store.users.add(User(user_id="bob", teams=["blue", "red", "%ed"]))
    await store.teams.remove(["red"])
    assert await store.members.of_team("red") == []
    assert (await store.users.get("alice")).teams == []
    assert (await store.users.get("bob")).teams == ["blue", "%ed"]


@pytest.mark.parametrize("written", ['["gr\u00fcn"]', '["gr\\u00fcn"]'])
async def test_a_team_leaves_no_trace_however_its_id_is_spelled(store: Store, url: str, written: str) -> None:
    await store.teams.add(team("grün"))
    await store.users.add(User(user_id="alice"))
    await run_by_hand(url, f"UPDATE users SET teams = '{written}'")
    await store.teams.remove(["grün"])
    assert (await store.users.get("alice")).teams == []


async def test_a_user_takes_its_keys_and_memberships_along(store: Store) -> None:
    await store.teams.add(team("red"))
    await store.members.add_all("red", [Member(team_id="red", user_id="alice"), Member(team_id="red", user_id="bob")])
    await store.keys.add(key(user_id="alice"))
    await store.users.remove(["alice"])
    assert await store.caller(HASH) is None
    assert [member.user_id for member in await store.members.of_team("red")] == ["bob"]
