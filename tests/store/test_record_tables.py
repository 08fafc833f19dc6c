"""The records of every kind that is found by its id."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from modelward.errors import Conflict, NotFound
from modelward.store import (
    AccessGroupRecord,
    CustomerRecord,
    KeyMappingRecord,
    OrganizationRecord,
    ProjectRecord,
    RecordTable,
    Store,
    TeamRecord,
    UserRecord,
)
from store.databases import HASH, NOW

_MADE: dict[str, Any] = {
    "created_at": NOW,
    "updated_at": NOW,
    "created_by": "master",
    "updated_by": "master",
    "extra": {"max_budget": 1.5},
}


@dataclass(frozen=True)
class Kind:
    """A table, a record with every field set, the id of one that the config file declares, and the status where one is
    stored already."""

    table: Callable[[Store], RecordTable[Any]]
    full: Any
    declared: str | None
    taken: int = 400

    @property
    def id(self) -> str:
        """The record's id: its first field."""
        return str(getattr(self.full, self.full.__slots__[0]))

    def named(self, record_id: str) -> Any:
        """The record under another id."""
        return replace(self.full, **{self.full.__slots__[0]: record_id})


KINDS = {
    "teams": Kind(
        lambda store: store.teams,
        TeamRecord("red", "Red", ["a"], {"b": "c"}, "acme", ["beta"], True, {"d": 1}, {"e": 2}, NOW, NOW),
        "declared-team",
    ),
    "users": Kind(
        lambda store: store.users,
        UserRecord("alice", "internal_user", ["a"], ["red"], {"d": 1}, {"e": 2}, NOW, NOW),
        "declared-user",
    ),
    "projects": Kind(
        lambda store: store.projects,
        ProjectRecord("web", "Web", "red", ["a"], True, {"d": 1}, **_MADE),
        "declared-project",
    ),
    "organizations": Kind(
        lambda store: store.organizations,
        OrganizationRecord("acme", "Acme", ["a"], {"d": 1}, **_MADE),
        "declared-organization",
    ),
    "customers": Kind(
        lambda store: store.customers,
        CustomerRecord("carol", "Carol", ["a"], True, {"e": 2}, NOW, NOW),
        "declared-customer",
    ),
    "access_groups": Kind(
        lambda store: store.access_groups,
        AccessGroupRecord("beta", "Beta", "all of it", ["a"], ["red"], [HASH], **_MADE),
        "declared-group",
        409,
    ),
    "key_mappings": Kind(
        lambda store: store.key_mappings, KeyMappingRecord("1", "sub", "ci", HASH, "for the CI", **_MADE), None, 409
    ),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Every kind of record."""
    return KINDS[request.param]


@pytest.fixture(params=[name for name, kind in KINDS.items() if kind.declared])
def declared_kind(request: pytest.FixtureRequest) -> Kind:
    """Every kind of record that the config file may declare."""
    return KINDS[request.param]


async def test_a_record_is_read_as_it_was_written(store: Store, kind: Kind) -> None:
    await kind.table(store).add(kind.full)
    assert await kind.table(store).get(kind.id) == kind.full


async def test_a_record_is_stored_once(store: Store, kind: Kind) -> None:
    await kind.table(store).add(kind.full)
    with pytest.raises(Conflict, match="exists already") as refused:
        await kind.table(store).add(kind.full)
    assert refused.value.status == kind.taken


async def test_a_change_is_kept(store: Store, kind: Kind) -> None:
    await kind.table(store).add(kind.full)
    changed = await kind.table(store).change(kind.id, lambda each: replace(each, extra={"changed": True}))
    assert await kind.table(store).get(kind.id) == changed == replace(kind.full, extra={"changed": True})


async def test_a_record_that_is_missing_is_not_found(store: Store, kind: Kind) -> None:
    with pytest.raises(NotFound, match=r"`nobody`; see `/"):
        await kind.table(store).get("nobody")
    with pytest.raises(NotFound, match="`nobody`"):
        await kind.table(store).change("nobody", lambda each: each)


async def test_records_are_deleted_together_or_not_at_all(store: Store, kind: Kind) -> None:
    await kind.table(store).add(kind.full)
    with pytest.raises(NotFound, match="`nobody`: none was deleted"):
        await kind.table(store).remove([kind.id, "nobody"])
    assert await kind.table(store).remove([kind.id]) == [kind.full]
    with pytest.raises(NotFound):
        await kind.table(store).get(kind.id)


async def test_what_the_config_declares_is_listed_first(store: Store, declared_kind: Kind) -> None:
    await declared_kind.table(store).add(declared_kind.full)
    assert declared_kind.declared is not None
    shown = await declared_kind.table(store).get(declared_kind.declared)
    assert shown.declared
    assert await declared_kind.table(store).all() == [shown, declared_kind.full]


async def test_what_the_config_declares_cannot_be_changed(store: Store, declared_kind: Kind) -> None:
    table, declared = declared_kind.table(store), declared_kind.declared
    assert declared is not None
    for change in (
        table.add(declared_kind.named(declared)),
        table.change(declared, lambda each: each),
        table.remove([declared]),
    ):
        with pytest.raises(Conflict, match="declared in the config file") as refused:
            await change
        assert refused.value.status == 409


async def test_a_claim_is_mapped_once(store: Store) -> None:
    await store.key_mappings.add(KeyMappingRecord("1", "sub", "ci", HASH))
    await store.key_mappings.add(KeyMappingRecord("2", "sub", "cd", HASH))
    with pytest.raises(Conflict, match="`sub` and `jwt_claim_value` `ci` exists already"):
        await store.key_mappings.add(KeyMappingRecord("3", "sub", "ci", HASH))
    with pytest.raises(Conflict, match="exists already") as refused:
        await store.key_mappings.change("2", lambda each: replace(each, jwt_claim_value="ci"))
    assert refused.value.status == 409
