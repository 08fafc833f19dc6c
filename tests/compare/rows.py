"""A stand-in for LiteLLM's database client: the rows of one world, in memory. Runs in LiteLLM's environment."""

import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

from litellm.proxy._types import LiteLLM_VerificationTokenView

Fields = dict[str, Any]


class Row:
    """One row, as LiteLLM reads it: by attribute, as pairs, as a dictionary. A column without a value is `None`."""

    def __init__(self, fields: Fields) -> None:
        self.__dict__.update(fields)

    def __getattr__(self, name: str) -> None:
        if name.startswith("__") or name == "keys":
            raise AttributeError(name)

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return iter(self.__dict__.items())

    def model_dump(self, **_: object) -> Fields:
        """The columns that have a value."""
        return dict(self.__dict__)

    dict = model_dump


class Table:
    """The rows of one table; every row that a condition cannot rule out is found."""

    def __init__(self, rows: list[Fields] | None = None) -> None:
        self._rows = rows or []

    async def find_unique(self, where: Fields, **_: object) -> Row | None:
        """The row of a key, which may have several columns."""
        return next(iter(await self.find_many(where)), None)

    async def find_first(self, where: Fields | None = None, **_: object) -> Row | None:
        """The first row that the condition holds for."""
        return next(iter(await self.find_many(where)), None)

    async def find_many(self, where: Fields | None = None, **_: object) -> list[Row]:
        """All rows that the condition holds for."""
        return [Row(row) for row in self._rows if _holds(where or {}, row)]

    async def create(self, data: Fields, **_: object) -> Row:
        """Answer with the new row, and forget it: a world has the rows that it began with."""
        return Row(data)

    async def update(self, where: Fields, data: Fields, **_: object) -> Row | None:
        """Answer with the row as it is: nothing that the worlds ask about is written."""
        return await self.find_first(where)

    async def update_many(self, **_: object) -> int:
        """Write nothing."""
        return 0

    async def upsert(self, where: Fields, data: Fields, **_: object) -> Row:
        """Answer with the row, or with the one that would be made."""
        return await self.find_first(where) or Row(data["create"])

    async def count(self, where: Fields | None = None, **_: object) -> int:
        """How many rows the condition holds for."""
        return len(await self.find_many(where))


class Tables:
    """The tables, each by LiteLLM's name for it; one without rows is empty."""

    def __init__(self, tables: Mapping[str, list[Fields]]) -> None:
        self._tables = {name: Table(rows) for name, rows in tables.items()}

    def __getattr__(self, name: str) -> Table:
        if not name.startswith("litellm_"):
            raise AttributeError(name)
        return self._tables.setdefault(name, Table())

    async def query_raw(self, *_: object) -> list[Fields]:
        """No statement of its own is part of a decision."""
        return []

    query_first = execute_raw = query_raw


class Database:
    """What LiteLLM calls its Prisma client."""

    def __init__(self, tables: Mapping[str, list[Fields]]) -> None:
        self.db = self.writer_db = Tables(tables)
        self.spend_log_transactions: list[Fields] = []
        self.proxy_logging_obj = SimpleNamespace()

    @asynccontextmanager
    async def tx(self) -> AsyncIterator[Tables]:
        """A transaction: nothing is written in it either."""
        yield self.db

    def jsonify_object(self, data: Fields) -> Fields:
        """Nothing is encoded here."""
        return data

    async def get_data(self, token: str | None = None, table_name: str | None = None, **_: object) -> Any:
        """A key joined with its team, or `None`: the one read that LiteLLM does in SQL of its own."""
        if table_name != "combined_view" or token is None:
            return None
        key = await self.db.litellm_verificationtoken.find_unique({"token": token})
        if key is None:
            return None
        return LiteLLM_VerificationTokenView(**await self._joined(dict(key)), last_refreshed_at=time.time())

    async def _joined(self, key: Fields) -> Fields:
        team = await self.db.litellm_teamtable.find_unique({"team_id": key.get("team_id")}) or Row({})
        aliases = await self.db.litellm_modeltable.find_unique({"id": team.model_id}) or Row({})
        joined: Fields = {
            "team_models": team.models or [],
            "team_metadata": team.metadata,
            "team_blocked": bool(team.blocked),
            "team_alias": team.team_alias,
            "team_members_with_roles": team.members_with_roles,
            "team_model_aliases": aliases.aliases,
            "org_id": team.organization_id,
        }
        return {**key, **joined}


def _holds(where: Fields, row: Fields) -> bool:
    return all(_column_holds(name, wanted, row) for name, wanted in where.items())


def _column_holds(name: str, wanted: Any, row: Fields) -> bool:
    """Conditions but equality and `in` are taken to hold; a key of several columns is a condition on each."""
    if name in {"AND", "OR", "NOT"}:
        return True
    if not isinstance(wanted, dict):
        return bool(row.get(name) == wanted)
    if wanted.keys() <= row.keys():
        return _holds(wanted, row)
    if "equals" in wanted:
        return str(row.get(name)).lower() == str(wanted["equals"]).lower()
    return row.get(name) in wanted["in"] if "in" in wanted else True
