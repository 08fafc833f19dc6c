"""Nothing is sent on a yes that is older than a second: it is asked for anew first (A5)."""

import asyncio
from collections.abc import Awaitable, Callable

from modelward.errors import Overloaded
from modelward.gateway.exchange import Exchange
from modelward.snapshot import Superseded

FRESH_SECONDS = 1.0
TOO_LATE = "the decision took so long that it does not count any more"

BeforeSending = Callable[[], Awaitable[None]]
"""Called when all is ready and nothing is sent yet: returns if it may be sent now, else raises why not."""


class Freshness:
    """Keeps the yes to one request younger than a second for as long as anything is sent on it.

    `ask` gives the yes and what follows from it, for the caller of `exchange` as it was looked up last; `answer` is
    what it gave at first. Several tasks may call `hold` at once.
    """

    def __init__(self, exchange: Exchange, ask: Callable[[], Awaitable[object]], answer: object) -> None:
        self._exchange = exchange
        self._ask = ask
        self._answer = answer
        self._asked_at = exchange.looked_up_at
        self._turn = asyncio.Lock()

    async def hold(self) -> None:
        """A `BeforeSending`. Raises what the gate refuses for: whatever the caller is refused by now, Superseded where
        the new yes is another one, and Overloaded where it took longer than a second to have."""
        if self._is_fresh():
            return
        async with self._turn:
            if not self._is_fresh():
                await self._ask_anew()

    async def _ask_anew(self) -> None:
        await self._exchange.renew()
        looked_up_at = self._exchange.looked_up_at
        if await self._ask() != self._answer:
            raise Superseded("what serves the request changed while it waited")
        self._asked_at = looked_up_at
        if not self._is_fresh():
            raise Overloaded(TOO_LATE)

    def _is_fresh(self) -> bool:
        return self._exchange.lookups.clock() - self._asked_at < FRESH_SECONDS
