"""Between rows and subjects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import uuid4

from pydantic_core import to_jsonable_python
from sqlalchemy import Column, Row, Table

from modelward.config.fields import final_targets
from modelward.contract import (
    AccessGroup,
    Catalog,
    Customer,
    Declarable,
    Key,
    KeyMapping,
    Member,
    Organization,
    OwnsObjects,
    Project,
    Team,
    User,
)
from modelward.errors import AliasCycle, StoreUnavailable
from modelward.store import tables

EXISTS = 400
"""The status LiteLLM answers where a record exists already, of most kinds."""

_DOCUMENT = "document"
_LONG = ("extra", "metadata", "access_mcp_server_ids", "access_agent_ids")

S = TypeVar("S", bound=Declarable)


@dataclass(frozen=True, slots=True)
class SubjectKind(Generic[S]):
    """Subjects of one kind, in a table; `declared` are those of the config by id, `listed` is the route that shows all.
    `unique` names the fields that no two share, each alone or several together, the id if none is named; `taken` is
    the status of the answer where another has them."""

    word: str
    listed: str
    table: Table
    subject: type[S]
    declared: Callable[[Catalog], Mapping[str, S]]
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
        name = "aliases" if isinstance(subject, Key) else "model_aliases"
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
        if not isinstance(subject, OwnsObjects) or subject.objects_owner is not None:
            return subject
        return subject.model_copy(update={"objects_owner": new_owner(self.word)})


def new_owner(kind: str) -> str:
    """An owner that nobody was and nobody will be, for a record of that kind."""
    return f"{kind}/{uuid4().hex}"


KEYS = SubjectKind("key", "/key/list", tables.keys, Key, lambda catalog: catalog.declared_keys)
TEAMS = SubjectKind("team", "/team/list", tables.teams, Team, lambda catalog: catalog.declared_teams)
USERS = SubjectKind("user", "/user/list", tables.users, User, lambda catalog: catalog.declared_users)
PROJECTS = SubjectKind("project", "/project/list", tables.projects, Project, lambda catalog: catalog.declared_projects)
ORGANIZATIONS = SubjectKind(
    "organization", "/organization/list", tables.organizations, Organization, lambda each: each.declared_organizations
)
CUSTOMERS = SubjectKind(
    "customer", "/customer/list", tables.customers, Customer, lambda catalog: catalog.declared_customers
)
ACCESS_GROUPS = SubjectKind(
    "access group",
    "/v1/access_group",
    tables.access_groups,
    AccessGroup,
    lambda catalog: catalog.declared_access_groups,
    unique=(("access_group_id",), ("access_group_name",)),
    taken=409,
)
KEY_MAPPINGS: SubjectKind[KeyMapping] = SubjectKind(
    "key mapping",
    "/jwt/key/mapping/list",
    tables.key_mappings,
    KeyMapping,
    lambda _: {},
    unique=(("jwt_claim_name", "jwt_claim_value"),),
    taken=409,
)
MEMBERS: SubjectKind[Member] = SubjectKind("member", "/team/info", tables.members, Member, lambda _: {})
"""Declared members are kept by team and user: see MemberTable."""
