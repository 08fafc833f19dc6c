"""Members, projects, organizations, customers, access groups and key mappings, and what keys and teams name of them.

The members are filled from what the first schema kept of them: the `extra` of teams, and the `teams` of users.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeGuard

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql, sqlite

from modelward.store.database import batches, can_be_kept
from modelward.store.migrations.former import announce, columns, id_column, pages, time

revision = "0002"
down_revision = "0001"

_TABLES = ("members", "projects", "organizations", "customers", "access_groups", "key_mappings")
_NAMED = {"keys": ("project_id", "organization_id"), "teams": ("organization_id",)}
_FORMER = "former_members_with_roles"

_teams = sa.table("teams", sa.column("team_id", sa.String), sa.column("extra", sa.JSON))
_lists = [sa.column(name, sa.JSON) for name in ("models", "teams", "metadata", "extra")]
_users = sa.table("users", sa.column("user_id", sa.String), *_lists)
_texts = [sa.column(name, sa.String) for name in ("team_id", "user_id", "role")]
_members = sa.table("members", *_texts, sa.column("allowed_models", sa.JSON))


def upgrade() -> None:
    """Widen keys and teams, and make the other tables; the members that the first schema kept in teams move to theirs,
    and all other records stay as they are."""
    for table, names in _NAMED.items():
        op.add_column(table, sa.Column("access_group_ids", sa.JSON, nullable=False, server_default="[]"))
        for name in names:
            op.add_column(table, sa.Column(name, sa.String))
            op.create_index(f"{table}_{name}", table, [name])
    op.create_index("teams_team_alias", "teams", ["team_alias"])
    _create_tables()
    announce(*_TABLES)
    _fill_members(op.get_bind())


def _create_tables() -> None:
    op.create_table("members", id_column("team_id"), id_column("user_id"), *columns("members"))
    op.create_index("members_user_id", "members", ["user_id"])
    op.create_table("projects", id_column("project_id"), time("created_at"), *columns("projects"))
    op.create_table("organizations", id_column("organization_id"), time("created_at"), *columns("organizations"))
    op.create_table(
        "customers",
        id_column("user_id"),
        sa.Column("blocked", sa.Boolean, nullable=False),
        time("created_at"),
        time("updated_at"),
        *columns("customers"),
    )
    op.create_table(
        "access_groups",
        id_column("access_group_id"),
        sa.Column("access_group_name", sa.String),
        sa.Column("assigned_key_ids", sa.JSON, nullable=False),
        time("created_at"),
        *columns("access_groups"),
    )
    op.create_index("access_groups_access_group_name", "access_groups", ["access_group_name"], unique=True)
    op.create_table(
        "key_mappings",
        id_column("id"),
        sa.Column("jwt_claim_name", sa.String, nullable=False),
        sa.Column("jwt_claim_value", sa.String, nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        time("created_at"),
        *columns("key_mappings"),
    )
    op.create_index("key_mappings_claim", "key_mappings", ["jwt_claim_name", "jwt_claim_value"], unique=True)
    op.create_index("key_mappings_key_hash", "key_mappings", ["key_hash"])


def downgrade() -> None:
    """Drop the tables and columns, and what they hold, the members too."""
    for table in _TABLES:
        op.drop_table(table)
    op.drop_index("teams_team_alias", "teams")
    for table, names in _NAMED.items():
        op.drop_column(table, "access_group_ids")
        for name in names:
            op.drop_index(f"{table}_{name}", table)
            op.drop_column(table, name)


def _fill_members(connection: sa.Connection) -> None:
    """Make a member of every user that a team's `members_with_roles`, `members` or `admins` names by id, with a record
    where it has none, and of every user whose `teams` name a team that exists.

    `members_with_roles` leaves the team's `extra`; an entry that no member's record can hold whole, as one without an
    id, stays there under `former_members_with_roles`. A page of records is in memory at a time.
    """
    for page in pages(_teams, _teams.c.team_id):
        extras = {row.team_id: row.extra for row in page if isinstance(row.extra, dict)}
        for team_id, roles in ((team_id, _roles(extra)) for team_id, extra in extras.items()):
            for user_ids in batches(list(roles)):
                _join(connection, team_id, user_ids)
            _add(connection, [(team_id, *each) for each in roles.items()])
        left = {each: _without_members(extra) for each, extra in extras.items() if "members_with_roles" in extra}
        _set(connection, _teams, "extra", left)
    for page in pages(_users, _users.c.user_id):
        pairs = [(each, row.user_id) for row in page for each in _items(row.teams) if _is_id(each)]
        known: set[str] = set()
        for team_ids in batches(sorted({team_id for team_id, _ in pairs})):
            known.update(connection.scalars(sa.select(_teams.c.team_id).where(_teams.c.team_id.in_(team_ids))))
        _add(connection, [(team_id, user_id, "user") for team_id, user_id in pairs if team_id in known])


def _set(connection: sa.Connection, table: sa.TableClause, name: str, values: Mapping[str, Any]) -> None:
    """Give the records of these ids a new value in a column; the id is a table's first one."""
    if values:
        this = next(iter(table.c)) == sa.bindparam("this")
        statement = sa.update(table).where(this).values({name: sa.bindparam("new")})
        connection.execute(statement, [{"this": each, "new": value} for each, value in values.items()])


def _join(connection: sa.Connection, team_id: str, user_ids: Sequence[str]) -> None:
    """Add a team to those of each user."""
    query = sa.select(_users.c.user_id, _users.c.teams).where(_users.c.user_id.in_(user_ids))
    known = {user_id: list(dict.fromkeys([*_items(teams), team_id])) for user_id, teams in connection.execute(query)}
    _set(connection, _users, "teams", known)
    empty: dict[str, Any] = {"models": [], "metadata": {}, "extra": {}}
    if new := [{"user_id": each, "teams": [team_id], **empty} for each in user_ids if each not in known]:
        connection.execute(sa.insert(_users), new)


def _add(connection: sa.Connection, found: Iterable[tuple[str, str, str]]) -> None:
    """Store the members of these team ids, user ids and roles that are not there."""
    rows = [{"team_id": team, "user_id": user, "role": role, "allowed_models": []} for team, user, role in found]
    if rows:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        connection.execute(insert(_members).on_conflict_do_nothing(), rows)


def _roles(extra: Mapping[str, Any]) -> dict[str, str]:
    """The role of each user that a team's `extra` names; who is an admin in one place is one."""
    lists = (("members_with_roles", "user"), ("members", "user"), ("admins", "admin"))
    found: dict[str, str] = {}
    for entry, otherwise in ((entry, role) for name, role in lists for entry in _items(extra.get(name))):
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
    return isinstance(value, str) and value != "" and can_be_kept(value)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
