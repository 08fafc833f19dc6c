"""The subjects in SQL, and the objects they own.

Every change to a table of subjects empties the caches: on PostgreSQL and on SQLite it has triggers that tell of one
(`migrations`). `objects` has none: it changes with every request that makes something, and no caller is read from it.

A subject's table has columns for its id, for what it is found by, and for what is unique; `document` is a JSON object
of all its other fields. Lists and maps are JSON. Times are UTC.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, DateTime, Dialect, Index, MetaData, String, Table, TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A time with its zone, always UTC; SQLite keeps none of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What is written."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What is read."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


metadata = MetaData(naming_convention={"ix": "%(table_name)s_%(column_0_name)s"})


def _subjects(name: str, *columns: Column[Any] | Index, created: bool = True, always: bool = False) -> Table:
    """A table of subjects; `created` ones have a time, by which they are listed, which `always` says is never null."""
    times = [Column("created_at", UtcDateTime, nullable=not always)] if created else []
    return Table(name, metadata, *columns, *times, Column("document", JSON, nullable=False, server_default="{}"))


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
