"""One request on its way through the gate: who asks, what was read of it, and how old its yes may be."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote

from starlette.types import Receive, Scope, Send

from modelward.contract import Caller, Customer, Record, Request
from modelward.contract.facts import UNPRINTABLE, masked
from modelward.errors import Invalid, Overloaded, Superseded
from modelward.gateway.decision_log import LogEntry
from modelward.gateway.endpoints import CALLS
from modelward.gateway.errors import form_of, id_headers
from modelward.gateway.headers import Header
from modelward.gateway.request.body import NO_CONTENT, Content, parse, read, worked
from modelward.gateway.request.footprint import path_segments
from modelward.gateway.request.forms import read_form
from modelward.gateway.routes import Match
from modelward.snapshot import Snapshot

HEADERS = frozenset({b"x-litellm-customer-id", b"x-litellm-end-user-id"})
_LONGEST = 1_000

FindCustomer = Callable[[str], Awaitable[Customer | None]]
"""The customer of an id, `None` for one without a record. Raises StoreUnavailable."""


def customer_id(headers: Sequence[Header], body: Mapping[str, object]) -> str | None:
    """The id of the customer, `None` where none is named. Raises Invalid for what is no id, and where two are named."""
    places = [("user", body.get("user"))]
    places += [
        (name.decode(), value.decode("utf-8", "surrogateescape").strip(" \t"))
        for name, value in headers
        if name in HEADERS
    ]
    ids = set[str]()
    for place, value in places:
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            raise Invalid(f"`{place}` must be a text, the id of a customer")
        if len(value) > _LONGEST or UNPRINTABLE.search(value):
            bound = f"at most {_LONGEST} characters, none of them a control character"
            raise Invalid(f"`{place}` must be the id of a customer: {bound}")
        ids.add(value)
    if len(ids) > 1:
        raise Invalid("the request names different customers in different places; name one")
    return ids.pop() if ids else None


Identify = Callable[[Scope], Awaitable[Caller]]

# A body that is there at once is no wait in which a call that revokes could be answered: that takes longer than this.
_AT_ONCE_SECONDS = 0.0005
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


@dataclass(slots=True)
class Exchange:
    """A request and the means to answer it, with the line of the log that it gets, and an id. `headers` have names in
    lower case, `query` is as sent, without the question mark.

    `caller` and `match` are set before a handler sees it; `customer_id` is the one that the request names, once the
    handler has named it, and `customer` its record (L7). `time_ns` is when the caller was looked up, and `looked_up_at`
    the same by `lookups.clock`. `content` is what was parsed of the body, once it was; `unnamed` is a model that is
    asked for though the request does not name it (M6), which no message may name (E3)."""

    lookups: Lookups
    scope: Scope
    receive: Receive
    send: Send
    path: str
    snapshot: Snapshot
    method: str = field(init=False)
    query: bytes = field(init=False)
    headers: list[Header] = field(init=False)
    entry: LogEntry = field(init=False)
    time_ns: int = 0
    looked_up_at: float = 0.0
    caller: Caller = field(init=False)
    match: Match = field(init=False)
    customer_id: str | None = field(init=False, default=None)
    customer: Customer | None = field(init=False, default=None)
    content: Content | None = None
    unnamed: str | None = None
    _body: bytes | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        scope = self.scope
        self.method, self.query, self.headers = scope["method"], scope["query_string"], scope["headers"]
        path = shown(self.path) if "sk-" in self.path or "%" in self.path else self.path
        when = datetime.fromtimestamp(self.lookups.now_ns() / 1e9, UTC).isoformat()
        self.entry = LogEntry(id=os.urandom(16).hex(), time=when, method=self.method, path=path)

    async def identify(self) -> None:
        """Looks up who asks. Raises Unidentified, and what tells that nobody can be looked up."""
        self.time_ns, self.looked_up_at = self.lookups.now_ns(), self.lookups.clock()
        self.caller = await self.lookups.identify(self.scope)

    async def name_customer(self, customer_id: str | None) -> None:
        """Looks up for whom the caller asks; `None` is for nobody. Raises StoreUnavailable."""
        self.customer_id = customer_id
        self.entry.customer = masked(customer_id) if customer_id is not None else None
        self.customer = await self.lookups.find_customer(customer_id) if customer_id is not None else None

    async def renew(self) -> None:
        """Looks up anew who asks and for whom: what has changed since the request came, binds it (A5)."""
        await self.identify()
        await self.name_customer(self.customer_id)

    async def body(self, limit: int) -> bytes:
        """The request's body, read once; a caller that lets it wait is looked up anew, as `renew` does.

        Raises Refused: 413 beyond `limit` bytes, 408 when it takes too long. Raises ClientLeft.
        """
        if self._body is None:
            self._body = await read(self.headers, self.receive, limit)
            if self.lookups.clock() - self.looked_up_at > _AT_ONCE_SECONDS:
                await self.renew()
        return self._body

    async def aclose(self) -> None:
        """Lets go of what was kept of the body."""
        if self.content is not None:
            await self.content.aclose()

    async def waited(self) -> None:
        """The body is whole: if it was long in coming, the caller is looked up anew, as `renew` does."""
        if self.lookups.clock() - self.looked_up_at > _AT_ONCE_SECONDS:
            await self.renew()

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
            path=self.entry.path,
            route=route.template,
            operation=route.operation,
            groups=list(route.groups),
            models=models,
            time_ns=self.time_ns,
            differ=differ,
            problem=problem,
            wildcards=wildcards,
            record=record,
            segments=path_segments(self.match) if self.match.variables else [route.template.split("/")],
            calls=list(CALLS) if route.operation == "list" else [],
        )


FRESH_SECONDS = 1.0
TOO_LATE = "the decision took so long that it does not count any more"

BeforeSending = Callable[[], Awaitable[None]]
"""Called when all is ready and nothing is sent yet: returns if it may be sent now, else raises why not."""


@dataclass(slots=True, repr=False)
class Freshness:
    """Keeps the yes to one request younger than a second for as long as anything is sent on it.

    `ask` gives the yes and what follows from it, for the caller of `exchange` as it was looked up last; `answer` is
    what it gave at first, for the caller as it was looked up at `asked_at`. Several tasks may call `hold` at once.
    """

    exchange: Exchange
    ask: Callable[[], Awaitable[object]]
    answer: object
    asked_at: float
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def hold(self) -> None:
        """A `BeforeSending`. Raises what the gate refuses for: whatever the caller is refused by now, Superseded where
        the new yes is another one, and Overloaded where it took longer than a second to have."""
        clock = self.exchange.lookups.clock
        if clock() - self.asked_at < FRESH_SECONDS:
            return
        async with self._turn:
            if clock() - self.asked_at < FRESH_SECONDS:
                return
            await self.exchange.renew()
            looked_up_at = self.exchange.looked_up_at
            if await self.ask() != self.answer:
                raise Superseded("what serves the request changed while it waited")
            self.asked_at = looked_up_at
            if clock() - looked_up_at >= FRESH_SECONDS:
                raise Overloaded(TOO_LATE)


_FORM = b"multipart/form-data"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads contents; the limits of a JSON body and of a form are in bytes."""

    body_limit: int
    form_limit: int

    async def read(self, exchange: Exchange) -> Content:
        """What the request holds, read once and laid out. Raises Invalid for what does not parse, Refused (413, 408),
        ClientLeft."""
        route = exchange.match.route
        if exchange.content is not None:
            return exchange.content
        if route.reads == "none":
            exchange.content = NO_CONTENT
        elif route.reads != "json" and _is_form(exchange):
            exchange.content = await read_form(route, exchange.headers, exchange.receive, self.form_limit)
            await exchange.waited()
        elif route.reads == "form":
            raise Invalid("this route takes a form; send `Content-Type: multipart/form-data` with a boundary")
        else:
            raw = await exchange.body(self.body_limit)
            if raw or route.operation == "infer":
                fields = await worked(len(raw), lambda: parse(exchange.headers, raw, route))
            else:
                fields = {}
            exchange.content = Content(fields, len(raw))
        return exchange.content


def _is_form(exchange: Exchange) -> bool:
    """Whether it comes as one; a route that takes JSON alone reads that whatever the type says (M2)."""
    types = [value for name, value in exchange.headers if name == b"content-type"]
    return any(value.strip().lower().startswith(_FORM) for value in types)
