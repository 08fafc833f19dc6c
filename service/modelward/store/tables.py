"""The subjects in SQL: keys, teams and users.

Lists and maps are JSON. Times are UTC. `extra` holds what a client sent beside the fields that decide: budgets, rate
limits and the like; it is shown again and decides nothing.
"""

from datetime import UTC, datetime

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


metadata = MetaData()

keys = Table(
    "keys",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("key_name", String, nullable=False),
    Column("key_alias", String),
    Column("models", JSON, nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("team_id", String),
    Column("user_id", String),
    Column("expires", UtcDateTime),
    Column("blocked", Boolean, nullable=False),
    Column("allowed_routes", JSON, nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("extra", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("updated_by", String),
    Index("keys_key_alias", "key_alias", unique=True),
    Index("keys_team_id", "team_id"),
    Index("keys_user_id", "user_id"),
)

teams = Table(
    "teams",
    metadata,
    Column("team_id", String, primary_key=True),
    Column("team_alias", String),
    Column("models", JSON, nullable=False),
    Column("model_aliases", JSON, nullable=False),
    Column("blocked", Boolean, nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("extra", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("user_id", String, primary_key=True),
    Column("user_role", String),
    Column("models", JSON, nullable=False),
    Column("teams", JSON, nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("extra", JSON, nullable=False),
    Column("created_at", UtcDateTime),
    Column("updated_at", UtcDateTime),
)
