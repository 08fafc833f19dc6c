"""Work on a request's content: a large one is worked on beside the event loop, which others wait for."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

_LARGE = 256 * 1024

_Result = TypeVar("_Result")


def is_large(size: int) -> bool:
    """Whether work on so many bytes would hold up other requests."""
    return size > _LARGE


async def worked(size: int, work: Callable[[], _Result]) -> _Result:
    """What `work` on so many bytes gives, done at once or in a thread. Raises what it raises."""
    return await asyncio.to_thread(work) if is_large(size) else work()
