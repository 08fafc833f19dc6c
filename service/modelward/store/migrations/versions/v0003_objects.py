"""The owners of objects; SQLite counts the changes to subjects apart from those to objects."""

import sqlalchemy as sa
from alembic import op

from modelward.store.migrations.former import COLUMNS, id_column, time

revision = "0003"
down_revision = "0002"

_VERSION = "UPDATE subjects_version SET version = random()"


def upgrade() -> None:
    """Make the table, without a trigger that announces changes; on SQLite also the version of the subjects, which every
    change to one of them replaces in its own transaction."""
    op.create_table(
        "objects",
        id_column("kind"),
        id_column("id"),
        id_column("owner"),
        sa.Column("deployment", sa.String, nullable=False),
        sa.Column("uses", sa.JSON, nullable=False),
        time("created_at", nullable=False),
    )
    op.create_index("objects_owner", "objects", ["owner", "kind", "created_at"])
    op.create_index("objects_created_at", "objects", ["created_at"])
    if op.get_bind().dialect.name == "sqlite":
        op.create_table("subjects_version", sa.Column("version", sa.BigInteger, nullable=False))
        op.execute("INSERT INTO subjects_version VALUES (random())")
        for name, change in _triggers().items():
            op.execute(f"CREATE TRIGGER {name} AFTER {change} BEGIN {_VERSION}; END")


def downgrade() -> None:
    """Drop the tables, and every owner with them."""
    op.drop_table("objects")
    if op.get_bind().dialect.name == "sqlite":
        for name in _triggers():
            op.execute(f"DROP TRIGGER {name}")
        op.drop_table("subjects_version")


def _triggers() -> dict[str, str]:
    """By their names, on which change of which table they give the subjects another version.

    A random version, not a count: a file put back in place of another has another one. It is updated, never replaced: a
    trigger takes over the OR IGNORE of the statement that it runs for.
    """
    changes = [(table, change) for table in COLUMNS for change in ("INSERT", "UPDATE", "DELETE")]
    return {f"{table}_{change.lower()}_changes_subjects": f"{change} ON {table}" for table, change in changes}
