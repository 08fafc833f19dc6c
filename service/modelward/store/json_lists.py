"""Ids in the JSON lists of other records."""

import json
from typing import Any

from sqlalchemy import Column, ColumnElement, FunctionElement, String, cast, column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


class _Items(FunctionElement[Any]):
    """The items of a list, one a row, in a column `value`."""

    inherit_cache = True


@compiles(_Items, "sqlite")
def _in_sqlite(items: _Items, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(items.clauses, **options)})"


@compiles(_Items, "postgresql")
def _in_postgresql(items: _Items, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_array_elements_text({compiler.process(items.clauses, **options)})"


def holds(lists: Column[Any], item: str) -> ColumnElement[bool]:
    """Whether a list holds that item."""
    items = _Items(lists).table_valued(column("value", String))
    return select(items.c.value).where(items.c.value == item).correlate(lists.table).exists()


async def replace_in_lists(connection: AsyncConnection, column: Column[Any], old: str, new: str | None) -> None:
    """In every list of `column`, put `new` in the place of `old`, or nothing if it is `None`."""
    (row_id,) = column.table.primary_key
    query = select(row_id, column).where(_mentions(column, old)).order_by(row_id).with_for_update()
    for found_id, items in (await connection.execute(query)).all():
        kept = [new if item == old else item for item in items if item != old or new is not None]
        await connection.execute(update(column.table).where(row_id == found_id).values({column.name: kept}))


def _mentions(column: Column[Any], item: str) -> ColumnElement[bool]:
    """Whether the text of a list may hold an item: the item's own text does, as JSON writes it in ASCII or without."""
    text = cast(column, String)
    spelled = {json.dumps(item), json.dumps(item, ensure_ascii=False)}
    return or_(*(text.contains(each, autoescape=True) for each in sorted(spelled)))
