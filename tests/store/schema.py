"""The schema that a database has, held against the tables that the store expects."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from modelward.store.tables import metadata


def differences(connection: Connection) -> list[object]:
    """What the migrations make, and the tables do not say, or the other way round; but for what SQLite
    alone has to count changes with."""
    options = {"version_table": "modelward_schema", "include_name": lambda name, *_: name != "subjects_version"}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))
