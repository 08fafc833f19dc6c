"""What no record is found by is one JSON document, and columns have LiteLLM's names."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from modelward.store.database import can_be_kept
from modelward.store.migrations.former import COLUMNS, columns, kind_of, pages

revision = "0005"
down_revision = "0004"

_FROM_EXTRA = {
    "users": ("user_email", "user_alias"),
    "projects": ("description",),
    "customers": ("metadata",),
    "access_groups": ("access_mcp_server_ids", "access_agent_ids"),
}
"""What was kept in `extra` and has a place of its own now; a value of another kind stays in `extra`."""

_UNWRITTEN: dict[str, Any] = {"list": [], "map": {}, "switch": False, "role": "user", "key_name": "sk-..."}
"""What a field is, by its kind or name, where a document does not have it."""


def upgrade() -> None:
    """Move what the columns hold into documents, and drop them. Every record keeps all that it has."""
    _rename(("hash", "token"), ("key_hash", "token"))
    op.add_column("users", sa.Column("user_email", sa.String))
    for table, moved in COLUMNS.items():
        op.add_column(table, sa.Column("document", sa.JSON, nullable=False, server_default="{}"))
        _rewrite(table, _to_document)
        for name in moved:
            op.drop_column(table, name)


def downgrade() -> None:
    """Move the documents back into columns."""
    for table in COLUMNS:
        for column in columns(table):
            op.add_column(table, column)
        _rewrite(table, _to_columns)
        op.drop_column(table, "document")
    op.drop_column("users", "user_email")
    _rename(("token", "hash"), ("token", "key_hash"))


def _rename(of_key: tuple[str, str], of_mapping: tuple[str, str]) -> None:
    for table, (old, new) in (("keys", of_key), ("key_mappings", of_mapping)):
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    op.drop_index(f"key_mappings_{of_mapping[0]}", "key_mappings")
    op.create_index(f"key_mappings_{of_mapping[1]}", "key_mappings", [of_mapping[1]])


def _rewrite(name: str, change: Callable[[str, dict[str, Any]], dict[str, Any]]) -> None:
    """Give each row the columns that `change` makes of it; a page of rows is in memory at a time."""
    connection = op.get_bind()
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    key = list(table.primary_key)
    this = sa.update(table).where(*(column == sa.bindparam(f"this_{column.name}") for column in key))
    for page in pages(table, *key):
        named = [{f"this_{column.name}": row._mapping[column] for column in key} for row in page]
        changed = [change(name, dict(row._mapping)) for row in page]
        connection.execute(this, [{**this_row, **new} for this_row, new in zip(named, changed, strict=True)])


def _to_document(table: str, row: dict[str, Any]) -> dict[str, Any]:
    found = {name: _written(row[name]) for name in COLUMNS[table]}
    extra, own = found.get("extra"), _FROM_EXTRA.get(table, ())
    if extra is None:
        found.pop("extra", None)
    if isinstance(extra, dict):
        fields = {name: extra[name] for name in own if _is(kind_of(name), extra.get(name))}
        found = {**found, "extra": {name: each for name, each in extra.items() if name not in fields}, **fields}
    email = {"user_email": found.pop("user_email", None)} if table == "users" else {}
    return {"document": found, **email}


def _to_columns(table: str, row: dict[str, Any]) -> dict[str, Any]:
    document = {**row["document"], **({"user_email": row["user_email"]} if table == "users" else {})}
    kinds = {name: kind_of(name) for name in COLUMNS[table]}
    otherwise = {name: _UNWRITTEN.get(name, _UNWRITTEN.get(kind)) for name, kind in kinds.items()}
    found = {name: _read(kind, document.get(name, otherwise[name])) for name, kind in kinds.items()}
    own = {name: document[name] for name in _FROM_EXTRA.get(table, ()) if document.get(name) not in (None, [])}
    return {**found, "extra": {**(found["extra"] or {}), **own}} if own else found


def _written(value: Any) -> Any:
    """A column's value in JSON; SQLite gives times without a zone."""
    if not isinstance(value, datetime):
        return value
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()


def _is(kind: str, value: Any) -> bool:
    """Whether a field of that kind holds such a value."""
    match kind:
        case "list":
            return isinstance(value, list) and all(isinstance(each, str) for each in value)
        case "map":
            return isinstance(value, dict)
    return isinstance(value, str) and can_be_kept(value)


def _read(kind: str, value: Any) -> Any:
    """A column's value. What is no value of its kind stays, so that the record opens nothing."""
    match kind:
        case "time":
            return None if value is None else datetime.fromisoformat(value)
        case "switch":
            return value is not False
    return value
