"""Alembic's entry: migrates over the connection that `store.migrate` hands in, inside its transaction."""

from alembic import context

from modelward.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, version_table="modelward_schema"
)
with context.begin_transaction():
    context.run_migrations()
