"""Between rows and records."""

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, fields
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from sqlalchemy import Column, Row, Table

from modelward.contract import AccessGroup, Catalog, Customer, Organization, Project, Team, User
from modelward.store import tables
from modelward.store.records import (
    AccessGroupRecord,
    CustomerRecord,
    KeyMappingRecord,
    OrganizationRecord,
    ProjectRecord,
    TeamRecord,
    UserRecord,
)


class Record(Protocol):
    """A dataclass whose fields are the columns of a table, and `declared`."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


R = TypeVar("R", bound=Record)


def record(kind: type[R], table: Table, row: Row[Any]) -> R:
    """The record in a row that holds all columns of `table`."""
    return kind(**{column.name: row._mapping[column] for column in table.columns})


def values(item: Record) -> dict[str, Any]:
    """The columns of a record."""
    return {each.name: getattr(item, each.name) for each in fields(item) if each.name != "declared"}


EXISTS = 400
"""The status LiteLLM answers where a record exists already, of most kinds."""

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Kind(Generic[R, S]):
    """Records of type R, which the rules see as S; `listed` is the route that shows them all. `unique` names the fields
    that no two records share, each alone or several together, the id if none is named; `taken` is the status of the
    answer where another has them."""

    word: str
    listed: str
    table: Table
    record: type[R]
    declared: Callable[[Catalog], Mapping[str, S]]
    of: Callable[[S], R]
    subject: Callable[[R], S]
    unique: tuple[tuple[str, ...], ...] = ()
    taken: int = EXISTS

    @property
    def id(self) -> Column[Any]:
        """The column that holds a record's id."""
        (column,) = self.table.primary_key
        return column

    def id_of(self, record: R) -> str:
        """A record's id."""
        return str(getattr(record, self.id.name))


TEAMS: Kind[TeamRecord, Team] = Kind(
    word="team",
    listed="/team/list",
    table=tables.teams,
    record=TeamRecord,
    declared=lambda catalog: catalog.declared_teams,
    of=TeamRecord.of,
    subject=TeamRecord.subject,
)
USERS: Kind[UserRecord, User] = Kind(
    word="user",
    listed="/user/list",
    table=tables.users,
    record=UserRecord,
    declared=lambda catalog: catalog.declared_users,
    of=UserRecord.of,
    subject=UserRecord.subject,
)
PROJECTS: Kind[ProjectRecord, Project] = Kind(
    word="project",
    listed="/project/list",
    table=tables.projects,
    record=ProjectRecord,
    declared=lambda catalog: catalog.declared_projects,
    of=ProjectRecord.of,
    subject=ProjectRecord.subject,
)
ORGANIZATIONS: Kind[OrganizationRecord, Organization] = Kind(
    word="organization",
    listed="/organization/list",
    table=tables.organizations,
    record=OrganizationRecord,
    declared=lambda catalog: catalog.declared_organizations,
    of=OrganizationRecord.of,
    subject=OrganizationRecord.subject,
)
CUSTOMERS: Kind[CustomerRecord, Customer] = Kind(
    word="customer",
    listed="/customer/list",
    table=tables.customers,
    record=CustomerRecord,
    declared=lambda catalog: catalog.declared_customers,
    of=CustomerRecord.of,
    subject=CustomerRecord.subject,
)
ACCESS_GROUPS: Kind[AccessGroupRecord, AccessGroup] = Kind(
    word="access group",
    listed="/v1/access_group",
    table=tables.access_groups,
    record=AccessGroupRecord,
    declared=lambda catalog: catalog.declared_access_groups,
    of=AccessGroupRecord.of,
    subject=AccessGroupRecord.subject,
    unique=(("access_group_id",), ("access_group_name",)),
    taken=409,
)
KEY_MAPPINGS: Kind[KeyMappingRecord, KeyMappingRecord] = Kind(
    word="key mapping",
    listed="/jwt/key/mapping/list",
    table=tables.key_mappings,
    record=KeyMappingRecord,
    declared=lambda _: {},
    of=lambda mapping: mapping,
    subject=lambda mapping: mapping,
    unique=(("jwt_claim_name", "jwt_claim_value"),),
    taken=409,
)
