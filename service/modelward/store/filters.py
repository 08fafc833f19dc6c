"""Which keys, teams and users are asked for, and ids in the JSON lists of other records."""

import json
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import Column, ColumnElement, FunctionElement, String, Table, cast, column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from modelward.contract import Catalog, Declarable, Key, Team, User
from modelward.store.tables import keys, members, teams, users


class _Items(FunctionElement[Any]):
    """The items of a list, one a row, in a column `value`."""

    inherit_cache = True


@compiles(_Items)
def _compile(items: _Items, compiler: SQLCompiler, **options: Any) -> str:
    function = "json_each" if compiler.dialect.name == "sqlite" else "json_array_elements_text"
    return f"{function}({compiler.process(items.clauses, **options)})"


def holds(lists: Column[Any], item: str) -> ColumnElement[bool]:
    """Whether a list holds that item."""
    items = _Items(lists).table_valued(column("value", String))
    return select(items.c.value).where(items.c.value == item).correlate(lists.table).exists()


async def replace_in_lists(connection: AsyncConnection, column: Column[Any], old: str, new: str | None) -> None:
    """In every list of `column`, put `new` in the place of `old`, or nothing if it is `None`."""
    (row_id,) = column.table.primary_key
    # A list that holds it has the item's own text in its text, as JSON writes it in ASCII or without.
    spelled = sorted({json.dumps(old), json.dumps(old, ensure_ascii=False)})
    may_hold = or_(*(cast(column, String).contains(each, autoescape=True) for each in spelled))
    query = select(row_id, column).where(may_hold).order_by(row_id).with_for_update()
    for found_id, items in (await connection.execute(query)).all():
        kept = [new if item == old else item for item in items if item != old or new is not None]
        await connection.execute(update(column.table).where(row_id == found_id).values({column.name: kept}))


S_contra = TypeVar("S_contra", bound=Declarable, contravariant=True)


@dataclass(frozen=True)
class Filter(Generic[S_contra]):
    """Which subjects are asked for; what is `None` leaves all. The fields named in EQUAL are columns, and must be equal
    to theirs."""

    TABLE: ClassVar[Table]
    EQUAL: ClassVar[frozenset[str]]

    def matches(self, subject: S_contra, catalog: Catalog) -> bool:
        """Whether a declared subject is asked for."""
        return all(getattr(subject, name) == wanted for name, wanted in self._equal())

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same of a stored one, in SQL."""
        return [self.TABLE.c[name] == wanted for name, wanted in self._equal()]

    def _equal(self) -> list[tuple[str, str]]:
        return [(name, wanted) for name in self.EQUAL if (wanted := getattr(self, name)) is not None]


@dataclass(frozen=True)
class KeyFilter(Filter[Key]):
    """Keys; `token` is the hash of one."""

    TABLE = keys
    EQUAL = frozenset({"team_id", "user_id", "key_alias", "token", "organization_id", "project_id"})

    team_id: str | None = None
    user_id: str | None = None
    key_alias: str | None = None
    token: str | None = None
    organization_id: str | None = None
    project_id: str | None = None


@dataclass(frozen=True)
class TeamFilter(Filter[Team]):
    """Teams; `user_id` is a member of the team."""

    TABLE = teams
    EQUAL = frozenset({"organization_id"})

    organization_id: str | None = None
    user_id: str | None = None

    def matches(self, subject: Team, catalog: Catalog) -> bool:
        """Whether a declared team is asked for."""
        members_declared = catalog.declared_members.get(subject.team_id, {})
        return super().matches(subject, catalog) and (self.user_id is None or self.user_id in members_declared)

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same in SQL."""
        if self.user_id is None:
            return super().conditions()
        of_member = select(members.c.team_id).where(members.c.user_id == self.user_id)
        return [*super().conditions(), teams.c.team_id.in_(of_member)]


@dataclass(frozen=True)
class UserFilter(Filter[User]):
    """Users; `team` is one of the user's teams, `user_email` a part of the address, `search` one of the id or the
    address, in any case (SQLite: of ASCII letters)."""

    TABLE = users
    EQUAL = frozenset({"user_role"})

    user_role: str | None = None
    team: str | None = None
    user_ids: tuple[str, ...] | None = None
    user_email: str | None = None
    search: str | None = None

    def matches(self, subject: User, catalog: Catalog) -> bool:
        """Whether a declared user is asked for."""
        return (
            super().matches(subject, catalog)
            and (self.team is None or self.team in subject.teams)
            and (self.user_ids is None or subject.user_id in self.user_ids)
            and _in_any(self.user_email, subject.user_email)
            and _in_any(self.search, subject.user_id, subject.user_email)
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same in SQL."""
        found = super().conditions()
        if self.team is not None:
            found.append(holds(users.c.teams, self.team))
        if self.user_ids is not None:
            found.append(users.c.user_id.in_(self.user_ids))
        if self.user_email:
            found.append(users.c.user_email.icontains(self.user_email, autoescape=True))
        if self.search:
            columns = (users.c.user_id, users.c.user_email)
            found.append(or_(*(each.icontains(self.search, autoescape=True) for each in columns)))
        return found


def _in_any(part: str | None, *texts: str | None) -> bool:
    return not part or any(part.lower() in text.lower() for text in texts if text)
