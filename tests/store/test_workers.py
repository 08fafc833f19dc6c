"""The workers of one replica: what one of them changes binds in all when its call returns (A5)."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from modelward.contract import AccessGroup, Catalog, Customer, KeyMapping, Member, Organization, Project, User
from modelward.errors import StoreUnavailable
from modelward.store import SharedMark, Store, open_store
from modelward.store.cache import Trust
from store.databases import HASH, NOW, OTHER, changed, key, team
from store.unwatched import Unwatched, unwatched

Change = Callable[[Store], Awaitable[object]]

CHANGES: dict[str, Change] = {
    "a blocked key": lambda store: store.keys.change(HASH, lambda each: changed(each, blocked=True)),
    "a new secret": lambda store: store.keys.change(HASH, lambda each: changed(each, token=OTHER)),
    "a deleted key": lambda store: store.keys.remove([HASH]),
    "a narrower team": lambda store: store.teams.change("red", lambda each: changed(each, models=["x"])),
    "a deleted team": lambda store: store.teams.remove(["red"]),
    "a changed member": lambda store: store.members.change(
        "red", "alice", lambda each: changed(each, allowed_models=["x"])
    ),
    "a removed member": lambda store: store.members.remove("red", ["alice"]),
    "a changed user": lambda store: store.users.change("alice", lambda each: changed(each, models=["x"])),
    "a deleted user": lambda store: store.users.remove(["alice"]),
    "a changed project": lambda store: store.projects.change("web", lambda each: changed(each, blocked=True)),
    "a deleted project": lambda store: store.projects.remove(["web"]),
    "a changed organization": lambda store: store.organizations.change(
        "acme", lambda each: changed(each, models=["x"])
    ),
    "a deleted organization": lambda store: store.organizations.remove(["acme"]),
    "a changed group": lambda store: store.access_groups.change(
        "beta", lambda each: changed(each, access_model_names=["x"])
    ),
    "a deleted group": lambda store: store.access_groups.remove(["beta"]),
    "a blocked customer": lambda store: store.customers.set_blocked(["carol"], True, now=NOW),
    "a deleted customer": lambda store: store.customers.remove(["carol"]),
    "a deleted mapping": lambda store: store.key_mappings.remove(["1"]),
}


@pytest.fixture
def mark() -> Iterator[SharedMark]:
    """A mark that two workers share."""
    made = SharedMark.create()
    yield made
    made.remove()


@pytest.fixture
async def workers(url: str, mark: SharedMark) -> AsyncIterator[tuple[Unwatched, Unwatched]]:
    """Two workers on one database, in which somebody is known; nobody else tells them of changes."""
    async with AsyncExitStack() as stack:
        own = SharedMark.attach(mark.name)
        stack.callback(own.close)
        one = await stack.enter_async_context(unwatched(url, mark=mark))
        two = await stack.enter_async_context(unwatched(url, mark=own))
        await _fill(one.store)
        yield one, two


async def _fill(store: Store) -> None:
    await store.organizations.add(Organization(organization_id="acme"))
    await store.teams.add(team("red"))
    await store.users.add(User(user_id="alice"))
    await store.members.add_all("red", [Member(team_id="red", user_id="alice")])
    await store.projects.add(Project(project_id="web"))
    await store.access_groups.add(AccessGroup(access_group_id="beta", access_model_names=["gpt-4"]))
    await store.customers.add(Customer(user_id="carol"))
    fields: dict[str, Any] = {"organization_id": "acme", "project_id": "web", "access_group_ids": ["beta"]}
    await store.keys.add(key(team_id="red", user_id="alice", **fields))
    await store.key_mappings.add(KeyMapping(id="1", jwt_claim_name="sub", jwt_claim_value="ci", token=HASH))


async def _known(store: Store) -> tuple[object, ...]:
    """All that the store answers about them."""
    return (
        await store.caller(HASH),
        await store.customer("carol"),
        await store.mapped_key("sub", "ci"),
    )


@pytest.mark.parametrize("change", list(CHANGES))
async def test_a_change_by_one_worker_binds_in_the_other_when_its_call_returns(
    workers: tuple[Unwatched, Unwatched], change: str
) -> None:
    one, two = workers
    before = await _known(two.store)
    await CHANGES[change](one.store)
    assert await _known(two.store) != before


async def test_what_nobody_changed_is_answered_from_memory(workers: tuple[Unwatched, Unwatched]) -> None:
    _, two = workers
    before = await _known(two.store)
    two.sent.clear()
    assert await _known(two.store) == before
    assert not two.sent


async def test_a_change_that_fails_half_way_is_no_reason_to_trust(workers: tuple[Unwatched, Unwatched]) -> None:
    one, two = workers
    await _known(two.store)
    two.sent.clear()
    with pytest.raises(StoreUnavailable):
        await one.store.keys.change(HASH, _fail)
    await _known(two.store)
    assert two.sent


def _fail(_: object) -> Any:
    raise ValueError("no record")


def test_what_was_read_before_another_workers_change_is_of_an_older_generation(mark: SharedMark) -> None:
    one, two = Trust(lambda: 0.0, mark), Trust(lambda: 0.0, mark)
    read_in = two.generation
    one.changed()
    assert two.generation != read_in


def test_changes_by_two_workers_at_once_are_both_seen(mark: SharedMark) -> None:
    one, two, three = (Trust(lambda: 0.0, mark) for _ in range(3))
    generations = [three.generation]
    for trust in (one, two, one):
        trust.changed()
        generations.append(three.generation)
    assert len(set(generations)) == 4


def test_what_the_database_tells_every_worker_is_no_change_of_its_own(mark: SharedMark) -> None:
    one, two = Trust(lambda: 0.0, mark), Trust(lambda: 0.0, mark)
    before = two.generation
    one.clear()
    assert two.generation == before


@pytest.mark.parametrize("name", ["", "psm_never_made"])
def test_a_worker_without_a_mark_does_not_start(name: str) -> None:
    with pytest.raises(StoreUnavailable, match="the memory that the workers share"):
        SharedMark.attach(name)


async def test_a_worker_that_is_watched_shares_its_changes_too(url: str, mark: SharedMark) -> None:
    async with open_store(url, declared=Catalog, mark=mark) as watched:
        before = mark.read()
        await watched.keys.add(key())
        assert mark.read() != before
