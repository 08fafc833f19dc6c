"""A client that leaves ends the work done for it."""

from asyncio import CancelledError, Task, create_task, current_task, get_running_loop
from typing import Any, Self

from starlette.types import Receive

# Most answers are there sooner, and a task for each of them would cost more than it saves.
_PATIENCE_SECONDS = 0.02


class UntilClientLeaves:
    """Runs the block until `http.disconnect` comes: then the block is cancelled, and ends without an error.

    The request's body must have been received. A cancellation from elsewhere goes on its way. `receive` is asked from
    20 ms on.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._watch: Task[None] | None = None

    async def __aenter__(self) -> Self:
        work = current_task()
        if work is None:
            raise RuntimeError("a client is watched from within a task only")
        self._work = work
        self._timer = get_running_loop().call_later(_PATIENCE_SECONDS, self._start)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        self._timer.cancel()
        watch = self._watch
        if watch is None:
            return False
        came = _is_done(watch)
        watch.cancel()
        return came and kind is CancelledError and self._work.uncancel() == 0

    def _start(self) -> None:
        self._watch = create_task(_cancel_on_disconnect(self._receive, self._work))


async def _cancel_on_disconnect(receive: Receive, work: Task[Any]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    work.cancel()


def _is_done(watch: Task[None]) -> bool:
    return watch.done() and not watch.cancelled() and watch.exception() is None
