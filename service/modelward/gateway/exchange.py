"""One request on its way through the gate, and what is known of it so far."""

from dataclasses import dataclass, field
from urllib.parse import unquote

from starlette.types import Receive, Scope, Send

from modelward.contract import Caller, Customer, Record, Request
from modelward.errors import Invalid
from modelward.gateway.body import read
from modelward.gateway.decision_log import Entry
from modelward.gateway.headers import Header
from modelward.gateway.routes import Match
from modelward.snapshot import Snapshot


def shown(path: str) -> str:
    """A path as it may be read and logged: a segment that is a key, in whatever encoding, is left out (K4)."""
    if "/sk-" not in unquote(path):
        return path
    return "/".join("sk-..." if unquote(segment).startswith("sk-") else segment for segment in path.split("/"))


@dataclass(slots=True)
class Exchange:
    """A request and the means to answer it. `caller` and `match` are set before a handler sees it; `customer` is the
    one that the request names, once the handler has found it (L7)."""

    scope: Scope
    receive: Receive
    send: Send
    path: str
    time_ns: int
    entry: Entry
    snapshot: Snapshot
    caller: Caller = field(init=False)
    match: Match = field(init=False)
    customer: Customer | None = field(init=False, default=None)
    _body: bytes | None = field(init=False, default=None)

    async def body(self, limit: int) -> bytes:
        """The request's body, read once. Raises Refused (413) beyond `limit` bytes, and ClientLeft."""
        if self._body is None:
            self._body = await read(self.headers, self.receive, limit)
        return self._body

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
        """What every answer carries: the decision's id, twice (E3)."""
        decision_id = self.entry.id.encode()
        return [(b"x-request-id", decision_id), (b"x-modelward-decision-id", decision_id)]

    def malformed(self, error: Invalid) -> Request:
        """The question about a request whose form is wrong: the rules say which refusal comes first (A6)."""
        return self.request([], problem=str(error))

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
        )
