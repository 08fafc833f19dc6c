"""Objects to bind, and a table of them alone."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Literal

from modelward.contract import Owner, StateObject, Subject, Use
from modelward.gateway.objects import owner_of
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


async def owner_of_key(store: Store, key_hash: str) -> str:
    """Under which name the owner that the decision names for a key has its objects."""
    caller = await store.caller(key_hash)
    assert caller is not None and caller.key is not None
    key = caller.key
    kinds: list[tuple[Literal["team", "user"], str | None]] = [("team", key.team_id), ("user", key.user_id)]
    named = [Owner(kind=kind, id=id_) for kind, id_ in kinds if id_]
    owner = next(iter(named), Owner(kind="key", id=key_hash))
    return owner_of(caller, Subject(team_id=None, user_id=None, role=None, owner=owner))
