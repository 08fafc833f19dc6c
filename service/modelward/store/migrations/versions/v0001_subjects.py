"""Keys, teams and users; on PostgreSQL every change to them is announced."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ANNOUNCE = """
CREATE FUNCTION modelward_announce() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('modelward_subjects', ''); RETURN NULL; END $$
"""
_TRIGGER = """
CREATE TRIGGER modelward_announce AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION modelward_announce()
"""
_TABLES = ("keys", "teams", "users")


def upgrade() -> None:
    """Make the tables. The trigger announces a change in its own transaction, also one made by hand."""
    _keys()
    _teams()
    _users()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_ANNOUNCE)
        for table in _TABLES:
            op.execute(_TRIGGER.format(table=table))


def downgrade() -> None:
    """Drop the tables, and every subject with them."""
    for table in _TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION modelward_announce()")


def _keys() -> None:
    op.create_table(
        "keys",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("key_name", sa.String, nullable=False),
        sa.Column("key_alias", sa.String),
        sa.Column("models", sa.JSON, nullable=False),
        sa.Column("aliases", sa.JSON, nullable=False),
        sa.Column("team_id", sa.String),
        sa.Column("user_id", sa.String),
        sa.Column("expires", sa.DateTime(timezone=True)),
        sa.Column("blocked", sa.Boolean, nullable=False),
        sa.Column("allowed_routes", sa.JSON, nullable=False),
        sa.Column("metadata", sa.JSON, nullable=False),
        sa.Column("extra", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String),
    )
    op.create_index("keys_key_alias", "keys", ["key_alias"], unique=True)
    op.create_index("keys_team_id", "keys", ["team_id"])
    op.create_index("keys_user_id", "keys", ["user_id"])


def _teams() -> None:
    op.create_table(
        "teams",
        sa.Column("team_id", sa.String, primary_key=True),
        sa.Column("team_alias", sa.String),
        sa.Column("models", sa.JSON, nullable=False),
        sa.Column("model_aliases", sa.JSON, nullable=False),
        sa.Column("blocked", sa.Boolean, nullable=False),
        sa.Column("metadata", sa.JSON, nullable=False),
        sa.Column("extra", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("user_id", sa.String, primary_key=True),
        sa.Column("user_role", sa.String),
        sa.Column("models", sa.JSON, nullable=False),
        sa.Column("teams", sa.JSON, nullable=False),
        sa.Column("metadata", sa.JSON, nullable=False),
        sa.Column("extra", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True)),
        sa.Column("updated_at", sa.DateTime(timezone=True)),
    )
