"""The owners of objects; SQLite counts the changes to subjects apart from those to objects."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_SUBJECTS = (
    "keys",
    "teams",
    "users",
    "members",
    "projects",
    "organizations",
    "customers",
    "access_groups",
    "key_mappings",
)
_CHANGES = ("INSERT", "UPDATE", "DELETE")


def upgrade() -> None:
    """Make the table, without a trigger that announces changes; on SQLite also the version of the subjects, which every
    change to one of them replaces in its own transaction."""
    op.create_table(
        "objects",
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("owner", sa.String, primary_key=True),
        sa.Column("deployment", sa.String, nullable=False),
        sa.Column("uses", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("objects_owner", "objects", ["owner", "kind", "created_at"])
    op.create_index("objects_created_at", "objects", ["created_at"])
    if op.get_bind().dialect.name == "sqlite":
        _count_changes()


def downgrade() -> None:
    """Drop the tables, and every owner with them."""
    op.drop_table("objects")
    if op.get_bind().dialect.name == "sqlite":
        for table, change in _triggers():
            op.execute(f"DROP TRIGGER {_name(table, change)}")
        op.drop_table("subjects_version")


def _count_changes() -> None:
    """A random version, not a count: a file put back in place of another has another one. It is updated, never
    replaced: a trigger takes over the OR IGNORE of the statement that it runs for."""
    op.create_table("subjects_version", sa.Column("version", sa.BigInteger, nullable=False))
    op.execute("INSERT INTO subjects_version VALUES (random())")
    for table, change in _triggers():
        op.execute(
            f"CREATE TRIGGER {_name(table, change)} AFTER {change} ON {table} "
            "BEGIN UPDATE subjects_version SET version = random(); END"
        )


def _triggers() -> list[tuple[str, str]]:
    return [(table, change) for table in _SUBJECTS for change in _CHANGES]


def _name(table: str, change: str) -> str:
    return f"{table}_{change.lower()}_changes_subjects"
