"""What a call makes is bound to its owner before the client learns its id; what its owner deletes is unbound."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache, partial
from urllib.parse import quote

import orjson

from modelward.contract import Deployment, JsonObject, ObjectKind, StateObject, Use
from modelward.contract.facts import masked, shortened
from modelward.errors import Invalid, NotTold, StoreUnavailable, UpstreamError
from modelward.gateway.decision_log import LogEntry
from modelward.gateway.exchange import Exchange
from modelward.gateway.headers import is_event_stream
from modelward.gateway.objects.held import ObjectId, ObjectStore
from modelward.gateway.request.places import spots
from modelward.gateway.upstream.failures import Failure, Withheld, failure_of
from modelward.gateway.upstream.forward import Call, failed
from modelward.gateway.upstream.providers import beside, upstream_model
from modelward.gateway.upstream.reply import Reply, joined
from modelward.snapshot import Snapshot

Makes = tuple[tuple[str, ObjectKind], ...]
"""Where in an answer ids are, and of which kind."""

LONGEST_ANSWER = 32 * 1024 * 1024
LONGEST_BEGINNING = 1024 * 1024
_MOST_IDS = 1_000
_RESULTS = "results_url"

_OF_A_MESSAGE = (("content[]", "content_block"), ("container", "delta.container"), ("container", "message.container"))
_IN_EVENTS = (("output[].content[].annotations[]", "annotation"), ("output[].content[]", "part"), ("output[]", "item"))
_EVENT_END = re.compile(rb"(?>\r\n|\n|\r){2}")
_DATA = re.compile(rb"^data:[ ]?([^\r\n]*)", re.MULTILINE)


def parsed(body: bytes) -> JsonObject:
    """The object that an answer is. Raises NotTold."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise NotTold("the answer is not JSON") from None
    if not isinstance(value, dict):
        raise NotTold("the answer is no JSON object")
    return value


def made_by(makes: Makes, answer: JsonObject) -> list[ObjectId]:
    """The objects that an answer shows, at most a thousand: the others have no owner."""
    return list(dict.fromkeys(each for where, kind in makes for each in _ids(where, kind, answer)))[:_MOST_IDS]


def _ids(where: str, kind: ObjectKind, answer: JsonObject) -> Iterator[ObjectId]:
    """An id that is shown in no known way is bound to nobody, so it is of no use."""
    try:
        for spot in spots(answer, where):
            if isinstance(spot.value, str) and spot.value:
                yield kind, spot.value
    except Invalid:
        return


async def made_by_stream(makes: Makes, reply: Reply) -> list[ObjectId]:
    """The objects that the first events show that show any; empty for a stream without one. All of it is still told.

    Raises NotTold where none comes soon; TimedOut and Broken.
    """
    size = 0
    async with aclosing(reply.preview()) as chunks, aclosing(whole_events(chunks, LONGEST_BEGINNING)) as pieces:
        async for events in pieces:
            if found := in_events(makes, events):
                return found
            size += len(events)
            if size > LONGEST_BEGINNING:
                raise NotTold(f"{LONGEST_BEGINNING} bytes of events hold no id")
    return []


async def whole_events(chunks: AsyncIterator[bytes], longest: int = LONGEST_ANSWER) -> AsyncGenerator[bytes, None]:
    """The same bytes, cut only between events, each piece as soon as it is here. Raises NotTold for an event that is
    longer than `longest` bytes, and what `chunks` raise."""
    rest = bytearray()
    async for chunk in chunks:
        searched = max(len(rest) - 3, 0)
        rest += chunk
        end = max((found.end() for found in _EVENT_END.finditer(rest, searched)), default=0)
        if end:
            yield bytes(rest[:end])
            del rest[:end]
        elif len(rest) > longest:
            raise NotTold(f"an event is longer than {longest} bytes")
    if rest:
        yield bytes(rest)


def in_events(makes: Makes, events: bytes) -> list[ObjectId]:
    """What some whole events show, each once."""
    told = (b"\n".join(_DATA.findall(event)) for event in _EVENT_END.split(events))
    return list(dict.fromkeys(each for data in told if data for each in in_event(makes, data)))


def in_event(makes: Makes, data: bytes) -> list[ObjectId]:
    """What the data of one event shows: the object itself, as of a response, or its id, as of a thread; a part of a
    response too. Nothing where it is no JSON object."""
    try:
        return made_by(_event_makes(makes), parsed(data))
    except NotTold:
        return []


@cache
def _event_makes(makes: Makes) -> Makes:
    """Where in an event is what `makes` says of an answer: the answer itself, one item of it, or a part of one."""
    if any(where == "container.id" for where, _ in makes):
        return tuple(_below(makes, _OF_A_MESSAGE))
    if any(kind == "response" or where.startswith("output") for where, kind in makes):
        return (*((f"response.{where}", kind) for where, kind in makes), *_below(makes, _IN_EVENTS))
    return tuple((f"{kind}.id" if where == "id" else where, kind) for where, kind in makes)


def _below(makes: Makes, parts: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, ObjectKind]]:
    """What is in a part of an answer that an event tells alone: each is a place, and the field of the event."""
    for where, kind in makes:
        for head, name in parts:
            if where.startswith(f"{head}."):
                yield name + where.removeprefix(head), kind


