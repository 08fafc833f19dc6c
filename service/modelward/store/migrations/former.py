"""What several migrations need: the columns that records had before each was a document, and what tells of changes."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from modelward.store.database import AT_ONCE

_SIGNED = {"extra": "map", "created_by": "text", "updated_at": "time", "updated_by": "text"}
_LISTS = {"models": "list", "metadata": "map"}
COLUMNS: dict[str, dict[str, str]] = {
    "keys": {
        "key_name": "text",
        "aliases": "map",
        "access_group_ids": "list",
        "expires": "time",
        "blocked": "switch",
        "allowed_routes": "list",
        **_LISTS,
        **_SIGNED,
    },
    "teams": {
        "model_aliases": "map",
        "access_group_ids": "list",
        "blocked": "switch",
        "extra": "map",
        "updated_at": "time",
        **_LISTS,
    },
    "users": {"extra": "map", "updated_at": "time", **_LISTS},
    "members": {"role": "text", "allowed_models": "list"},
    "projects": {"project_alias": "text", "team_id": "text", "blocked": "switch", **_LISTS, **_SIGNED},
    "organizations": {"organization_alias": "text", **_LISTS, **_SIGNED},
    "customers": {"alias": "text", "models": "list", "extra": "map"},
    "access_groups": {"description": "text", "access_model_names": "list", "assigned_team_ids": "list", **_SIGNED},
    "key_mappings": {"description": "text", **_SIGNED},
}
"""The columns of each table that schema 0005 made fields of its document, and what they hold."""

_TYPES: dict[str, dict[str, Any]] = {
    "list": {"type_": sa.JSON, "nullable": False, "server_default": "[]"},
    "map": {"type_": sa.JSON, "nullable": False, "server_default": "{}"},
    "switch": {"type_": sa.Boolean, "nullable": False, "server_default": sa.false()},
    "time": {"type_": sa.DateTime(timezone=True)},
    "text": {"type_": sa.String},
}


def columns(table: str, *without: str) -> list[sa.Column[Any]]:
    """Those columns of a table, new, but for some."""
    return [sa.Column(name, **_TYPES[kind]) for name, kind in COLUMNS[table].items() if name not in without]


def announce(*tables: str) -> None:
    """On PostgreSQL, have every change to a table announced in its own transaction, also one made by hand."""
    if op.get_bind().dialect.name == "postgresql":
        for table in tables:
            op.execute(
                "CREATE TRIGGER modelward_announce AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "
                f"{table} FOR EACH STATEMENT EXECUTE FUNCTION modelward_announce()"
            )


def pages(table: sa.TableClause, *key: sa.ColumnElement[Any]) -> Iterator[Sequence[sa.Row[Any]]]:
    """The rows of a table, ordered by its key; a page of them is in memory at a time."""
    query, connection = sa.select(table).order_by(*key).limit(AT_ONCE), op.get_bind()
    page = connection.execute(query).all()
    while page:
        yield page
        last = [page[-1]._mapping[column] for column in key]
        page = connection.execute(query.where(sa.tuple_(*key) > last)).all()
