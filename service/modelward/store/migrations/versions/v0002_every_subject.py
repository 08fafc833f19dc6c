"""Members, projects, organizations, customers, access groups and key mappings, and what keys and teams name of them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from modelward.store.migrations.team_members import fill_members

revision = "0002"
down_revision = "0001"

_TRIGGER = """
CREATE TRIGGER modelward_announce AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION modelward_announce()
"""
_TABLES = ("members", "projects", "organizations", "customers", "access_groups", "key_mappings")


def upgrade() -> None:
    """Widen keys and teams, and make the other tables; the members that the first schema kept in teams move to theirs,
    and all other records stay as they are."""
    _widen_keys()
    _widen_teams()
    _members()
    _projects()
    _organizations()
    _customers()
    _access_groups()
    _key_mappings()
    if op.get_bind().dialect.name == "postgresql":
        for table in _TABLES:
            op.execute(_TRIGGER.format(table=table))
    fill_members(op.get_bind())


def downgrade() -> None:
    """Drop the tables and columns, and what they hold, the members too."""
    for table in _TABLES:
        op.drop_table(table)
    op.drop_index("keys_project_id", "keys")
    op.drop_index("keys_organization_id", "keys")
    op.drop_index("teams_team_alias", "teams")
    op.drop_index("teams_organization_id", "teams")
    for column in ("project_id", "organization_id", "access_group_ids"):
        op.drop_column("keys", column)
    for column in ("organization_id", "access_group_ids"):
        op.drop_column("teams", column)


def _widen_keys() -> None:
    op.add_column("keys", sa.Column("project_id", sa.String))
    op.add_column("keys", sa.Column("organization_id", sa.String))
    op.add_column("keys", sa.Column("access_group_ids", sa.JSON, nullable=False, server_default="[]"))
    op.create_index("keys_project_id", "keys", ["project_id"])
    op.create_index("keys_organization_id", "keys", ["organization_id"])


def _widen_teams() -> None:
    op.add_column("teams", sa.Column("organization_id", sa.String))
    op.add_column("teams", sa.Column("access_group_ids", sa.JSON, nullable=False, server_default="[]"))
    op.create_index("teams_team_alias", "teams", ["team_alias"])
    op.create_index("teams_organization_id", "teams", ["organization_id"])


def _members() -> None:
    op.create_table(
        "members",
        sa.Column("team_id", sa.String, primary_key=True),
        sa.Column("user_id", sa.String, primary_key=True),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("allowed_models", sa.JSON, nullable=False),
    )
    op.create_index("members_user_id", "members", ["user_id"])


def _projects() -> None:
    op.create_table(
        "projects",
        sa.Column("project_id", sa.String, primary_key=True),
        sa.Column("project_alias", sa.String),
        sa.Column("team_id", sa.String),
        sa.Column("models", sa.JSON, nullable=False),
        sa.Column("blocked", sa.Boolean, nullable=False),
        sa.Column("metadata", sa.JSON, nullable=False),
        *_kept(),
    )


def _organizations() -> None:
    op.create_table(
        "organizations",
        sa.Column("organization_id", sa.String, primary_key=True),
        sa.Column("organization_alias", sa.String),
        sa.Column("models", sa.JSON, nullable=False),
        sa.Column("metadata", sa.JSON, nullable=False),
        *_kept(),
    )


def _customers() -> None:
    op.create_table(
        "customers",
        sa.Column("user_id", sa.String, primary_key=True),
        sa.Column("alias", sa.String),
        sa.Column("models", sa.JSON, nullable=False),
        sa.Column("blocked", sa.Boolean, nullable=False),
        sa.Column("extra", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True)),
        sa.Column("updated_at", sa.DateTime(timezone=True)),
    )


def _access_groups() -> None:
    op.create_table(
        "access_groups",
        sa.Column("access_group_id", sa.String, primary_key=True),
        sa.Column("access_group_name", sa.String),
        sa.Column("description", sa.String),
        sa.Column("access_model_names", sa.JSON, nullable=False),
        sa.Column("assigned_team_ids", sa.JSON, nullable=False),
        sa.Column("assigned_key_ids", sa.JSON, nullable=False),
        *_kept(),
    )
    op.create_index("access_groups_access_group_name", "access_groups", ["access_group_name"], unique=True)


def _key_mappings() -> None:
    op.create_table(
        "key_mappings",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("jwt_claim_name", sa.String, nullable=False),
        sa.Column("jwt_claim_value", sa.String, nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("description", sa.String),
        *_kept(),
    )
    op.create_index("key_mappings_claim", "key_mappings", ["jwt_claim_name", "jwt_claim_value"], unique=True)
    op.create_index("key_mappings_key_hash", "key_mappings", ["key_hash"])


def _kept() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("extra", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True)),
        sa.Column("created_by", sa.String),
        sa.Column("updated_at", sa.DateTime(timezone=True)),
        sa.Column("updated_by", sa.String),
    )
