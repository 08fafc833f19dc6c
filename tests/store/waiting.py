"""Waiting, without a fixed sleep, for what another task or process does."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from modelward.contract import Caller
from modelward.store import Store

LONG_ENOUGH = 30.0
"""Seconds; no test waits so long unless it fails."""


async def until(holds: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Whether it holds before that time is over."""
    end = time.monotonic() + seconds
    while not await holds():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.005)
    return True


async def cached(store: Store, key_hash: str) -> bool:
    """Whether the store answers from its cache: then it gives the same object twice."""
    first, second = await store.caller(key_hash), await store.caller(key_hash)
    return first is second and first is not None


def is_blocked(caller: Caller | None) -> bool:
    """Whether the caller's key is blocked."""
    return caller is not None and caller.key is not None and caller.key.blocked
