"""One page of a caller's objects, put together from the store and from what their upstreams tell of them."""

import asyncio
from dataclasses import dataclass, field

from modelward.contract import JsonObject, ObjectKind, StateObject
from modelward.errors import ModelwardError, NotFound
from modelward.gateway.failures import BROKEN
from modelward.gateway.freshness import BeforeSending
from modelward.gateway.headers import Header
from modelward.gateway.objects.binder import Binder
from modelward.gateway.objects.fetching import Fetcher, NotFetched
from modelward.gateway.objects.held import home
from modelward.gateway.objects.links import own_links
from modelward.gateway.objects.made import NotTold, made_by
from modelward.gateway.objects.pages import Page
from modelward.gateway.routes import Match

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
    page: Page
    kind: ObjectKind
    one: Match
    team_id: str | None
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
        here = [each for each in rows if self._is_served(each)]
        told = await asyncio.gather(*(self._ask(each, limit) for each in here))
        for each, answer in zip(here, told, strict=True):
            if isinstance(answer, ModelwardError):
                raise answer
            if answer is not None:
                await self._add(each, answer)
        return [each for each, answer in zip(here, told, strict=True) if answer is None]

    def _is_served(self, item: StateObject) -> bool:
        """Whether the caller could name it: the config may have changed since it was made."""
        try:
            home([item], self.binder.snapshot, self.team_id)
        except NotFound:
            return False
        return self.binder.snapshot.deployments[item.deployment].mock_response is None

    async def _ask(self, item: StateObject, limit: asyncio.Semaphore) -> JsonObject | ModelwardError | None:
        deployment = self.binder.snapshot.deployments[item.deployment]
        name = next(iter(self.one.variables))
        async with limit:
            try:
                return await self.fetcher.fetch(
                    deployment, self.one.route, {name: item.id}, self.headers, self.before_sending
                )
            except ModelwardError as error:  # told once no other of them is under way
                return error

    async def _add(self, item: StateObject, answer: JsonObject) -> None:
        """Puts an object on the page, once the ids in it are bound too."""
        if self.page.purpose is not None and answer.get("purpose") != self.page.purpose:
            return
        makes = self.one.route.makes
        try:
            ids = made_by(makes, answer, required=False)
        except NotTold:
            raise NotFetched(BROKEN) from None
        await self.binder.bind_new(ids, self.binder.snapshot.deployments[item.deployment])
        own_links(makes, answer)
        self.found[item.id] = answer
