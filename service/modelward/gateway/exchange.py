"""One request on its way through the gate, and what is known of it so far."""

import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote

from starlette.types import Receive, Scope, Send

from modelward.contract import Caller, Customer, Record, Request
from modelward.errors import Invalid
from modelward.gateway.body import read
from modelward.gateway.client_text import masked
from modelward.gateway.content import Content
from modelward.gateway.customers import FindCustomer
from modelward.gateway.decision_log import Entry
from modelward.gateway.endpoints import CALLS
from modelward.gateway.error_forms import form_of, id_headers
from modelward.gateway.headers import Header
from modelward.gateway.places import path_segments
from modelward.gateway.routes import Match
from modelward.snapshot import Snapshot

Identify = Callable[[Scope], Awaitable[Caller]]

# A body that is there at once is no wait in which a caller could be revoked.
_AT_ONCE_SECONDS = 0.005
_LONGEST_PROBLEM = 500


def shown(path: str) -> str:
    """A path as it may be read and logged: a segment that is a key, in whatever encoding, is left out (K4)."""
    if "/sk-" not in unquote(path):
        return path
    return "/".join("sk-..." if unquote(segment).startswith("sk-") else segment for segment in path.split("/"))


@dataclass(frozen=True, slots=True)
class Lookups:
    """Where a request's caller and customer are looked up; `now_ns` gives nanoseconds since the epoch, `clock` seconds
    that never go back."""

    identify: Identify
    find_customer: FindCustomer
    now_ns: Callable[[], int] = time.time_ns
    clock: Callable[[], float] = time.monotonic


def new_entry(lookups: Lookups, method: str, path: str) -> Entry:
    """The line of one request to `path`, with an id of its own."""
    when = datetime.fromtimestamp(lookups.now_ns() / 1e9, UTC).isoformat()
    return Entry(id=os.urandom(16).hex(), time=when, method=method, path=shown(path))


@dataclass(slots=True)
class Exchange:
    """A request and the means to answer it. `caller` and `match` are set before a handler sees it; `customer` is the
    one that the request names, once the handler has named it (L7). `time_ns` is when the caller was looked up, and
    `looked_up_at` the same by `lookups.clock`.
    `content` is what was parsed of the body, once it was; `unnamed` is a model that is asked for though the request
    does not name it (M6), which no message may name (E3)."""

    lookups: Lookups
    scope: Scope
    receive: Receive
    send: Send
    path: str
    entry: Entry
    snapshot: Snapshot
    time_ns: int = 0
    looked_up_at: float = 0.0
    caller: Caller = field(init=False)
    match: Match = field(init=False)
    customer: Customer | None = field(init=False, default=None)
    content: Content | None = None
    unnamed: str | None = None
    _body: bytes | None = field(init=False, default=None)
    _customer_id: str | None = field(init=False, default=None)

    async def identify(self) -> None:
        """Looks up who asks. Raises Unidentified, and what tells that nobody can be looked up."""
        self.time_ns, self.looked_up_at = self.lookups.now_ns(), self.lookups.clock()
        self.caller = await self.lookups.identify(self.scope)

    async def name_customer(self, customer_id: str | None) -> None:
        """Looks up for whom the caller asks; `None` is for nobody. Raises StoreUnavailable."""
        self._customer_id = customer_id
        self.entry.customer = masked(customer_id) if customer_id is not None else None
        self.customer = await self.lookups.find_customer(customer_id) if customer_id is not None else None

    async def renew(self) -> None:
        """Looks up anew who asks and for whom: what has changed since the request came, binds it (A5)."""
        await self.identify()
        await self.name_customer(self._customer_id)

    async def body(self, limit: int) -> bytes:
        """The request's body, read once; a caller that lets it wait is looked up anew, as `renew` does.

        Raises Refused: 413 beyond `limit` bytes, 408 when it takes too long. Raises ClientLeft.
        """
        if self._body is None:
            self._body = await read(self.headers, self.receive, limit)
            await self.waited()
        return self._body

    async def aclose(self) -> None:
        """Lets go of what was kept of the body."""
        if self.content is not None:
            await self.content.aclose()

    async def waited(self) -> None:
        """The body is whole: if it was long in coming, whoever asks is looked up anew, as `renew` does."""
        if self.lookups.clock() - self.looked_up_at > _AT_ONCE_SECONDS:
            await self.renew()

    @property
    def method(self) -> str:
        """The request's method, in upper case."""
        method: str = self.scope["method"]
        return method

    @property
    def query(self) -> bytes:
        """The query as sent, without the question mark."""
        query: bytes = self.scope["query_string"]
        return query

    @property
    def headers(self) -> list[Header]:
        """The request's headers, names in lower case."""
        headers: list[Header] = self.scope["headers"]
        return headers

    @property
    def answer_headers(self) -> list[Header]:
        """What every answer carries: the decision's id, under the names that its client reads (E3)."""
        return id_headers(self.entry.id, form_of(self.path))

    def malformed(self, error: Invalid) -> Request:
        """The question about a request whose form is wrong: the rules say which refusal comes first (A6)."""
        return self.request([], problem=str(error)[:_LONGEST_PROBLEM])

    def request(
        self,
        models: list[str],
        *,
        differ: bool = False,
        problem: str = "",
        wildcards: bool = False,
        record: Record | None = None,
    ) -> Request:
        """The question that the rules are asked about this request."""
        route = self.match.route
        return Request(
            method=self.method,
            path=shown(self.path),
            route=route.template,
            operation=route.operation,
            groups=list(route.groups),
            models=models,
            time_ns=self.time_ns,
            differ=differ,
            problem=problem,
            wildcards=wildcards,
            record=record,
            segments=path_segments(self.match),
            calls=list(CALLS) if route.operation == "list" else [],
        )
