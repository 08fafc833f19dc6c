"""`GET` of a collection: the caller's own objects, and no others."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace

import orjson

from modelward.contract import Deployment, JsonObject, ObjectKind, Request, StateObject
from modelward.errors import (
    Broken,
    DecisionUnavailable,
    Invalid,
    ModelwardError,
    NotFound,
    NotReached,
    NotTold,
    TimedOut,
    Unusable,
)
from modelward.gateway.errors import JSON, respond
from modelward.gateway.exchange import BeforeSending, Exchange, Freshness, shown
from modelward.gateway.headers import Header
from modelward.gateway.judge import Judge, Verdict
from modelward.gateway.objects.binding import Binder
from modelward.gateway.objects.held import ObjectStore, home, owner_of
from modelward.gateway.objects.made import made_by, own_links, parsed
from modelward.gateway.request.body import NO_CONTENT
from modelward.gateway.request.footprint import footprint, query_values
from modelward.gateway.routes import Match, Route, Router
from modelward.gateway.upstream.client import Upstream
from modelward.gateway.upstream.failures import BROKEN, REDIRECTED, SILENT, UNREACHABLE, UNUSABLE, Failure
from modelward.gateway.upstream.providers import endpoint
from modelward.gateway.upstream.reply import Reply

_MOST = 100


@dataclass(frozen=True, slots=True)
class PageQuery:
    """At most `limit` objects behind the one with the id `after`; `backwards` gives those before it, the nearest
    first. `purpose` is that of files."""

    limit: int
    after: str | None
    ascending: bool
    backwards: bool = False
    purpose: str | None = None


def page_of(route: Route, query: bytes) -> PageQuery:
    """The page that a query asks for. Raises Invalid."""
    limit = _limit(_one(query, "limit"))
    if route.form == "anthropic":
        before = _one(query, "before_id")
        after = _one(query, "after_id")
        if before is not None and after is not None:
            raise Invalid("`before_id` and `after_id` may not be sent together; send one")
        return PageQuery(limit, before or after, ascending=before is not None, backwards=before is not None)
    if _one(query, "before") is not None:
        raise Invalid("`before` is not taken; use `after`, with `order` for the other direction")
    order = _one(query, "order") or "desc"
    if order not in {"asc", "desc"}:
        raise Invalid("`order` must be `asc` or `desc`")
    return PageQuery(limit, _one(query, "after"), order == "asc", purpose=_one(query, "purpose"))


def told(route: Route, page: PageQuery, found: Mapping[str, JsonObject], *, more: bool) -> JsonObject:
    """The list as its clients read it; `found` are the objects by id, in the order of the page."""
    ids = list(found)[::-1] if page.backwards else list(found)
    edges = {"first_id": ids[0] if ids else None, "last_id": ids[-1] if ids else None, "has_more": more}
    data = {"data": [found[each] for each in ids], **edges}
    return data if route.form == "anthropic" else {"object": "list", **data}


def _one(query: bytes, name: str) -> str | None:
    values = query_values(query, name)
    if len(values) > 1:
        raise Invalid(f"`?{name}=` is there more than once; send one")
    return values[0] if values and values[0] else None


def _limit(text: str | None) -> int:
    if text is None:
        return 20
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) < 1:
        raise Invalid(f"`limit` must be a number from 1 to {_MOST}")
    return min(int(text), _MOST)


_LONGEST = 4 * 1024 * 1024
_GONE = 404


class NotFetched(ModelwardError):
    """The upstream does not tell of an object; `failure` says so to the client."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


