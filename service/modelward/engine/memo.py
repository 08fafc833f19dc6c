"""A memo of decisions: questions that are equal but for the clock have one answer, for as long as the rules say so."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass

from modelward.contract import Decide, Decision, Input
from modelward.engine import answer

_MOST = 4_096
_MOST_BYTES = 8 * 1024 * 1024
# One that takes more than a share is not kept: it would drive out too many others.
_SHARES = 64


@dataclass(frozen=True, slots=True)
class _Kept:
    """A decision; `since` and `until` bound the `time_ns` of questions that it answers, `ends` the memo's clock."""

    decision: Decision
    since: int
    until: float
    ends: float
    size: int


class Memo:
    """Remembers what `ask` decides by one engine over one catalogue; with another catalogue begins another memo.

    A decision answers a question that is the same in every byte but for its time, where that is not before the time of
    the question that was asked, and before the decision's `holds_until`; and for at most `longest` seconds by `clock`,
    counted from before it was asked for. `hit` or `miss` is called for each question. At most `most` are kept, and
    `most_bytes` of them as JSON: the oldest go first.
    """

    def __init__(
        self,
        ask: Decide,
        *,
        longest: float,
        clock: Callable[[], float],
        hit: Callable[[], None],
        miss: Callable[[], None],
        most: int = _MOST,
        most_bytes: int = _MOST_BYTES,
    ) -> None:
        self._ask = ask
        self._longest = longest
        self._clock = clock
        self._hit = hit
        self._miss = miss
        self._most = most
        self._most_bytes = most_bytes
        self._kept: dict[bytes, _Kept] = {}
        self._under_way: dict[bytes, asyncio.Future[None]] = {}
        self._bytes = 0

    async def decide(self, asked: Input) -> Decision:
        """The decision on one request, kept or new. Raises what `ask` does, and keeps nothing of it.

        An equal question that is under way is waited for; where its answer does not hold for this one, or there is
        none, this one is asked too.
        """
        question = answer.timeless(asked)
        for under_way in (self._under_way.get(question), None):
            kept = self._kept.get(question)
            if kept is not None and kept.since <= asked.request.time_ns < kept.until and self._clock() < kept.ends:
                self._hit()
                return kept.decision
            if under_way is not None:
                await asyncio.wait([under_way])
        self._miss()
        return await self._new(question, asked)

    async def _new(self, question: bytes, asked: Input) -> Decision:
        ended = asyncio.get_running_loop().create_future()
        self._under_way[question], began = ended, self._clock()
        try:
            decision = await self._ask(asked)
            self._keep(question, decision, asked.request.time_ns, began + self._longest)
            return decision
        finally:
            ended.set_result(None)
            if self._under_way.get(question) is ended:
                del self._under_way[question]

    def _keep(self, question: bytes, decision: Decision, since: int, ends: float) -> None:
        until = math.inf if decision.holds_until is None else decision.holds_until
        size = len(question) + len(decision.model_dump_json())
        self._drop(question)
        if until <= since or size > self._most_bytes // _SHARES:
            return
        self._kept[question] = _Kept(decision, since, until, ends, size)
        self._bytes += size
        while len(self._kept) > self._most or self._bytes > self._most_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, question: bytes) -> None:
        dropped = self._kept.pop(question, None)
        if dropped is not None:
            self._bytes -= dropped.size
