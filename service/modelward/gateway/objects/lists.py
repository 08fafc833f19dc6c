"""`GET` of a collection: the caller's own objects, and nobody else's; no upstream is asked for its list."""

from dataclasses import replace

import orjson

from modelward.contract import ObjectKind, Request
from modelward.errors import DecisionUnavailable, Invalid
from modelward.gateway.exchange import Exchange, shown
from modelward.gateway.footprint import footprint
from modelward.gateway.freshness import BeforeSending, Freshness
from modelward.gateway.judge import Judge, Verdict
from modelward.gateway.objects.binder import Binder
from modelward.gateway.objects.collecting import Collection
from modelward.gateway.objects.fetching import Fetcher, NotFetched
from modelward.gateway.objects.owner import owner_of
from modelward.gateway.objects.pages import Page, page_of, told
from modelward.gateway.objects.store import ObjectStore
from modelward.gateway.respond import JSON, respond
from modelward.gateway.routes import Match, Router


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
        fresh = Freshness(exchange, lambda: self._allow(exchange, request), answer)
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
        self, exchange: Exchange, binder: Binder, page: Page, verdict: Verdict, before_sending: BeforeSending
    ) -> Collection:
        kind, one = self._kind_and_one(exchange)
        team_id = verdict.decision.subject.team_id
        return Collection(self._fetcher, binder, page, kind, one, team_id, exchange.headers, before_sending)

    def _kind_and_one(self, exchange: Exchange) -> tuple[ObjectKind, Match]:
        """What the list holds, and the route of a single one under the same prefix."""
        kind, one = exchange.match.route.holds, self._router.find("GET", f"{exchange.path}/x")
        if kind is None or one is None:
            raise DecisionUnavailable("the table of endpoints has a list of objects that cannot be read one by one")
        return kind, one


def _read(exchange: Exchange) -> tuple[Page, Request]:
    page = page_of(exchange.match.route, exchange.query)
    found = footprint(exchange.match, exchange.query, {}, None, exchange.headers)
    return page, exchange.request(found.models, differ=found.differ)


async def _answer(exchange: Exchange, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    exchange.entry.status = status
    await respond(exchange.send, status, headers, body)