class Fetcher:
    """Asks upstreams for objects."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def fetch(
        self,
        deployment: Deployment,
        route: Route,
        variables: dict[str, str],
        headers: list[Header],
        before_sending: BeforeSending,
    ) -> JsonObject | None:
        """The object that a `GET` on `route` gives, whose path `variables` fill; `None` if it is gone.

        Raises NotFetched, and what `before_sending` does.
        """
        if route.upstream is None:
            raise NotFetched(UNUSABLE)
        try:
            target = endpoint(deployment, "", route.upstream, variables)
            written = NO_CONTENT.written({})
            answer = await self._upstream.send(target, written, headers, before_sending=before_sending, method="GET")
            async with aclosing(answer):
                return await _object(answer)
        except Unusable:
            raise NotFetched(UNUSABLE) from None
        except NotReached:
            raise NotFetched(UNREACHABLE) from None
        except TimedOut:
            raise NotFetched(SILENT) from None
        except (Broken, NotTold):
            raise NotFetched(BROKEN) from None


async def _object(answer: Reply) -> JsonObject | None:
    if answer.status == _GONE:
        return None
    if 300 <= answer.status < 400:
        raise NotFetched(REDIRECTED)
    if answer.status != 200:
        raise NotFetched(BROKEN)
    body = await answer.whole(_LONGEST)
    if body is None:
        raise NotTold(f"the object is longer than {_LONGEST} bytes")
    return parsed(body)


_AT_ONCE = 8
_MOST_ROUNDS = 10


@dataclass(slots=True)
class Collection:
    """A page of objects of one `kind`; `one` is the route of a single one. `headers` are the client's;
    `before_sending` holds before an upstream is asked.

    Once collected, `found` holds the objects by id, and `more` says whether others come behind them.
    """

    fetcher: Fetcher
    binder: Binder
    page: PageQuery
    kind: ObjectKind
    one: Match
    places: list[Deployment]
    headers: list[Header]
    before_sending: BeforeSending
    found: dict[str, JsonObject] = field(default_factory=dict)
    more: bool = True

    async def collect(self) -> None:
        """Reads on in the store until the page is full: what its upstream does not know any more is forgotten.

        Raises NotFetched, StoreUnavailable and what `before_sending` does.
        """
        gone: list[StateObject] = []
        after = self.page.after
        for _ in range(_MOST_ROUNDS):
            room = self.page.limit - len(self.found)
            if not room or not self.more:
                break
            rows = await self.binder.store.page(
                self.kind, self.binder.owner, limit=room + 1, after=after, ascending=self.page.ascending
            )
            self.more, rows = len(rows) > room, rows[:room]
            after = rows[-1].id if rows else after
            gone += await self._take(rows)
        for each in gone:
            await self.binder.store.forget(each.kind, each.id, each.owner)

    async def _take(self, rows: list[StateObject]) -> list[StateObject]:
        """Adds what there is of these to the page; gives those that are gone."""
        limit = asyncio.Semaphore(_AT_ONCE)
        here = [(each, place) for each in rows if (place := self._place(each)) is not None]
        told = await asyncio.gather(*(self._ask(each, place, limit) for each, place in here))
        for (each, place), answer in zip(here, told, strict=True):
            if isinstance(answer, ModelwardError):
                raise answer
            if answer is not None:
                await self._add(each, place, answer)
        return [each for (each, _), answer in zip(here, told, strict=True) if answer is None]

    def _place(self, item: StateObject) -> Deployment | None:
        """Where to ask for it; `None` where the caller could not name it now, or nothing is kept."""
        try:
            place = home([item], self.binder.snapshot, self.places)
        except NotFound:
            return None
        return place if place is not None and place.mock_response is None else None

    async def _ask(
        self, item: StateObject, deployment: Deployment, limit: asyncio.Semaphore
    ) -> JsonObject | ModelwardError | None:
        name = next(iter(self.one.variables))
        async with limit:
            try:
                return await self.fetcher.fetch(
                    deployment, self.one.route, {name: item.id}, self.headers, self.before_sending
                )
            except ModelwardError as error:  # told once no other of them is under way
                return error

    async def _add(self, item: StateObject, deployment: Deployment, answer: JsonObject) -> None:
        """Puts an object on the page, once the ids in it are bound too."""
        if self.page.purpose is not None and answer.get("purpose") != self.page.purpose:
            return
        makes = self.one.route.makes
        try:
            ids = made_by(makes, answer, required=False)
        except NotTold:
            raise NotFetched(BROKEN) from None
        await self.binder.bind_new(ids, deployment)
        own_links(makes, answer)
        self.found[item.id] = answer


class ObjectLists:
    """The handler of lists of objects. `router` knows the route of a single one."""

    def __init__(self, judge: Judge, store: ObjectStore, fetcher: Fetcher, router: Router) -> None:
        self._judge = judge
        self._store = store
        self._fetcher = fetcher
        self._router = router

    async def serve(self, exchange: Exchange) -> None:
        """Answers one list. Raises Denied, DecisionUnavailable, StoreUnavailable and Refused."""
        try:
            page, request = _read(exchange)
        except Invalid as error:
            await self._judge.refuse(exchange, error)
        verdict, owner = answer = await self._allow(exchange, request)
        fresh = Freshness(exchange, lambda: self._allow(exchange, request), answer, exchange.looked_up_at)
        collection = self._collection(exchange, Binder(self._store, owner, verdict.snapshot), page, verdict, fresh.hold)
        try:
            await collection.collect()
        except NotFetched as error:
            body = error.failure.body(shown(exchange.path)[:200], exchange.entry.id, exchange.match.route.form)
            headers = [*error.failure.headers, *exchange.answer_headers]
            await _answer(exchange, error.failure.status, headers, body)
            return
        listed = told(exchange.match.route, page, collection.found, more=collection.more)
        await _answer(exchange, 200, [JSON, *exchange.answer_headers], orjson.dumps(listed))

    async def _allow(self, exchange: Exchange, request: Request) -> tuple[Verdict, str]:
        """The yes to the list, for its caller as it was looked up last, and whose objects are listed."""
        verdict = await self._judge.demand(exchange, replace(request, time_ns=exchange.time_ns))
        return verdict, owner_of(exchange.caller, verdict.decision.subject)

    def _collection(
        self, exchange: Exchange, binder: Binder, page: PageQuery, verdict: Verdict, before_sending: BeforeSending
    ) -> Collection:
        kind, one = self._kind_and_one(exchange)
        return Collection(
            self._fetcher, binder, page, kind, one, verdict.deployments(None), exchange.headers, before_sending
        )

    def _kind_and_one(self, exchange: Exchange) -> tuple[ObjectKind, Match]:
        """What the list holds, and the route of a single one under the same prefix."""
        kind, one = exchange.match.route.holds, self._router.find("GET", f"{exchange.path}/x")
        if kind is None or one is None:
            raise DecisionUnavailable("the table of endpoints has a list of objects that cannot be read one by one")
        return kind, one


def _read(exchange: Exchange) -> tuple[PageQuery, Request]:
    page = page_of(exchange.match.route, exchange.query)
    found = footprint(exchange.match, exchange.query, {}, None, exchange.headers)
    return page, exchange.request(found.models, differ=found.differ)


async def _answer(exchange: Exchange, status: int, headers: list[Header], body: bytes) -> None:
    exchange.entry.status = status
    await respond(exchange.send, status, headers, body)
