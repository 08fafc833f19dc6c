"""`GET` of a collection: the caller's own objects, and no others."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace

import orjson

from modelward.contract import Deployment, JsonObject, Request, StateObject
from modelward.errors import DecisionUnavailable, Invalid, NotFound, NotTold, Unusable, UpstreamError
from modelward.gateway.errors import JSON, respond
from modelward.gateway.exchange import BeforeSending, Exchange, Freshness, shown
from modelward.gateway.judge import Judge, Verdict
from modelward.gateway.objects.binding import Binder, made_by, own_links, parsed
from modelward.gateway.objects.held import ObjectStore, home, owner_of
from modelward.gateway.request.body import NO_CONTENT
from modelward.gateway.request.footprint import footprint, query_values
from modelward.gateway.routes import Match, Route, Router
from modelward.gateway.upstream.client import Upstream
from modelward.gateway.upstream.failures import BROKEN, REDIRECTED, UNUSABLE, Withheld, failure_of
from modelward.gateway.upstream.providers import endpoint

_MOST = 100


@dataclass(frozen=True, slots=True)
class PageQuery:
    """At most `limit` objects behind the one with the id `after`, the newest first unless `ascending`; `purpose` is
    that of files."""

    limit: int
    after: str | None
    ascending: bool
    purpose: str | None = None


def page_of(route: Route, query: bytes) -> PageQuery:
    """The page that a query asks for. Raises Invalid."""
    limit = _limit(_one(query, "limit"))
    if route.form == "anthropic":
        before, after = _one(query, "before_id"), _one(query, "after_id")
        if before is not None and after is not None:
            raise Invalid("`before_id` and `after_id` may not be sent together; send one")
        return PageQuery(limit, before or after, ascending=before is not None)
    if _one(query, "before") is not None:
        raise Invalid("`before` is not taken; use `after`, with `order` for the other direction")
    order = _one(query, "order") or "desc"
    if order not in {"asc", "desc"}:
        raise Invalid("`order` must be `asc` or `desc`")
    return PageQuery(limit, _one(query, "after"), order == "asc", purpose=_one(query, "purpose"))


def told(route: Route, page: PageQuery, found: Mapping[str, JsonObject], *, more: bool) -> JsonObject:
    """The list as its clients read it; `found` are the objects by id, in the order of the page. Anthropic's clients
    read those before an object with the newest first too."""
    ids = list(found)[::-1] if page.ascending and route.form == "anthropic" else list(found)
    head = {} if route.form == "anthropic" else {"object": "list"}
    edges = {"first_id": ids[0] if ids else None, "last_id": ids[-1] if ids else None, "has_more": more}
    return {**head, "data": [found[each] for each in ids], **edges}


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
_AT_ONCE = 8
_MOST_ROUNDS = 10


@dataclass(slots=True)
class Page:
    """A page of the objects of the binder's owner, for the caller of `exchange`; `one` is the route of a single one.
    They are asked for at their upstreams where these are among `places`; `before_sending` holds before each is asked.

    Once collected, `found` holds the objects by id, and `more` says whether others come behind them.
    """

    exchange: Exchange
    query: PageQuery
    one: Match
    upstream: Upstream
    binder: Binder
    places: list[Deployment]
    before_sending: BeforeSending
    found: dict[str, JsonObject] = field(default_factory=dict)
    more: bool = True

    async def collect(self) -> None:
        """Reads on in the store until the page is full: what its upstream does not know any more is forgotten.

        Raises UpstreamError, StoreUnavailable and what `before_sending` does.
        """
        kind, store, owner = self.exchange.match.route.holds, self.binder.store, self.binder.owner
        if kind is None:
            raise DecisionUnavailable("the table of endpoints has a list that does not say what it holds")
        gone: list[StateObject] = []
        after = self.query.after
        for _ in range(_MOST_ROUNDS):
            room = self.query.limit - len(self.found)
            if not room or not self.more:
                break
            rows = await store.page(kind, owner, limit=room + 1, after=after, ascending=self.query.ascending)
            self.more, rows = len(rows) > room, rows[:room]
            after = rows[-1].id if rows else after
            gone += await self._take(rows)
        for each in gone:
            await store.forget(each.kind, each.id, each.owner)

    async def _take(self, rows: list[StateObject]) -> list[StateObject]:
        """Adds what there is of these to the page; gives those that are gone."""
        limit = asyncio.Semaphore(_AT_ONCE)
        here = [(each, place) for each in rows if (place := self._place(each)) is not None]
        asked = (self._fetch(each, place, limit) for each, place in here)
        answers = await asyncio.gather(*asked, return_exceptions=True)  # so that none is under way behind an error
        for (each, place), answer in zip(here, answers, strict=True):
            if isinstance(answer, BaseException):
                raise answer
            if answer is not None and self.query.purpose in (None, answer.get("purpose")):
                makes = self.one.route.makes
                await self.binder.bind_new(made_by(makes, answer), place)  # before the client knows the ids in it
                own_links(makes, answer)
                self.found[each.id] = answer
        return [each for (each, _), answer in zip(here, answers, strict=True) if answer is None]

    def _place(self, item: StateObject) -> Deployment | None:
        """Where to ask for it; `None` where the caller could not name it now, or nothing is kept."""
        try:
            place = home([item], self.binder.snapshot, self.places)
        except NotFound:
            return None
        return place if place is not None and place.mock_response is None else None

    async def _fetch(self, item: StateObject, place: Deployment, limit: asyncio.Semaphore) -> JsonObject | None:
        """The object as its upstream tells of it; `None` if it is gone. Raises UpstreamError, and what `before_sending`
        does."""
        call = self.one.route.upstream
        if call is None:
            raise Withheld(UNUSABLE)
        try:
            async with limit:
                target = endpoint(place, "", call, {next(iter(self.one.variables)): item.id})
                written, headers = NO_CONTENT.written({}), self.exchange.headers
                hold = self.before_sending
                answer = await self.upstream.send(target, written, headers, before_sending=hold, method="GET")
                async with aclosing(answer):
                    if answer.status == 404:
                        return None
                    if answer.status != 200:
                        raise Withheld(REDIRECTED if 300 <= answer.status < 400 else BROKEN)
                    body = await answer.whole(_LONGEST)
            return parsed(body or b"")  # no answer, or one that is too long, is no object
        except (NotTold, Unusable) as error:
            raise Withheld(BROKEN if isinstance(error, NotTold) else UNUSABLE) from None


@dataclass(frozen=True, slots=True)
class ObjectLists:
    """The handler of lists of objects. `router` knows the route of a single one."""

    judge: Judge
    store: ObjectStore
    upstream: Upstream
    router: Router

    async def serve(self, exchange: Exchange) -> None:
        """Answers one list. Raises Denied, DecisionUnavailable, StoreUnavailable and Refused."""
        route = exchange.match.route
        try:
            query = page_of(route, exchange.query)
            found = footprint(exchange.match, exchange.query, {}, None, exchange.headers)
            request = exchange.request(found.models, differ=found.differ)
        except Invalid as error:
            await self.judge.refuse(exchange, error)
        verdict, owner = answer = await self._allow(exchange, request)
        fresh = Freshness(exchange, lambda: self._allow(exchange, request), answer, exchange.looked_up_at)
        one = self.router.find("GET", f"{exchange.path}/x")
        if one is None:
            raise DecisionUnavailable("the table of endpoints has a list of objects that cannot be read one by one")
        binder = Binder(self.store, owner, verdict.snapshot)
        page = Page(exchange, query, one, self.upstream, binder, verdict.deployments(None), fresh.hold)
        try:
            await page.collect()
            status, headers = 200, [JSON]
            body = orjson.dumps(told(route, query, page.found, more=page.more))
        except UpstreamError as error:
            failure = failure_of(error)
            status, headers = failure.status, failure.headers
            body = failure.body(shown(exchange.path)[:200], exchange.entry.id, route.form)
        exchange.entry.status = status
        await respond(exchange.send, status, [*headers, *exchange.answer_headers], body)

    async def _allow(self, exchange: Exchange, request: Request) -> tuple[Verdict, str]:
        """The yes to the list, for its caller as it was looked up last, and whose objects are listed."""
        verdict = await self.judge.demand(exchange, replace(request, time_ns=exchange.time_ns))
        return verdict, owner_of(exchange.caller, verdict.decision.subject)