def own_links(makes: Makes, answer: JsonObject) -> bool:
    """Whether an answer held the address of results; it is now one of our own, relative to the client's base."""
    if answer.get(_RESULTS) is None or all(kind != "message_batch" for _, kind in makes):
        return False
    answer[_RESULTS] = f"/v1/messages/batches/{quote(str(answer.get('id')), safe='')}/results"
    return True


@dataclass(frozen=True, slots=True)
class Binder:
    """Binds to one owner. Its methods raise StoreUnavailable."""

    store: ObjectStore
    owner: str
    snapshot: Snapshot

    async def bind(self, ids: list[ObjectId], deployment: Deployment, uses: tuple[Use, ...] = ()) -> Sequence[ObjectId]:
        """Bind what was made at `deployment`, or seen there; gives what another owner has too, now without an owner."""
        if not ids:
            return []
        made = [StateObject(kind, id_, self.owner, deployment.id, uses) for kind, id_ in ids]
        account = [each.id for each in beside(deployment, self.snapshot.deployments.values())]
        return await self.store.bind(made, account)

    async def bind_new(self, ids: list[ObjectId], deployment: Deployment) -> Sequence[ObjectId]:
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


_FAILURES: dict[type[Exception], Failure] = {
    NotTold: Failure(
        502, "upstream_unowned", "what was made at {model} has no id that can be bound to its owner, so it is not shown"
    ),
    StoreUnavailable: Failure(
        503,
        "store_unavailable",
        "what was made at {model} cannot be bound to its owner now, so it is not shown; try later",
    ),
}


@dataclass(frozen=True, slots=True)
class OwnerBinding:
    """Binds what the call of `exchange` makes to its owner: `makes` says where in an answer that is, `required` that it
    makes something in any case. `models` are those that the call names, `uses` is what running the object asks for,
    where making it did not ask for the same."""

    binder: Binder
    exchange: Exchange
    makes: Makes
    required: bool
    models: Sequence[str]
    uses: tuple[Use, ...]

    async def bound(self, reply: Reply, call: Call) -> Reply:
        """A `Binding`: an error in its place where something cannot be bound."""
        try:
            return await self._bound(reply, call)
        except (NotTold, StoreUnavailable, UpstreamError) as error:
            self.exchange.entry.error = str(error)
            failure = failure_of(error) if isinstance(error, UpstreamError) else _FAILURES[type(error)]
            return failed(call, failure, reply.deployment)

    async def _bound(self, reply: Reply, call: Call) -> Reply:
        deployment = self.binder.snapshot.deployments.get(reply.deployment or "")
        if deployment is None:
            raise NotTold("the answer comes from no deployment of the config")
        bind = partial(self._bind, call=call, deployment=deployment)
        if is_event_stream(reply.headers):
            seen = set[ObjectId]()
            if self.required:  # any other tells of an object that was bound when it was made
                seen.update(await made_by_stream(self.makes, reply))
                await bind(list(seen))
            reply.chunks = self._watched(reply.chunks, seen, bind)
            return reply
        body = await reply.whole(LONGEST_ANSWER)
        if body is None:
            raise NotTold(f"the answer is longer than {LONGEST_ANSWER} bytes")
        answer = parsed(body)
        if self.required and not made_by(self.makes[:1], answer):
            raise NotTold("the answer holds no `id`")
        await bind(made_by(self.makes, answer))
        if own_links(self.exchange.match.route.makes, answer):
            body = orjson.dumps(answer)
            headers = [(name, value) for name, value in reply.headers if name != b"content-length"]
            reply.headers, reply.chunks = [*headers, (b"content-length", b"%d" % len(body))], joined([body])
        return reply

    async def _watched(
        self, chunks: AsyncIterator[bytes], seen: set[ObjectId], bind: Callable[[list[ObjectId]], Awaitable[None]]
    ) -> AsyncIterator[bytes]:
        """The events of a stream, each once what it shows is bound. Raises Withheld."""
        try:
            async for events in whole_events(chunks):
                new = [each for each in in_events(self.makes, events) if each not in seen]
                if new and len(seen) < _MOST_IDS:
                    await bind(new)
                    seen.update(new)
                yield events
        except (NotTold, StoreUnavailable) as error:
            self.exchange.entry.error = str(error)
            raise Withheld(_FAILURES[type(error)]) from error

    async def _bind(self, ids: list[ObjectId], call: Call, deployment: Deployment) -> None:
        if self.required:
            contested = await self.binder.bind(ids, deployment, self.uses or self._uses(call, deployment))
        else:
            contested = await self.binder.bind_new(ids, deployment)
        if contested:
            kind, id_ = contested[0]
            self.exchange.entry.error = (
                f"the upstream gave the id `{shortened(masked(id_))}` of a {kind} to two owners; it is nobody's now"
            )

    def _uses(self, call: Call, deployment: Deployment) -> tuple[Use, ...]:
        """What running the object asks for: what making it did. Empty for one that cannot be run."""
        route = self.exchange.match.route
        if not route.makes_what_runs or route.upstream is None or not self.models:
            return ()
        others = [call.rename(deployment, each) for each in self.models[1:]]
        upstream = (upstream_model(deployment, call.routed), *others)
        return (Use(f"/v1/{route.upstream.path}", tuple(self.models), upstream, self.exchange.customer_id),)
