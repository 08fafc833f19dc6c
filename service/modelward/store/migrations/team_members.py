"""Fills the members from what the first schema kept of them: the `extra` of teams, and the `teams` of users."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeGuard

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

_AT_ONCE = 500
_FORMER = "former_members_with_roles"

teams = sa.table("teams", sa.column("team_id", sa.String), sa.column("extra", sa.JSON))
users = sa.table(
    "users",
    sa.column("user_id", sa.String),
    sa.column("models", sa.JSON),
    sa.column("teams", sa.JSON),
    sa.column("metadata", sa.JSON),
    sa.column("extra", sa.JSON),
)
members = sa.table(
    "members",
    sa.column("team_id", sa.String),
    sa.column("user_id", sa.String),
    sa.column("role", sa.String),
    sa.column("allowed_models", sa.JSON),
)


def fill_members(connection: sa.Connection) -> None:
    """Make a member of every user that a team's `members_with_roles`, `members` or `admins` names by id, with a record
    where it has none, and of every user whose `teams` name a team that exists.

    `members_with_roles` leaves the team's `extra`; an entry that no member's record can hold whole, as one without an
    id, stays there under `former_members_with_roles`. A page of records is in memory at a time.
    """
    for page in _pages(connection, teams.c.team_id, teams.c.extra):
        _from_teams(connection, page)
    for page in _pages(connection, users.c.user_id, users.c.teams):
        _from_users(connection, page)


def _pages(
    connection: sa.Connection, record_id: sa.ColumnClause[Any], column: sa.ColumnClause[Any]
) -> Iterator[dict[str, Any]]:
    """A column of a table, by id, some records at a time."""
    query = sa.select(record_id, column).order_by(record_id).limit(_AT_ONCE)
    page = _by_id(connection, query)
    while page:
        yield page
        page = _by_id(connection, query.where(record_id > list(page)[-1]))


def _by_id(connection: sa.Connection, query: sa.Select[Any]) -> dict[str, Any]:
    return dict(map(tuple, connection.execute(query)))


def _from_teams(connection: sa.Connection, page: Mapping[str, Any]) -> None:
    named, left = {}, []
    for team_id, extra in page.items():
        if isinstance(extra, dict):
            named[team_id] = _roles(extra)
            left += [{"id": team_id, "left": _without_members(extra)}] if "members_with_roles" in extra else []
    joined: dict[str, list[str]] = {}
    for team_id, roles in named.items():
        for user_id in roles:
            joined.setdefault(user_id, []).append(team_id)
    for user_ids in _parts(sorted(joined)):
        _join(connection, {user_id: joined[user_id] for user_id in user_ids})
    _add(connection, [(team_id, *each) for team_id, roles in named.items() for each in roles.items()])
    if left:
        this = teams.c.team_id == sa.bindparam("id")
        connection.execute(sa.update(teams).where(this).values(extra=sa.bindparam("left")), left)


def _from_users(connection: sa.Connection, page: Mapping[str, Any]) -> None:
    named = {user_id: list(filter(_is_id, _items(team_ids))) for user_id, team_ids in page.items()}
    known: set[str] = set()
    for team_ids in _parts(sorted({each for ids in named.values() for each in ids})):
        known.update(connection.scalars(sa.select(teams.c.team_id).where(teams.c.team_id.in_(team_ids))))
    _add(connection, [(each, user_id, "user") for user_id, ids in named.items() for each in ids if each in known])


def _join(connection: sa.Connection, joined: Mapping[str, Sequence[str]]) -> None:
    """Add teams to those of each user."""
    query = sa.select(users.c.user_id, users.c.teams).where(users.c.user_id.in_(list(joined)))
    known = {user_id: _items(team_ids) for user_id, team_ids in connection.execute(query)}
    changed = [
        {"id": user_id, "joined": list(dict.fromkeys([*team_ids, *joined[user_id]]))}
        for user_id, team_ids in known.items()
    ]
    if changed:
        this = users.c.user_id == sa.bindparam("id")
        connection.execute(sa.update(users).where(this).values(teams=sa.bindparam("joined")), changed)
    empty: dict[str, Any] = {"models": [], "metadata": {}, "extra": {}}
    new = [{"user_id": each, "teams": team_ids, **empty} for each, team_ids in joined.items() if each not in known]
    if new:
        connection.execute(sa.insert(users), new)


def _add(connection: sa.Connection, found: Iterable[tuple[str, str, str]]) -> None:
    """Store the members of these team ids, user ids and roles that are not there."""
    rows = [
        {"team_id": team_id, "user_id": user_id, "role": role, "allowed_models": []} for team_id, user_id, role in found
    ]
    if rows:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        connection.execute(insert(members).on_conflict_do_nothing(), rows)


def _roles(extra: Mapping[str, Any]) -> dict[str, str]:
    """The role of each user that a team's `extra` names; who is an admin in one place is one."""
    named = [
        *((entry, "user") for entry in _items(extra.get("members_with_roles"))),
        *((entry, "user") for entry in _items(extra.get("members"))),
        *((entry, "admin") for entry in _items(extra.get("admins"))),
    ]
    found: dict[str, str] = {}
    for entry, otherwise in named:
        user_id = entry.get("user_id") if isinstance(entry, dict) else entry
        role = entry.get("role") if isinstance(entry, dict) else None
        role = role if isinstance(role, str) else otherwise
        if _is_id(user_id) and (user_id not in found or role == "admin"):
            found[user_id] = role
    return found


def _without_members(extra: Mapping[str, Any]) -> dict[str, Any]:
    """A team's `extra` as it stays."""
    left = dict(extra)
    kept = left.pop("members_with_roles")
    former = [entry for entry in kept if not _is_whole(entry)] if isinstance(kept, list) else kept
    return left if former is None or former == [] else {**left, _FORMER: former}


def _is_whole(entry: Any) -> bool:
    """Whether a member's record holds all that an entry says; `null` says nothing."""
    if not isinstance(entry, dict):
        return entry is None or _is_id(entry)
    said = {name: value for name, value in entry.items() if value is not None}
    return _is_id(said.get("user_id")) and isinstance(said.get("role", ""), str) and said.keys() <= {"user_id", "role"}


def _is_id(value: Any) -> TypeGuard[str]:
    """Whether a database can keep it as an id."""
    if not isinstance(value, str) or not value or "\x00" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
