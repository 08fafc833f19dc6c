"""Which teams and users are asked for, and ids in the JSON lists of other records."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, FunctionElement, String, case, cast, column, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from modelward.contract import Catalog
from modelward.store.records import TeamRecord, UserRecord
from modelward.store.tables import members, teams, users


class _Items(FunctionElement[Any]):
    """The items of a list, one a row, in a column `value`."""

    inherit_cache = True


@compiles(_Items, "sqlite")
def _in_sqlite(items: _Items, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(items.clauses, **options)})"


@compiles(_Items, "postgresql")
def _in_postgresql(items: _Items, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_array_elements_text({compiler.process(items.clauses, **options)})"


def holds(lists: Column[Any], item: str) -> ColumnElement[bool]:
    """Whether a list holds that item."""
    items = _Items(lists).table_valued(column("value", String))
    return select(items.c.value).where(items.c.value == item).correlate(lists.table).exists()


async def replace_in_lists(connection: AsyncConnection, column: Column[Any], old: str, new: str | None) -> None:
    """In every list of `column`, put `new` in the place of `old`, or nothing if it is `None`."""
    (row_id,) = column.table.primary_key
    query = select(row_id, column).where(_mentions(column, old)).order_by(row_id).with_for_update()
    for found_id, items in (await connection.execute(query)).all():
        kept = [new if item == old else item for item in items if item != old or new is not None]
        await connection.execute(update(column.table).where(row_id == found_id).values({column.name: kept}))


def _mentions(column: Column[Any], item: str) -> ColumnElement[bool]:
    """Whether the text of a list may hold an item: the item's own text does, as JSON writes it in ASCII or without."""
    text = cast(column, String)
    spelled = {json.dumps(item), json.dumps(item, ensure_ascii=False)}
    return or_(*(text.contains(each, autoescape=True) for each in sorted(spelled)))


@dataclass(frozen=True, slots=True)
class TeamFilter:
    """What is `None` leaves all. `user_id` is a member of the team."""

    organization_id: str | None = None
    user_id: str | None = None

    def matches(self, team: TeamRecord, catalog: Catalog) -> bool:
        """Whether a declared team is asked for."""
        declared = catalog.declared_members.get(team.team_id, {})
        return self.organization_id in (None, team.organization_id) and (
            self.user_id is None or self.user_id in declared
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same in SQL."""
        found: list[ColumnElement[bool]] = []
        if self.organization_id is not None:
            found.append(teams.c.organization_id == self.organization_id)
        if self.user_id is not None:
            found.append(teams.c.team_id.in_(select(members.c.team_id).where(members.c.user_id == self.user_id)))
        return found


@dataclass(frozen=True, slots=True)
class UserFilter:
    """What is `None` leaves all. `team` is one of the user's teams; `user_email` is a part of the address, `search` one
    of the id or the address, in any case (SQLite: of ASCII letters)."""

    role: str | None = None
    team: str | None = None
    user_ids: tuple[str, ...] | None = None
    user_email: str | None = None
    search: str | None = None

    def matches(self, user: UserRecord, _: Catalog) -> bool:
        """Whether a declared user is asked for."""
        email = str(user.extra.get("user_email") or "")
        return (
            self.role in (None, user.user_role)
            and (self.team is None or self.team in user.teams)
            and (self.user_ids is None or user.user_id in self.user_ids)
            and _in_any(self.user_email, email)
            and _in_any(self.search, user.user_id, email)
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same in SQL."""
        found: list[ColumnElement[bool]] = []
        if self.role is not None:
            found.append(users.c.user_role == self.role)
        if self.team is not None:
            found.append(holds(users.c.teams, self.team))
        if self.user_ids is not None:
            found.append(users.c.user_id.in_(self.user_ids))
        if self.user_email:
            found.append(_email().icontains(self.user_email, autoescape=True))
        if self.search:
            of_id = users.c.user_id.icontains(self.search, autoescape=True)
            found.append(or_(of_id, _email().icontains(self.search, autoescape=True)))
        return found


def _in_any(part: str | None, *texts: str) -> bool:
    return not part or any(part.lower() in text.lower() for text in texts)


def _email() -> ColumnElement[str]:
    """PostgreSQL reads no field of a JSON text that holds NUL anywhere."""
    readable = not_(cast(users.c.extra, String).contains("\\u0000"))
    return case((readable, users.c.extra["user_email"].as_string()))
