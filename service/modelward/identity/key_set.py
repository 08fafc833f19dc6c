"""The keys of one address, kept fresh (R1)."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable

from modelward.identity.jwks import JwksError
from modelward.identity.signing_keys import SigningKey

Read = Callable[[], Awaitable[tuple[SigningKey, ...]]]
PAUSE_SECONDS = 5.0
_EARLY = 0.8
_log = logging.getLogger(__name__)


class KeySet:
    """The last keys that were read; `keys` is `None` before there are any.

    One read is under way at a time, and all who need it wait for the same one. After a failed read the next begins
    PAUSE_SECONDS later at the earliest, and so do two reads for keys that are not in the set.
    """

    def __init__(self, read: Read, clock: Callable[[], float]) -> None:
        self.keys: tuple[SigningKey, ...] | None = None
        self._read = read
        self._clock = clock
        self._reading: asyncio.Task[None] | None = None
        self._begun = self._read_at = self._missed_at = -math.inf
        self._failed = False

    def keep_fresh(self, seconds: float) -> None:
        """Begin to read the set if it is nearly `seconds` old."""
        early = max(seconds, PAUSE_SECONDS) * _EARLY
        due = self._since(self._begun) >= PAUSE_SECONDS if self._failed else self._since(self._read_at) >= early
        if due:
            self._begin()

    async def fresh(self, seconds: float) -> None:
        """Return when the set is less than `seconds` old, or its address does not answer: the old set counts on."""
        if not self._failed and self._since(self._read_at) >= max(seconds, PAUSE_SECONDS):
            await self._end()

    def look_again(self, asked_at: float) -> None:
        """Begin to read the set for a key that is not in it, unless it was read since `asked_at`."""
        may_read = not self._failed and self._since(self._missed_at) >= PAUSE_SECONDS
        if may_read and self._read_at < asked_at and self._reading is None:
            self._missed_at = self._clock()
            self._begin()

    async def looked(self) -> None:
        """Return when the read that is under way has ended, at once if there is none."""
        await self._end()

    async def aclose(self) -> None:
        """Give up the read that is under way."""
        if self._reading is not None:
            self._reading.cancel()
            await self._end()

    def _since(self, moment: float) -> float:
        return self._clock() - moment

    def _begin(self) -> None:
        if self._reading is None:
            self._begun = self._clock()
            self._reading = asyncio.create_task(self._replace(self._begun))

    async def _end(self) -> None:
        if self._reading is not None:
            await asyncio.wait({self._reading})  # who stops waiting does not stop the others' read

    async def _replace(self, begun: float) -> None:
        failed = True
        try:
            self.keys = await self._read()
            self._read_at, failed = begun, False
        except JwksError as error:
            if not self._failed:
                _log.warning("%s: %s", error, "no keys yet" if self.keys is None else "the last keys read count on")
        finally:
            self._reading, self._failed = None, failed
