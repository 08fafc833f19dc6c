"""One round in one store: callers that are in no cache looked up, and a decision by each engine for each of them."""

import random
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bench.population import MODEL, hash_of, may_call
from modelward.contract import Caller, Catalog, Decide, Input, Request
from modelward.errors import ModelwardError
from modelward.store import Store, open_store

_CHAT = "/v1/chat/completions"
_GROUPS = ["openai_routes", "llm_api_routes"]
_WARM_UP = 50

Q = TypeVar("Q")
A = TypeVar("A")


@dataclass(frozen=True)
class Filled:
    """A database of `keys` keys, those of `bench.population`."""

    database: str
    keys: int
    url: str

    def __str__(self) -> str:
        return f"{self.database}, {self.keys} keys"


@dataclass(frozen=True)
class Times:
    """Microseconds."""

    p50: float
    p99: float


async def measure(
    filled: Filled, catalog: Catalog, engines: Mapping[str, Decide], count: int, seed: int
) -> dict[str, Times]:
    """The times of `count` lookups and of as many decisions of each engine; ends the run if one is not as expected.

    The store is open for the lookups only, so that no other store's watcher is at work in this process.
    """
    numbers = random.Random(seed).sample(range(filled.keys), min(count, filled.keys))
    async with open_store(filled.url, declared=lambda: catalog) as store:
        await _timed(numbers[:_WARM_UP], lambda number: look_up(store, number), f"{filled}")
        store.forget()
        callers, seconds = await _timed(numbers, lambda number: look_up(store, number), f"{filled}")
    found = {"lookup": _times(seconds)}
    questions = [_question(caller) for caller in callers]
    for name, decide in engines.items():
        decisions, seconds = await _timed(questions, decide, f"{filled}, {name}")
        for number, decision in zip(numbers, decisions, strict=True):
            if decision.allow != may_call(number) or (decision.allow and MODEL not in decision.targets):
                sys.exit(f"{filled}, {name}: the decision for key {number} is not the expected one: {decision}")
        found[name] = _times(seconds)
    return found


async def look_up(store: Store, number: int) -> Caller:
    """The caller with a key; ends the run if it is another, or none."""
    key_hash = hash_of(number)
    caller = await store.caller(key_hash)
    if caller is None or caller.key is None or caller.key.token != key_hash or caller.user is None:
        sys.exit(f"key {number} was looked up, and this was found: {caller!r}")
    return caller


async def _timed(questions: Sequence[Q], ask: Callable[[Q], Awaitable[A]], where: str) -> tuple[list[A], list[float]]:
    """What was answered, one after another, and how many seconds each answer took."""
    answers, seconds = [], []
    for question in questions:
        began = time.perf_counter()
        try:
            answer = await ask(question)
        except ModelwardError as error:
            sys.exit(f"{where}: {error}")
        seconds.append(time.perf_counter() - began)
        answers.append(answer)
    return answers, seconds


def _question(caller: Caller) -> Input:
    return Input(Request("POST", _CHAT, _CHAT, "infer", _GROUPS, [MODEL], time_ns=time.time_ns()), caller)


def _times(seconds: list[float]) -> Times:
    ordered = sorted(seconds)
    p50, p99 = (1e6 * ordered[int(len(ordered) * part)] for part in (0.5, 0.99))
    return Times(p50, p99)
