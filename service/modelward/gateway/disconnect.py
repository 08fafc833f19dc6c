"""A client that leaves ends the work done for it."""

from asyncio import CancelledError, Task, create_task, current_task
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.types import Receive


@asynccontextmanager
async def until_client_leaves(receive: Receive) -> AsyncIterator[None]:
    """Run the body until `http.disconnect` comes: then the body is cancelled, and the block ends without an error.

    The request's body must have been received. A cancellation from elsewhere goes on its way.
    """
    work = current_task()
    if work is None:
        raise RuntimeError("a client is watched from within a task only")
    watch = create_task(_cancel_on_disconnect(receive, work))
    try:
        yield
    except CancelledError:
        if not _is_from(watch) or work.uncancel() > 0:
            raise
    finally:
        watch.cancel()


async def _cancel_on_disconnect(receive: Receive, work: Task[Any]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    work.cancel()


def _is_from(watch: Task[None]) -> bool:
    return watch.done() and not watch.cancelled() and watch.exception() is None
