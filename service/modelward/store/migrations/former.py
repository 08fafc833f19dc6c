"""What several migrations need: the columns that records had before each was a document, and what tells of changes."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from modelward.store.database import AT_ONCE

_LISTS = ("models", "metadata")
_SIGNED = ("extra", "created_by", "updated_at", "updated_by")
COLUMNS = {
    "keys": ("key_name", "aliases", "access_group_ids", "expires", "blocked", "allowed_routes", *_LISTS, *_SIGNED),
    "teams": ("model_aliases", "access_group_ids", "blocked", "extra", "updated_at", *_LISTS),
    "users": ("extra", "updated_at", *_LISTS),
    "members": ("role", "allowed_models"),
    "projects": ("project_alias", "team_id", "blocked", *_LISTS, *_SIGNED),
    "organizations": ("organization_alias", *_LISTS, *_SIGNED),
    "customers": ("alias", "models", "extra"),
    "access_groups": ("description", "access_model_names", "assigned_team_ids", *_SIGNED),
    "key_mappings": ("description", *_SIGNED),
}
"""The columns of each table that schema 0005 made fields of its document."""

_IDS = {"access_agent_ids", "access_group_ids", "access_mcp_server_ids", "assigned_team_ids"}
_KINDS = {
    "list": {"access_model_names", "allowed_models", "allowed_routes", "models", *_IDS},
    "map": {"aliases", "extra", "metadata", "model_aliases"},
    "switch": {"blocked"},
    "time": {"expires", "updated_at"},
}
_TYPES: dict[str, dict[str, Any]] = {
    "list": {"type_": sa.JSON, "nullable": False, "server_default": "[]"},
    "map": {"type_": sa.JSON, "nullable": False, "server_default": "{}"},
    "switch": {"type_": sa.Boolean, "nullable": False, "server_default": sa.false()},
    "time": {"type_": sa.DateTime(timezone=True)},
    "text": {"type_": sa.String},
}


def id_column(name: str) -> sa.Column[str]:
    """A column of the primary key."""
    return sa.Column(name, sa.String, primary_key=True)


def time(name: str, nullable: bool = True) -> sa.Column[Any]:
    """A column of times."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def columns(table: str, *without: str) -> list[sa.Column[Any]]:
    """Those columns of a table, new, but for some."""
    return [sa.Column(name, **_TYPES[kind_of(name)]) for name in COLUMNS[table] if name not in without]


def kind_of(name: str) -> str:
    """What a column of that name holds: a `list`, a `map`, a `switch`, a `time` or a `text`."""
    return next((kind for kind, names in _KINDS.items() if name in names), "text")


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
