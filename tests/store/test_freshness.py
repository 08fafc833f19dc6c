"""A change binds everywhere within a second, and at once where it was made (A5)."""

import asyncio
import sys
from pathlib import Path

import pytest

from modelward.contract import AccessGroup, Catalog, Customer, Key, KeyMapping, Member, Organization, Project, User
from modelward.store import Store, open_store
from store.databases import DECLARED, HASH, OTHER, changed, key, run_by_hand, set_by_hand, team
from store.waiting import LONG_ENOUGH, cached, is_blocked, until

TESTS = Path(__file__).parents[1]


async def test_a_caller_is_the_same_object_until_something_changes(store: Store) -> None:
    await store.keys.add(key())
    assert await until(lambda: cached(store, HASH), LONG_ENOUGH)


async def test_a_change_made_here_is_in_force_when_its_call_returns(store: Store) -> None:
    await store.keys.add(key(team_id="red", user_id="alice"))
    assert await until(lambda: cached(store, HASH), LONG_ENOUGH)
    await store.keys.change(HASH, lambda each: changed(each, blocked=True))
    await store.teams.add(team("red"))
    await store.users.add(User(user_id="alice"))
    caller = await store.caller(HASH)
    assert is_blocked(caller)
    assert caller is not None
    assert caller.team is not None
    assert caller.user is not None
    await store.keys.remove([HASH])
    assert await store.caller(HASH) is None


async def test_a_change_by_another_process_binds_here(store: Store, url: str) -> None:
    await store.keys.add(key())
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "store.change", url, HASH),
        cwd=TESTS,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    assert await until(lambda: cached(store, HASH), LONG_ENOUGH)
    process.stdin.write(b"\n")
    assert await process.stdout.readline() == b"blocked\n"

    async def refused() -> bool:
        return is_blocked(await store.caller(HASH))

    assert await until(refused, LONG_ENOUGH)
    assert await process.wait() == 0


async def test_a_change_by_hand_binds_here(store: Store, url: str) -> None:
    await store.keys.add(key())
    assert await until(lambda: cached(store, HASH), LONG_ENOUGH)
    await set_by_hand(url, "keys", blocked=True)

    async def refused() -> bool:
        return is_blocked(await store.caller(HASH))

    assert await until(refused, LONG_ENOUGH)


async def test_a_customer_changed_by_hand_binds_here(store: Store, url: str) -> None:
    await store.keys.add(key())
    await store.customers.add(Customer(user_id="carol"))
    assert await until(lambda: cached(store, HASH), LONG_ENOUGH)
    assert await store.customer("carol") == Customer(user_id="carol", blocked=False)
    await run_by_hand(url, "UPDATE customers SET blocked = true")

    async def refused() -> bool:
        return await store.customer("carol") == Customer(user_id="carol", blocked=True)

    assert await until(refused, LONG_ENOUGH)


async def test_a_customer_that_had_no_record_binds_here(store: Store, url: str) -> None:
    await store.keys.add(key())
    assert await until(lambda: cached(store, HASH), LONG_ENOUGH)
    assert await store.customer("carol") is None
    async with open_store(url, declared=Catalog) as other:
        await other.customers.add(Customer(user_id="carol", blocked=True))

    async def refused() -> bool:
        return await store.customer("carol") is not None

    assert await until(refused, LONG_ENOUGH)


async def test_an_access_group_changed_by_hand_binds_here(store: Store, url: str) -> None:
    await store.access_groups.add(AccessGroup(access_group_id="beta", access_model_names=["gpt-4"]))
    await store.keys.add(key(access_group_ids=["beta"]))
    assert await until(lambda: cached(store, HASH), LONG_ENOUGH)
    await set_by_hand(url, "access_groups", access_model_names=[])

    async def emptied() -> bool:
        caller = await store.caller(HASH)
        return caller is not None and caller.access_groups["beta"].access_model_names == []

    assert await until(emptied, LONG_ENOUGH)


@pytest.mark.parametrize(
    ("table", "held"), [("members", "member"), ("projects", "project"), ("organizations", "organizations")]
)
async def test_a_record_deleted_by_hand_is_gone_here(store: Store, url: str, table: str, held: str) -> None:
    await store.teams.add(team("red"))
    await store.members.add_all("red", [Member(team_id="red", user_id="alice")])
    await store.projects.add(Project(project_id="web"))
    await store.organizations.add(Organization(organization_id="acme"))
    await store.keys.add(key(team_id="red", user_id="alice", project_id="web", organization_id="acme"))
    assert await until(lambda: cached(store, HASH), LONG_ENOUGH)
    assert getattr(await store.caller(HASH), held)
    await run_by_hand(url, f"DELETE FROM {table}")

    async def gone() -> bool:
        return not getattr(await store.caller(HASH), held)

    assert await until(gone, LONG_ENOUGH)


async def test_a_mapping_deleted_by_hand_is_gone_here(store: Store, url: str) -> None:
    await store.keys.add(key())
    await store.key_mappings.add(KeyMapping(id="1", jwt_claim_name="sub", jwt_claim_value="ci", token=HASH))
    assert await until(lambda: cached(store, HASH), LONG_ENOUGH)
    assert await store.mapped_key("sub", "ci") == HASH
    await run_by_hand(url, "DELETE FROM key_mappings")

    async def gone() -> bool:
        return await store.mapped_key("sub", "ci") is None

    assert await until(gone, LONG_ENOUGH)


async def test_declared_subjects_change_with_the_config(url: str) -> None:
    catalog = DECLARED
    async with open_store(url, declared=lambda: catalog) as store:
        assert await until(lambda: cached(store, OTHER), LONG_ENOUGH)
        catalog = Catalog(declared_keys={OTHER: Key(token=OTHER, blocked=True)})
        store.forget()
        assert is_blocked(await store.caller(OTHER))
