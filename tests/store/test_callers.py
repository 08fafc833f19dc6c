"""Who a key hash stands for."""

from datetime import UTC, datetime

import pytest

from modelward.contract import Caller, Key, Team, User
from modelward.errors import StoreUnavailable
from modelward.store import Store
from store.databases import DECLARED, HASH, OTHER, key, set_by_hand, team


async def test_a_key_nobody_has_is_nobody(store: Store) -> None:
    assert await store.caller(HASH) is None


async def test_a_caller_is_a_key_with_its_team_and_its_user(store: Store) -> None:
    await store.keys.add(key(team_id="red", user_id="alice", models=["gpt-4"]))
    await store.teams.add(team("red", models=["gpt-3.5"]))
    await store.users.add(User(user_id="alice", user_role="proxy_admin"))
    caller = await store.caller(HASH)
    assert caller is not None
    expected = Caller(
        kind="key",
        key=Key(token=HASH, team_id="red", user_id="alice", models=["gpt-4"]),
        team=Team(team_id="red", models=["gpt-3.5"]),
        user=User(user_id="alice", user_role="proxy_admin"),
    )
    assert caller.plain == expected.plain


@pytest.mark.parametrize(
    ("expires", "nanoseconds"),
    [
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), 2**63 - 1),
        (datetime(2262, 4, 12, tzinfo=UTC), 2**63 - 1),
        (datetime(2262, 4, 11, tzinfo=UTC), 9_223_286_400_000_000_000),
        (datetime(1, 1, 2, tzinfo=UTC), 1 - 2**63),
    ],
)
async def test_an_expiry_is_the_nearest_that_64_bits_hold(store: Store, expires: datetime, nanoseconds: int) -> None:
    await store.keys.add(key(expires=expires))
    caller = await store.caller(HASH)
    assert caller is not None
    assert caller.key is not None
    assert caller.key.expires_ns == nanoseconds
    assert (await store.keys.get(HASH)).expires == expires


async def test_a_team_or_user_without_a_record_is_absent(store: Store) -> None:
    await store.keys.add(key(team_id="gone", user_id="gone"))
    caller = await store.caller(HASH)
    assert caller is not None
    assert (caller.team, caller.user) == (None, None)


async def test_a_declared_key_needs_no_record_in_the_database(store: Store) -> None:
    caller = await store.caller(OTHER)
    assert caller == Caller(
        kind="key",
        key=DECLARED.declared_keys[OTHER],
        team=DECLARED.declared_teams["declared-team"],
        member=DECLARED.declared_members["declared-team"]["declared-user"],
        user=DECLARED.declared_users["declared-user"],
    )


async def test_a_stored_key_may_belong_to_declared_subjects(store: Store) -> None:
    await store.keys.add(key(team_id="declared-team", user_id="declared-user"))
    caller = await store.caller(HASH)
    assert caller is not None
    assert caller.team is DECLARED.declared_teams["declared-team"]
    assert caller.member is DECLARED.declared_members["declared-team"]["declared-user"]
    assert caller.user is DECLARED.declared_users["declared-user"]


async def test_the_rules_see_where_a_chain_of_aliases_ends(store: Store) -> None:
    await store.keys.add(key(aliases={"fast": "quick", "quick": "gpt-4"}))
    caller = await store.caller(HASH)
    assert caller is not None and caller.key is not None
    assert caller.key.aliases == {"fast": "gpt-4", "quick": "gpt-4"}


async def test_the_end_of_a_keys_life_is_in_nanoseconds_of_utc(store: Store) -> None:
    await store.keys.add(key(expires=datetime(2030, 1, 1, 0, 0, 0, 1, UTC)))
    caller = await store.caller(HASH)
    assert caller is not None and caller.key is not None
    assert caller.key.expires_ns == 1_893_456_000_000_001_000


@pytest.mark.parametrize("written", [{"a": "b", "b": "a"}, {"a": 1}, ["a"]])
async def test_a_record_that_makes_no_sense_is_no_caller(store: Store, url: str, written: object) -> None:
    await store.keys.add(key())
    await set_by_hand(url, "keys", aliases=written)
    await store.check()
    store.forget()
    with pytest.raises(StoreUnavailable):
        await store.caller(HASH)
