"""The `opa` engine: an OPA server, asked over HTTP."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp
from opa_client.opa_async import AsyncOpaClient

from modelward.contract import Decision, Explanation, Input, Listing
from modelward.engine import answer
from modelward.errors import BundleError, DecisionUnavailable

_DECISION_SECONDS = 0.45
_LISTING_SECONDS = 10.0
# More at once are not answered sooner, but less fairly: under load a few of them would wait for all others.
_AT_ONCE = 8
# Answers are too small to be worth compressing.
_PLAIN = {"Accept-Encoding": "identity"}
# Without it a built-in that fails makes a denial vanish instead of failing the decision.
_STRICT = {"strict-builtin-errors": "true"}
# The indexer of earlier servers loses denials.
_OLDEST = (1, 22, 1)
_VERSION_SECONDS = 10.0


class OpaEngine:
    """Decides by the OPA server at `url`, which holds `policies/` and the bundle.

    Nothing is retried, no more than 8 questions are under way at once, and an answer later than 450 ms (10 s for a
    listing) is none. A server that is too old is not asked; its version is looked at anew every 10 seconds. Use it as
    an async context. Raises BundleError when `url` is not the address of a server.
    """

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known_until = -1.0
        self._looking = asyncio.Lock()
        self._decider = _client(url, _DECISION_SECONDS)
        self._lister = _client(url, _LISTING_SECONDS)
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def __aenter__(self) -> Self:
        await self._decider.__aenter__()
        await self._lister.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._decider.close_connection()
        await self._lister.close_connection()

    async def check_version(self) -> None:
        """Raises BundleError when the server is too old, DecisionUnavailable when it does not say."""
        async with self._looking:
            if self._clock() < self._known_until:
                return
            self._known_until = -1.0
            version = await _version(self._decider)
            numbers = re.match(r"(\d+)\.(\d+)\.(\d+)", version)
            if numbers is None or tuple(map(int, numbers.groups())) < _OLDEST:
                oldest = ".".join(map(str, _OLDEST))
                raise BundleError(f"the OPA server's version `{version[:40]}` may lose denials; run {oldest} or later")
            self._known_until = self._clock() + _VERSION_SECONDS

    async def decide(self, asked: Input) -> Decision:
        """The decision on one request. Raises DecisionUnavailable."""
        try:
            async with asyncio.timeout(_DECISION_SECONDS), self._turns:
                result = await self._ask(self._decider, asked, "modelward.access", "decision")
        except TimeoutError:
            raise DecisionUnavailable("the OPA server did not answer in time") from None
        return answer.decision(result, asked.request)

    async def list(self, asked: Input) -> Listing:
        """What the caller may see. Raises DecisionUnavailable."""
        return answer.listing(await self._ask(self._lister, asked, "modelward.listing", "listing"))

    async def explain(self, asked: Input) -> Explanation:
        """The decision with each rule's part in it. Raises DecisionUnavailable."""
        result = await self._ask(self._lister, asked, "modelward.explain", "explanation")
        return answer.explanation(result, asked.request)

    async def _ask(self, client: AsyncOpaClient, asked: Input, package: str, rule: str) -> Any:
        try:
            await self.check_version()
        except BundleError as error:
            raise DecisionUnavailable(str(error)) from None
        return await _result(client.query_rule(answer.document(asked), package, rule, _STRICT))


async def _version(client: AsyncOpaClient) -> str:
    """What the server says its version is. Raises DecisionUnavailable."""
    match await _result(client.ad_hoc_query("version := opa.runtime().version")):
        case [{"version": str(version)}]:
            return version
    raise DecisionUnavailable("the OPA server does not tell its version; allow the proxy `POST /v1/query` there")


async def _result(asking: Awaitable[Any]) -> Any:
    try:
        body = await asking
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise DecisionUnavailable(f"the OPA server did not answer: {type(error).__name__}") from error
    except ValueError as error:
        raise DecisionUnavailable("the OPA server's answer is not JSON") from error
    if not isinstance(body, dict) or "result" not in body:
        raise DecisionUnavailable("the OPA server leaves the decision undefined; does it hold `policies/`?")
    return body["result"]


def _client(url: str, seconds: float) -> AsyncOpaClient:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 8181)
    except ValueError:
        raise BundleError(f"`{url}` is no address of an OPA server; write it as `http://127.0.0.1:8181`") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise BundleError(f"`{url}` is no address of an OPA server; write it as `http://127.0.0.1:8181`")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return AsyncOpaClient(host=host, port=port, ssl=parts.scheme == "https", retries=0, timeout=seconds, headers=_PLAIN)
