"""What a call makes is bound to its owner before the client learns its id; what its owner deletes is unbound."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import orjson

from modelward.contract import Deployment, StateObject, Use
from modelward.contract.facts import masked, shortened
from modelward.errors import NotTold, StoreUnavailable, UpstreamError
from modelward.gateway.decision_log import LogEntry
from modelward.gateway.headers import is_event_stream
from modelward.gateway.objects.held import ObjectId, ObjectStore
from modelward.gateway.objects.made import (
    LONGEST_ANSWER,
    MOST_IDS,
    Makes,
    in_events,
    made_by,
    made_by_stream,
    own_links,
    parsed,
    whole_events,
)
from modelward.gateway.routes import Route
from modelward.gateway.upstream.failures import Failure, Withheld, failure_of
from modelward.gateway.upstream.forward import Call, failed
from modelward.gateway.upstream.providers import beside
from modelward.gateway.upstream.reply import Reply, joined
from modelward.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Binder:
    """Binds to one owner. Its methods raise StoreUnavailable."""

    store: ObjectStore
    owner: str
    snapshot: Snapshot

    async def bind(
        self, ids: Sequence[ObjectId], deployment: Deployment, uses: tuple[Use, ...] = ()
    ) -> Sequence[ObjectId]:
        """Bind what was made at `deployment`, or seen there; gives what another owner has too, now without an owner."""
        if not ids:
            return []
        made = [StateObject(kind, id_, self.owner, deployment.id, uses) for kind, id_ in ids]
        account = [each.id for each in beside(deployment, self.snapshot.deployments.values())]
        return await self.store.bind(made, account)

    async def bind_new(self, ids: Sequence[ObjectId], deployment: Deployment) -> Sequence[ObjectId]:
        """Bind those that are not the owner's yet: most were seen before, and looking costs less than writing."""
        held = await self.store.find_all(ids, self.owner) if ids else {}
        return await self.bind([each for each in ids if each not in held], deployment)


async def forgotten(store: ObjectStore, item: StateObject, entry: LogEntry, reply: Reply, _: Call) -> Reply:
    """A `Binding` that forgets `item` once its upstream says that it is deleted; it is, also where the store does not
    answer."""
    try:
        await store.forget(item.kind, item.id, item.owner)
    except StoreUnavailable as error:
        entry.error = str(error)
    return reply


UNTOLD = Failure(
    502, "upstream_unowned", "what was made at {model} has no id that can be bound to its owner, so it is not shown"
)
UNKEPT = Failure(
    503, "store_unavailable", "what was made at {model} cannot be bound to its owner now, so it is not shown; try later"
)

UsesAt = Callable[[Call, Deployment], tuple[Use, ...]]


@dataclass(frozen=True, slots=True)
class OwnerBinding:
    """Binds what a call on `route` makes to its owner: `makes` says where in an answer that is.

    `required` says that it makes something in any case; `uses` are what running it will ask for, given the call and
    the deployment that answered.
    """

    binder: Binder
    route: Route
    makes: Makes
    entry: LogEntry
    required: bool
    uses: UsesAt

    async def bound(self, reply: Reply, call: Call) -> Reply:
        """A `Binding`: an error in its place where something cannot be bound."""
        try:
            return await self._bound(reply, call)
        except NotTold as error:
            return self._failed(call, reply, UNTOLD, error)
        except StoreUnavailable as error:
            return self._failed(call, reply, UNKEPT, error)
        except UpstreamError as error:
            return self._failed(call, reply, failure_of(error), error)

    async def _bound(self, reply: Reply, call: Call) -> Reply:
        deployment = self.binder.snapshot.deployments.get(reply.deployment or "")
        if deployment is None:
            raise NotTold("the answer comes from no deployment of the config")
        if is_event_stream(reply.headers):
            seen = set[ObjectId]()
            if self.required:  # any other tells of an object that was bound when it was made
                seen.update(await made_by_stream(self.makes, reply))
                await self._bind(list(seen), call, deployment)
            reply.chunks = self._watched(reply.chunks, seen, call, deployment)
            return reply
        body = await reply.whole(LONGEST_ANSWER)
        if body is None:
            raise NotTold(f"the answer is longer than {LONGEST_ANSWER} bytes")
        answer = parsed(body)
        await self._bind(made_by(self.makes, answer, required=self.required), call, deployment)
        if own_links(self.route.makes, answer):
            body = orjson.dumps(answer)
            headers = [(name, value) for name, value in reply.headers if name != b"content-length"]
            reply.headers, reply.chunks = [*headers, (b"content-length", b"%d" % len(body))], joined([body])
        return reply

    async def _watched(
        self, chunks: AsyncIterator[bytes], seen: set[ObjectId], call: Call, deployment: Deployment
    ) -> AsyncIterator[bytes]:
        """The events of a stream, each once what it shows is bound. Raises Withheld."""
        try:
            async for events in whole_events(chunks):
                new = [each for each in in_events(self.makes, events) if each not in seen]
                if new and len(seen) < MOST_IDS:
                    await self._bind(new, call, deployment)
                    seen.update(new)
                yield events
        except NotTold as error:
            raise self._withheld(UNTOLD, error) from error
        except StoreUnavailable as error:
            raise self._withheld(UNKEPT, error) from error

    def _withheld(self, failure: Failure, error: Exception) -> Withheld:
        self.entry.error = str(error)
        return Withheld(failure)

    async def _bind(self, ids: list[ObjectId], call: Call, deployment: Deployment) -> None:
        if self.required:
            contested = await self.binder.bind(ids, deployment, self.uses(call, deployment))
        else:
            contested = await self.binder.bind_new(ids, deployment)
        if contested:
            kind, id_ = contested[0]
            self.entry.error = (
                f"the upstream gave the id `{shortened(masked(id_))}` of a {kind} to two owners; it is nobody's now"
            )

    def _failed(self, call: Call, reply: Reply, failure: Failure, error: Exception) -> Reply:
        self.entry.error = str(error)
        return failed(call, failure, reply.deployment)
