"""The subjects in SQL, and the objects they own.

Every change to a table of subjects empties the caches: on PostgreSQL and on SQLite it has triggers that tell of one
(`migrations`). `objects` has none: it changes with every request that makes something, and no caller is read from it.

A subject's table has columns for its id, for what it is found by, and for what is unique; `document` is a JSON object
of all its other fields. Lists and maps are JSON. Times are UTC.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import uuid4

from pydantic_core import to_jsonable_python
from sqlalchemy import JSON, Boolean, Column, DateTime, Dialect, Index, MetaData, Row, String, Table, TypeDecorator

from modelward import contract
from modelward.config.fields import final_targets
from modelward.errors import AliasCycle, StoreUnavailable

_DOCUMENT = "document"


class UtcDateTime(TypeDecorator[datetime]):
    """A time with its zone, always UTC; SQLite keeps none of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What is written."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What is read."""
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


metadata = MetaData(naming_convention={"ix": "%(table_name)s_%(column_0_name)s"})


def _subjects(name: str, *columns: Column[Any] | Index, created: bool = True, always: bool = False) -> Table:
    """A table of subjects; `created` ones have a time, by which they are listed, which `always` says is never null."""
    times = [Column("created_at", UtcDateTime, nullable=not always)] if created else []
    return Table(name, metadata, *columns, *times, Column(_DOCUMENT, JSON, nullable=False, server_default="{}"))


keys = _subjects(
    "keys",
    Column("token", String(64), primary_key=True),
    Column("key_alias", String, index=True, unique=True),
    Column("team_id", String, index=True),
    Column("user_id", String, index=True),
    Column("project_id", String, index=True),
    Column("organization_id", String, index=True),
    Column("objects_owner", String),
    always=True,
)

teams = _subjects(
    "teams",
    Column("team_id", String, primary_key=True),
    Column("team_alias", String, index=True),
    Column("organization_id", String, index=True),
    Column("objects_owner", String),
    always=True,
)

users = _subjects(
    "users",
    Column("user_id", String, primary_key=True),
    Column("user_role", String),
    Column("user_email", String),
    Column("teams", JSON, nullable=False),
    Column("objects_owner", String),
)

members = _subjects(
    "members",
    Column("team_id", String, primary_key=True),
    Column("user_id", String, primary_key=True, index=True),
    created=False,
)

projects = _subjects("projects", Column("project_id", String, primary_key=True))

organizations = _subjects("organizations", Column("organization_id", String, primary_key=True))

customers = _subjects(
    "customers",
    Column("user_id", String, primary_key=True),
    Column("blocked", Boolean, nullable=False),
    Column("updated_at", UtcDateTime),
)

access_groups = _subjects(
    "access_groups",
    Column("access_group_id", String, primary_key=True),
    Column("access_group_name", String, index=True, unique=True),
    Column("assigned_key_ids", JSON, nullable=False),
)

key_mappings = _subjects(
    "key_mappings",
    Column("id", String, primary_key=True),
    Column("jwt_claim_name", String, nullable=False),
    Column("jwt_claim_value", String, nullable=False),
    Column("token", String(64), nullable=False, index=True),
    Index("key_mappings_claim", "jwt_claim_name", "jwt_claim_value", unique=True),
)

