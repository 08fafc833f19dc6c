"""Keys, teams and users; on PostgreSQL every change to them is announced."""

import sqlalchemy as sa
from alembic import op

from modelward.store.migrations.former import announce, columns, id_column, time

revision = "0001"
down_revision = None

_ANNOUNCE = """
CREATE FUNCTION modelward_announce() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('modelward_subjects', ''); RETURN NULL; END $$
"""
_TABLES = ("keys", "teams", "users")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "keys",
        sa.Column("hash", sa.String(64), primary_key=True),
        *(sa.Column(name, sa.String) for name in ("key_alias", "team_id", "user_id")),
        time("created_at", nullable=False),
        *columns("keys", "access_group_ids"),
    )
    op.create_index("keys_key_alias", "keys", ["key_alias"], unique=True)
    op.create_index("keys_team_id", "keys", ["team_id"])
    op.create_index("keys_user_id", "keys", ["user_id"])
    op.create_table(
        "teams",
        id_column("team_id"),
        sa.Column("team_alias", sa.String),
        time("created_at", nullable=False),
        *columns("teams", "access_group_ids"),
    )
    op.create_table(
        "users",
        id_column("user_id"),
        sa.Column("user_role", sa.String),
        sa.Column("teams", sa.JSON, nullable=False),
        time("created_at"),
        *columns("users"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_ANNOUNCE)
    announce(*_TABLES)


def downgrade() -> None:
    """Drop the tables, and every subject with them."""
    for table in _TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION modelward_announce()")
