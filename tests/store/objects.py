"""Objects to bind, and a table of them alone."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from modelward.contract import StateObject, Use
from modelward.store import ObjectTable, Store
from modelward.store.database import Database, database_url, serving_engine
from modelward.store.migrate import migrate

ACCOUNT = ("gpt-4-east", "gpt-4-west")
ALICE, BOB = "user:alice", "user:bob"
USE = Use("/v1/chat/completions", ("gpt-4", "mini"), ("openai/gpt-4", "openai/gpt-4o-mini"), "carol")


def response(object_id: str = "resp_1", owner: str = ALICE, **fields: Any) -> StateObject:
    """A response made through a deployment of the account."""
    return StateObject("response", object_id, owner, **{"deployment": "gpt-4-east", **fields})


def ids(found: Sequence[StateObject]) -> list[str]:
    """The ids of objects, in their order."""
    return [each.id for each in found]


@asynccontextmanager
async def objects_at(url: str, now: Callable[[], datetime]) -> AsyncIterator[ObjectTable]:
    """The table, with a clock of its own, for as long as the block lasts."""
    await migrate(database_url(url))
    engine = serving_engine(database_url(url))
    try:
        yield ObjectTable(Database(engine, lambda: None), now)
    finally:
        await engine.dispose()


async def owners_of(store: Store, object_id: str, owners: list[str]) -> list[str]:
    """Those of the owners who have the response."""
    return [owner for owner in owners if await store.objects.find("response", object_id, owner) is not None]
