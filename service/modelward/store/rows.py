"""Between rows and records."""

from dataclasses import Field, fields
from typing import Any, ClassVar, Protocol, TypeVar

from sqlalchemy import Row, Table


class Record(Protocol):
    """A dataclass whose fields are the columns of a table, and `declared`."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


R = TypeVar("R", bound=Record)


def record(kind: type[R], table: Table, row: Row[Any]) -> R:
    """The record in a row that holds all columns of `table`."""
    return kind(**{column.name: row._mapping[column] for column in table.columns})


def values(item: Record) -> dict[str, Any]:
    """The columns of a record."""
    return {each.name: getattr(item, each.name) for each in fields(item) if each.name != "declared"}
