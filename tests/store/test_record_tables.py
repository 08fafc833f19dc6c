"""The records of every kind that is found by its id."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic.fields import FieldInfo

from modelward.contract import AccessGroup, Customer, KeyMapping, Organization, Project, Team, User
from modelward.errors import Conflict, NotFound
from modelward.store import RecordTable, Store
from store.databases import HASH, NOW, changed

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
        """The record's id: its first field that has no default."""
        return str(getattr(self.full, self._field))

    @property
    def _field(self) -> str:
        fields: Mapping[str, FieldInfo] = type(self.full).model_fields
        return next(name for name, field in fields.items() if field.is_required())

    def named(self, record_id: str) -> Any:
        """The record under another id."""
        return changed(self.full, **{self._field: record_id})


KINDS = {
    "teams": Kind(
        lambda store: store.teams,
        Team(
            objects_owner="team/1",
            team_id="red",
            team_alias="Red",
            models=["a"],
            model_aliases={"b": "c"},
            organization_id="acme",
            access_group_ids=["beta"],
            blocked=True,
            metadata={"d": 1},
            extra={"e": 2},
            created_at=NOW,
            updated_at=NOW,
        ),
        "declared-team",
    ),
    "users": Kind(
        lambda store: store.users,
        User(
            objects_owner="user/1",
            user_id="alice",
            user_role="internal_user",
            models=["a"],
            teams=["red"],
            metadata={"d": 1},
            extra={"e": 2},
            created_at=NOW,
            updated_at=NOW,
        ),
        "declared-user",
    ),
    "projects": Kind(
        lambda store: store.projects,
        Project(
            project_id="web", project_alias="Web", team_id="red", models=["a"], blocked=True, metadata={"d": 1}, **_MADE
        ),
        "declared-project",
    ),
    "organizations": Kind(
        lambda store: store.organizations,
        Organization(organization_id="acme", organization_alias="Acme", models=["a"], metadata={"d": 1}, **_MADE),
        "declared-organization",
    ),
    "customers": Kind(
        lambda store: store.customers,
        Customer(
            user_id="carol", alias="Carol", models=["a"], blocked=True, extra={"e": 2}, created_at=NOW, updated_at=NOW
        ),
        "declared-customer",
    ),
    "access_groups": Kind(
        lambda store: store.access_groups,
        AccessGroup(
            access_group_id="beta",
            access_group_name="Beta",
            description="all of it",
            access_model_names=["a"],
            assigned_team_ids=["red"],
            assigned_key_ids=[HASH],
            **_MADE,
        ),
        "declared-group",
        409,
    ),
    "key_mappings": Kind(
        lambda store: store.key_mappings,
        KeyMapping(id="1", jwt_claim_name="sub", jwt_claim_value="ci", token=HASH, description="for the CI", **_MADE),
        None,
        409,
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
    edited = await kind.table(store).change(kind.id, lambda each: changed(each, extra={"changed": True}))
    assert await kind.table(store).get(kind.id) == edited == changed(kind.full, extra={"changed": True})


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
    await store.key_mappings.add(KeyMapping(id="1", jwt_claim_name="sub", jwt_claim_value="ci", token=HASH))
    await store.key_mappings.add(KeyMapping(id="2", jwt_claim_name="sub", jwt_claim_value="cd", token=HASH))
    with pytest.raises(Conflict, match="`sub` and `jwt_claim_value` `ci` exists already"):
        await store.key_mappings.add(KeyMapping(id="3", jwt_claim_name="sub", jwt_claim_value="ci", token=HASH))
    with pytest.raises(Conflict, match="exists already") as refused:
        await store.key_mappings.change("2", lambda each: changed(each, jwt_claim_value="ci"))
    assert refused.value.status == 409