objects = Table(
    "objects",
    metadata,
    Column("kind", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("owner", String, primary_key=True),
    Column("deployment", String, nullable=False),
    Column("uses", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Index("objects_owner", "owner", "kind", "created_at"),
)


EXISTS = 400
"""The status LiteLLM answers where a record exists already, of most kinds."""

_LONG = ("extra", "metadata", "access_mcp_server_ids", "access_agent_ids")

S = TypeVar("S", bound=contract.Declarable)


@dataclass(frozen=True, slots=True)
class SubjectKind(Generic[S]):
    """Subjects of one kind, in a table; `declared` are those of the config by id, `listed` is the route that shows all.
    `unique` names the fields that no two share, each alone or several together, the id if none is named; `taken` is
    the status of the answer where another has them."""

    word: str
    listed: str
    table: Table
    subject: type[S]
    declared: Callable[[contract.Catalog], Mapping[str, S]]
    unique: tuple[tuple[str, ...], ...] = ()
    taken: int = EXISTS

    @property
    def id(self) -> Column[Any]:
        """The column that holds the id; of members, the one that comes first."""
        return next(iter(self.table.primary_key))

    def id_of(self, subject: S) -> str:
        """A subject's id."""
        return str(getattr(subject, self.id.name))

    def read(self, row: Row[Any]) -> S:
        """The subject in a row that holds all columns of the table. Raises ValueError for what is none."""
        columns = {column.name: row._mapping[column] for column in self.table.columns}
        document = columns.pop(_DOCUMENT)
        if not isinstance(document, dict):
            raise ValueError("the document of a record is no object")
        return self.subject.model_validate({**document, **columns})

    def as_rules_see(self, row: Row[Any]) -> S:
        """The same with the final target of each alias (C5), and without the long fields that decide nothing, which a
        cache need not keep. Raises StoreUnavailable if aliases lead in a circle: the admin API refuses those, and one
        written by hand must not be guessed at."""
        subject, fields = self.read(row), self.subject.model_fields
        long = [name for name in _LONG if name in fields and fields[name].exclude]
        changes: dict[str, Any] = {name: fields[name].get_default() for name in long}
        name = "aliases" if isinstance(subject, contract.Key) else "model_aliases"
        try:
            if aliases := getattr(subject, name, None):
                changes[name] = final_targets(aliases)
        except AliasCycle as cycle:
            raise StoreUnavailable(f"aliases in the database lead in a circle: {cycle}; break it") from cycle
        return subject.model_copy(update=changes)

    def values(self, subject: S) -> dict[str, Any]:
        """A subject's columns."""
        fields = dict(subject)
        columns = {column.name: fields.pop(column.name) for column in self.table.columns if column.name != _DOCUMENT}
        return {**columns, _DOCUMENT: to_jsonable_python(fields, exclude={"declared"})}

    def shown(self, declared: S) -> S:
        """A subject that the config declares, as the API shows it."""
        return declared.model_copy(update={"declared": True})

    def owning(self, subject: S) -> S:
        """The subject with an owner for its objects that nobody was and nobody will be, if it may own any."""
        if not isinstance(subject, contract.OwnsObjects) or subject.objects_owner is not None:
            return subject
        return subject.model_copy(update={"objects_owner": new_owner(self.word)})


def new_owner(kind: str) -> str:
    """An owner that nobody was and nobody will be, for a record of that kind."""
    return f"{kind}/{uuid4().hex}"


KEYS = SubjectKind("key", "/key/list", keys, contract.Key, lambda each: each.declared_keys)
TEAMS = SubjectKind("team", "/team/list", teams, contract.Team, lambda each: each.declared_teams)
USERS = SubjectKind("user", "/user/list", users, contract.User, lambda each: each.declared_users)
PROJECTS = SubjectKind("project", "/project/list", projects, contract.Project, lambda each: each.declared_projects)
ORGANIZATIONS = SubjectKind(
    "organization", "/organization/list", organizations, contract.Organization, lambda each: each.declared_organizations
)
CUSTOMERS = SubjectKind(
    "customer", "/customer/list", customers, contract.Customer, lambda each: each.declared_customers
)
ACCESS_GROUPS = SubjectKind(
    "access group",
    "/v1/access_group",
    access_groups,
    contract.AccessGroup,
    lambda each: each.declared_access_groups,
    unique=(("access_group_id",), ("access_group_name",)),
    taken=409,
)
KEY_MAPPINGS: SubjectKind[contract.KeyMapping] = SubjectKind(
    "key mapping",
    "/jwt/key/mapping/list",
    key_mappings,
    contract.KeyMapping,
    lambda _: {},
    unique=(("jwt_claim_name", "jwt_claim_value"),),
    taken=409,
)
MEMBERS: SubjectKind[contract.Member] = SubjectKind("member", "/team/info", members, contract.Member, lambda _: {})
"""Declared members are kept by team and user: see MemberTable."""
