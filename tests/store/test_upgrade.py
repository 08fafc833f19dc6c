"""A database that an earlier version filled."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from modelward.contract import Key, Member, Organization, Team, User
from modelward.store import KeyFilter, Store, open_store
from store.databases import DECLARED, HASH, NOW, by_hand, unowned
from store.first_schema import fill, key_row
from store.schema import differences

KEY: dict[str, Any] = {
    "token": HASH,
    "key_name": "sk-...lice",
    "key_alias": "ci",
    "models": ["gpt-4", ""],
    "aliases": {"a": "b"},
    "team_id": "red",
    "user_id": "alice",
    "expires": NOW,
    "blocked": True,
    "allowed_routes": ["/chat/completions"],
    "metadata": {"a": [1, None, {"ü": True}]},
    "extra": {"max_budget": 1.5},
    "created_at": NOW,
    "created_by": "master",
    "updated_at": NOW,
    "updated_by": "master",
}
TEAM: dict[str, Any] = {
    "team_id": "red",
    "team_alias": "Reds",
    "models": ["gpt-4"],
    "model_aliases": {"a": "b"},
    "blocked": False,
    "metadata": {"a": 1},
    "extra": {"tpm_limit": 5, "members_with_roles": [{"role": "admin", "user_id": "alice"}]},
    "created_at": NOW,
    "updated_at": NOW,
}
USER: dict[str, Any] = {
    "user_id": "alice",
    "user_role": "proxy_admin",
    "models": ["gpt-4"],
    "teams": ["red"],
    "metadata": {"scim_active": True},
    "extra": {"spend": 0.5},
    "created_at": None,
    "updated_at": None,
}


@pytest.fixture
async def filled(url: str) -> str:
    """A database under the first schema, with a key, a team and a user."""
    await fill(url, keys=[key_row(KEY)], teams=[TEAM], users=[USER])
    return url


@pytest.fixture
async def upgraded(filled: str) -> AsyncIterator[Store]:
    """The store on that database."""
    async with open_store(filled, declared=lambda: DECLARED) as store:
        yield store


async def test_an_upgrade_keeps_every_record_as_it_was(upgraded: Store) -> None:
    assert unowned(await upgraded.keys.get(HASH)) == Key(**KEY)
    assert unowned(await upgraded.teams.get("red")) == Team(**{**TEAM, "extra": {"tpm_limit": 5}})
    assert unowned(await upgraded.users.get("alice")) == User(**USER)


async def test_an_upgraded_database_serves_its_keys(upgraded: Store) -> None:
    caller = await upgraded.caller(HASH)
    assert caller is not None
    expected = [Key(**KEY), Team(**TEAM), User(**USER)]
    assert [caller.plain[name] for name in ("key", "team", "user")] == [each.model_dump() for each in expected]


async def test_an_upgraded_database_takes_every_new_kind_of_record(upgraded: Store) -> None:
    await upgraded.organizations.add(Organization(organization_id="acme"))
    await upgraded.members.add_all("red", [Member(team_id="red", user_id="bob")])
    caller = await upgraded.caller(HASH)
    assert caller is not None and caller.member == Member(team_id="red", user_id="alice", role="admin")
    assert (await upgraded.keys.page(KeyFilter(organization_id="acme"), offset=0)) == ([], 0)


async def test_an_upgrade_makes_the_same_tables_as_a_fresh_start(upgraded: Store, filled: str) -> None:
    async with by_hand(filled) as connection:
        assert await connection.run_sync(differences) == []
