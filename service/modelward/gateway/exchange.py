"""One request on its way through the gate: who asks, what was read of it, and how old its yes may be."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from urllib.parse import unquote

from starlette.types import Receive, Scope, Send

from modelward.contract import Caller, Customer, Record, Request
from modelward.errors import Invalid, Overloaded
from modelward.gateway.decision_log import Entry
from modelward.gateway.endpoints import CALLS
from modelward.gateway.errors import form_of, id_headers
from modelward.gateway.headers import Header
from modelward.gateway.request.body import Content, JsonContent, NoContent, laid_out, parse, read, worked
from modelward.gateway.request.form_parts import FILE_NAMES
from modelward.gateway.request.forms import read_form
from modelward.gateway.request.names import UNPRINTABLE, masked
from modelward.gateway.request.places import path_segments
from modelward.gateway.routes import IN_PATH, Match, Route
from modelward.snapshot import Snapshot, Superseded

HEADERS = frozenset({b"x-litellm-customer-id", b"x-litellm-end-user-id"})
_LONGEST = 1_000

FindCustomer = Callable[[str], Awaitable[Customer | None]]
"""The customer of an id, `None` for one without a record. Raises StoreUnavailable."""


def customer_id(headers: Sequence[Header], body: Mapping[str, object]) -> str | None:
    """The id of the customer, `None` where none is named. Raises Invalid for what is no id, and where two are named."""
    places = [("user", body.get("user"))]
    places += [(name.decode(), _decoded(value)) for name, value in headers if name in HEADERS]
    ids = {_checked(value, place) for place, value in places if value not in (None, "")}
    if len(ids) > 1:
        raise Invalid("the request names different customers in different places; name one")
    return ids.pop() if ids else None


def _decoded(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape").strip(" \t")


def _checked(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise Invalid(f"`{place}` must be a text, the id of a customer")
    if len(value) > _LONGEST or UNPRINTABLE.search(value):
        raise Invalid(
            f"`{place}` must be the id of a customer: at most {_LONGEST} characters, none of them a control character"
        )
    return value


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


_FORM = b"multipart/form-data"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads contents; the limits of a JSON body and of a form are in bytes."""

    body_limit: int
    form_limit: int

    async def read(self, exchange: Exchange) -> Content:
        """What the request holds, read once. Raises Invalid for what does not parse, Refused (413, 408), ClientLeft."""
        if exchange.content is None:
            exchange.content = await self._read(exchange)
        return exchange.content

    async def _read(self, exchange: Exchange) -> Content:
        route = exchange.match.route
        if route.reads == "none":
            return NoContent()
        if not _is_form(exchange):
            if route.reads == "form":
                raise Invalid("this route takes a form; send `Content-Type: multipart/form-data` with a boundary")
            return await self._json(exchange)
        exchange.content = await read_form(
            exchange.headers,
            exchange.receive,
            self.form_limit,
            plain_texts(route),
            file_names(route),
            lay_out=partial(laid_out, route),
        )
        await exchange.waited()
        return exchange.content

    async def _json(self, exchange: Exchange) -> Content:
        raw = await exchange.body(self.body_limit)
        if not raw and exchange.match.route.operation != "infer":
            return JsonContent({})
        fields = await worked(len(raw), lambda: laid_out(exchange.match.route, parse(exchange.headers, raw)))
        return JsonContent(fields, len(raw))


def plain_texts(route: Route) -> frozenset[str]:
    """The fields of a form on `route` that hold the caller's own words; a text in any other may be JSON."""
    return frozenset(where for where in route.content if "." not in where)


def file_names(route: Route) -> frozenset[str]:
    """Which parts of a form on `route` may be files: the object that the call runs is named, not sent."""
    if route.runs is None or route.runs == IN_PATH:
        return FILE_NAMES
    return FILE_NAMES - {route.runs.partition(".")[0]}


def _is_form(exchange: Exchange) -> bool:
    """Whether to read a form; a route that takes JSON alone reads it whatever the type says (M2)."""
    if exchange.match.route.reads == "json":
        return False
    types = [value for name, value in exchange.headers if name == b"content-type"]
    return any(value.strip().lower().startswith(_FORM) for value in types)
