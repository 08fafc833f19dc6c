"""The records of teams and users."""

from dataclasses import replace

import pytest

from modelward.errors import Conflict, NotFound
from modelward.store import Store, UserRecord
from store.databases import HASH, key, team


async def test_a_team_id_is_taken_once(store: Store) -> None:
    await store.teams.add(team("red"))
    with pytest.raises(Conflict, match="`red`"):
        await store.teams.add(team("red"))


async def test_a_change_of_a_team_is_kept(store: Store) -> None:
    await store.teams.add(team("red"))
    await store.teams.change("red", lambda each: replace(each, blocked=True))
    assert await store.teams.get("red") == team("red", blocked=True)


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
    assert await store.keys.get(HASH) == key(team_id="red")


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


async def test_a_user_takes_the_place_of_the_one_before(store: Store) -> None:
    await store.users.put(UserRecord(user_id="alice", models=["a"]))
    await store.users.put(UserRecord(user_id="alice", models=["b"]))
    assert (await store.users.get("alice")).models == ["b"]


async def test_a_declared_user_cannot_be_changed(store: Store) -> None:
    with pytest.raises(Conflict, match="declared in the config file"):
        await store.users.put(UserRecord(user_id="declared-user"))


async def test_a_user_that_is_missing_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound, match="`nobody`"):
        await store.users.get("nobody")
