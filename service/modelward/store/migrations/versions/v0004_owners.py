"""Keys, teams and users own their objects under a name of their own, which no later record of the same id has."""

import sqlalchemy as sa
from alembic import op

from modelward.store.objects import owner_column

revision = "0004"
down_revision = "0003"

_OWNERS = (("keys", "key", "hash"), ("teams", "team", "team_id"), ("users", "user", "user_id"))
_LONG = 100
_RANDOM = {
    "postgresql": "replace(CAST(gen_random_uuid() AS text), '-', '')",
    "sqlite": "lower(hex(randomblob(16)))",
}


def upgrade() -> None:
    """Give every record a name to own by, and its objects to that. What has no record here, as it is declared
    in a config, keeps its objects under its id."""
    connection = op.get_bind()
    for table, kind, id_ in _OWNERS:
        op.add_column(table, sa.Column("objects_owner", sa.String))
        op.execute(f"UPDATE {table} SET objects_owner = '{kind}/' || {_RANDOM[connection.dialect.name]}")
        op.execute(
            f"UPDATE objects SET owner = (SELECT objects_owner FROM {table} WHERE {id_} = {_id_in_owner(kind)}) "
            f"WHERE owner LIKE '{kind}:%' AND EXISTS (SELECT 1 FROM {table} WHERE {id_} = {_id_in_owner(kind)})"
        )
        for record_id, owner in _long_ids(connection, table, id_):
            _give(connection, owner_column(f"{kind}:{record_id}"), owner)


def downgrade() -> None:
    """Give the objects back to the ids, and drop the names; what belongs to a record that is gone has no owner."""
    connection = op.get_bind()
    for table, kind, id_ in _OWNERS:
        for record_id, owner in _long_ids(connection, table, id_):
            _give(connection, owner, owner_column(f"{kind}:{record_id}"))
        op.execute(
            f"UPDATE objects SET owner = '{kind}:' || (SELECT {id_} FROM {table} WHERE objects_owner = objects.owner) "
            f"WHERE owner LIKE '{kind}/%' AND EXISTS (SELECT 1 FROM {table} WHERE objects_owner = objects.owner)"
        )
        op.drop_column(table, "objects_owner")


def _id_in_owner(kind: str) -> str:
    return f"substr(objects.owner, {len(kind) + 2})"


def _long_ids(connection: sa.Connection, table: str, id_: str) -> list[tuple[str, str]]:
    """The records whose owner was kept as a digest, perhaps: id and name."""
    query = f"SELECT {id_}, objects_owner FROM {table} WHERE length({id_}) > {_LONG} AND objects_owner IS NOT NULL"
    return [(row[0], row[1]) for row in connection.execute(sa.text(query))]


def _give(connection: sa.Connection, old: str, new: str) -> None:
    connection.execute(sa.text("UPDATE objects SET owner = :new WHERE owner = :old"), {"old": old, "new": new})
