"""The `opa` engine: an OPA server, asked over HTTP."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp
import orjson
from opa_client.opa_async import AsyncOpaClient

from modelward.contract import Decision, Explanation, Input, Listing, Operation, Reach
from modelward.engine import answer
from modelward.errors import BundleError, DecisionUnavailable, Overloaded

_DECISION_SECONDS = 0.45
_LISTING_SECONDS = 10.0
# More at once are not answered sooner, but less fairly: under load a few of them would wait for all others.
_AT_ONCE = 8
_MOST_WAITING = 128
# With the answer's own time less than the second for which a decision counts (A5).
_WAIT_SECONDS = 0.5
# Answers are too small to be worth compressing.
_PLAIN = {"Accept-Encoding": "identity"}
# Without it a built-in that fails makes a denial vanish instead of failing the decision.
_STRICT = {"strict-builtin-errors": "true"}
# The indexer of earlier servers loses denials.
_OLDEST = (1, 22, 1)
_VERSION_SECONDS = 10.0


class Turns:
    """At most `at_once` questions are under way, and `most_waiting` more wait for a turn, `seconds` at most.

    `async with turns` takes a turn. Raises Overloaded where there is none to be had, and DecisionUnavailable in its
    place where the server did not answer the last question: then there is no hope in trying again.
    """

    def __init__(self, at_once: int, most_waiting: int, seconds: float) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._most_waiting = most_waiting
        self._seconds = seconds
        self._waiting = 0
        self._failing = False

    def check(self) -> None:
        """Raises what anyone who asks for a turn now gets at once, if anything."""
        if self._free.locked() and self._waiting >= self._most_waiting:
            raise self._none_left()

    async def __aenter__(self) -> None:
        self.check()
        self._waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise self._none_left() from None
        finally:
            self._waiting -= 1

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._free.release()
        if kind is None or issubclass(kind, DecisionUnavailable):  # one that is given up says nothing of the server
            self._failing = kind is not None

    def _none_left(self) -> DecisionUnavailable:
        if self._failing:
            return DecisionUnavailable("the OPA server does not answer, and too many questions wait for it")
        return Overloaded("too many questions wait for the OPA server")


@dataclass(eq=False)
class OpaEngine:
    """Decides by the OPA server at `url`, which holds `policies/` and the bundle.

    Nothing is retried, and a decision later than `seconds` (10 s for a listing) is none. No more than 8 decisions and 8
    listings are under way at once; `turns` and `long_turns` bound how many wait for that, and how long, apart from the
    answer's own time. Decisions on management have `manage_turns`, 8 of their own: a flood of calls keeps no key from
    being revoked. A server that is too old is not asked; its version is looked at anew every 10 seconds. Use it as
    an async context. Raises BundleError when `url` is not the address of a server.
    """

    url: str
    turns: Turns = field(default_factory=partial(Turns, _AT_ONCE, _MOST_WAITING, _WAIT_SECONDS))
    long_turns: Turns = field(default_factory=partial(Turns, _AT_ONCE, _MOST_WAITING, _LISTING_SECONDS))
    manage_turns: Turns = field(default_factory=partial(Turns, _AT_ONCE, _MOST_WAITING, _WAIT_SECONDS))
    clock: Callable[[], float] = time.monotonic
    seconds: float = _DECISION_SECONDS

    def __post_init__(self) -> None:
        self._client = _client(self.url)
        self._known_until = -1.0
        self._looking = asyncio.Lock()

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close_connection()

    async def check_version(self) -> None:
        """Raises BundleError when the server is too old, DecisionUnavailable when it does not say in time."""
        if self.clock() < self._known_until:
            return
        async with _in_time(self.seconds), self._looking:
            if self.clock() < self._known_until:
                return
            self._known_until = -1.0
            match await _result(self._client.ad_hoc_query("version := opa.runtime().version")):
                case [{"version": str(version)}]:
                    numbers = re.match(r"(\d+)\.(\d+)\.(\d+)", version)
                case _:
                    raise DecisionUnavailable(
                        "the OPA server does not tell its version; allow the proxy `POST /v1/query` there"
                    )
            if numbers is None or tuple(map(int, numbers.groups())) < _OLDEST:
                oldest = ".".join(map(str, _OLDEST))
                raise BundleError(f"the OPA server's version `{version[:40]}` may lose denials; run {oldest} or later")
            self._known_until = self.clock() + _VERSION_SECONDS

    def admit(self, operation: Operation) -> None:
        """Raises Overloaded, or DecisionUnavailable, where no decision on that can be had now: to be called before
        anything is done for a request, or the work on those that are shed would take the time of those that are not."""
        self._turns_of(operation).check()

    async def decide(self, asked: Input) -> Decision:
        """The decision on one request. Raises DecisionUnavailable, and Overloaded."""
        return await self._ask(Decision, "access", asked, self._turns_of(asked.request.operation), self.seconds)

    async def list(self, asked: Input) -> Listing:
        """What the caller may see. Raises DecisionUnavailable, and Overloaded."""
        return await self._ask(Listing, "listing", asked, self.long_turns, _LISTING_SECONDS)

    async def reach(self, asked: Input) -> Reach:
        """Which of the models the caller may call, each asked for alone. Raises DecisionUnavailable, and Overloaded."""
        return await self._ask(Reach, "reach", asked, self.long_turns, _LISTING_SECONDS)

    async def explain(self, asked: Input) -> Explanation:
        """The decision with each rule's part in it. Raises DecisionUnavailable, and Overloaded."""
        return await self._ask(Explanation, "explain", asked, self.long_turns, _LISTING_SECONDS)

    def _turns_of(self, operation: Operation) -> Turns:
        return self.manage_turns if operation == "manage" else self.turns

    async def _ask(
        self, kind: type[answer.Answer], package: str, asked: Input, turns: Turns, seconds: float
    ) -> answer.Answer:
        async with turns:
            try:
                await self.check_version()
            except BundleError as error:
                raise DecisionUnavailable(str(error)) from None
            question, rule = orjson.loads(answer.question(asked)), kind.__name__.lower()
            async with _in_time(seconds):
                result = await _result(self._client.query_rule(question, f"modelward.{package}", rule, _STRICT))
        return answer.parsed(kind, result, asked.request)


@asynccontextmanager
async def _in_time(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise DecisionUnavailable("the OPA server did not answer in time") from None


async def _result(asking: Awaitable[Any]) -> Any:
    try:
        body = await asking
    except (aiohttp.ClientError, OSError) as error:  # a timeout of its own is an OSError
        raise DecisionUnavailable(f"the OPA server did not answer: {type(error).__name__}") from error
    except ValueError as error:
        raise DecisionUnavailable("the OPA server's answer is not JSON") from error
    if not isinstance(body, dict) or "result" not in body:
        raise DecisionUnavailable("the OPA server leaves the decision undefined; does it hold `policies/`?")
    return body["result"]


def _client(url: str) -> AsyncOpaClient:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 8181)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError
    except ValueError:
        raise BundleError(f"`{url}` is no address of an OPA server; write it as `http://127.0.0.1:8181`") from None
    host, ssl = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname, parts.scheme == "https"
    return AsyncOpaClient(host=host, port=port, ssl=ssl, retries=0, timeout=_LISTING_SECONDS, headers=_PLAIN)
