"""A store whose answers are vouched for once and for all, and the statements it sends."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from modelward.contract import Catalog
from modelward.store import Store
from modelward.store.cache import SharedMark, Trust
from modelward.store.database import Database, database_url, serving_engine
from modelward.store.migrate import migrate


@dataclass(frozen=True)
class Unwatched:
    """The store, and every statement it sent, with its parameters."""

    store: Store
    sent: list[tuple[str, Any]]


@asynccontextmanager
async def unwatched(
    url: str, declared: Callable[[], Catalog] = Catalog, size: int = 100, mark: SharedMark | None = None
) -> AsyncIterator[Unwatched]:
    """Open the store for as long as the block lasts; with `mark`, as one of several workers does."""
    await migrate(database_url(url))
    engine = serving_engine(database_url(url))
    trust = Trust(lambda: 0.0, mark)
    trust.until = 1.0
    opened = Unwatched(Store(Database(engine, trust.changed), trust, declared, size), [])

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        opened.sent.append((statement, parameters))

    try:
        yield opened
    finally:
        await engine.dispose()
