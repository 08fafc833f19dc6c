"""Model calls: judged whole, then forwarded as they were judged, with the config's fallbacks."""

import re
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from modelward.contract import Deployment, JsonObject, Request
from modelward.errors import DecisionUnavailable, Invalid, IssuerUnavailable, Refused, StoreUnavailable
from modelward.gateway.exchange import BeforeSending, Exchange, Freshness, Reader, customer_id, shown
from modelward.gateway.judge import Judge, Verdict
from modelward.gateway.objects import (
    Allowed,
    Held,
    ObjectId,
    Objects,
    ids_of,
    is_kept,
    makes_what_runs,
    only_place,
    whole_items,
    without_ids,
)
from modelward.gateway.request.body import Content, NoContent, is_large, worked
from modelward.gateway.request.footprint import Footprint, footprint
from modelward.gateway.request.names import masked
from modelward.gateway.request.outgoing import Outgoing, Rename, refuse_other_fields
from modelward.gateway.request.places import query_pairs
from modelward.gateway.upstream.failures import Kind
from modelward.gateway.upstream.forward import Call, Forwarder, Withdrawn
from modelward.gateway.upstream.providers import Apart, beside, upstream_model

UNDECIDED = "decision_unavailable"
_NO_ANSWER = (DecisionUnavailable, IssuerUnavailable, Refused, StoreUnavailable)


@dataclass(frozen=True, slots=True)
class ServerFallbacks:
    """What may be called in place of `call`, once that failed. `request` is what was judged and allowed for it.

    `targets` are model names, in the order to try them.
    """

    judge: Judge
    exchange: Exchange
    request: Request
    call: Call
    targets: Mapping[Kind, Sequence[str]]

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of failure that have targets."""
        return frozenset(self.targets)

    async def calls(self, kind: Kind) -> AsyncGenerator[Call, None]:
        """The targets that may run, each judged when its turn comes, for the caller as it is by then; those that may
        not are noted.

        No decision about one of them (E4), a caller that is none any more, or another config in force, ends them all.
        """
        ran = 0
        for target in self.targets.get(kind, ()):
            try:
                call = await self._allowed(target)
            except _NO_ANSWER:
                self._skipped(target, UNDECIDED)
                return
            if call is not None:
                ran += 1
                attempted = (b"x-litellm-attempted-fallbacks", b"%d" % ran)
                yield replace(call, answer_headers=[*call.answer_headers, attempted])

    async def _allowed(self, target: str) -> Call | None:
        await self.exchange.renew()
        verdict = await self._ask(target)
        if not verdict.decision.allow:
            self._skipped(target, verdict.decision.reasons[0].rule)
            return None
        self.exchange.entry.fell_back(target, verdict.decision)
        fresh = Freshness(self.exchange, lambda: self._ask(target), verdict)
        return replace(
            self.call,
            routed=verdict.target(target).model,
            deployments=verdict.deployments(target),
            before_sending=lambda: self._hold(target, fresh),
        )

    async def _ask(self, target: str) -> Verdict:
        asked = replace(self.request, models=[target], time_ns=self.exchange.time_ns, fallback=True)
        return await self.judge.ask(self.exchange, asked)

    async def _hold(self, target: str, fresh: Freshness) -> None:
        """A `BeforeSending` that leaves the first error to be told. Raises Withdrawn."""
        try:
            await fresh.hold()
        except _NO_ANSWER as error:
            self._skipped(target, UNDECIDED)
            raise Withdrawn(f"a fallback may not run any more: {error}") from error

    def _skipped(self, target: str, rule: str) -> None:
        self.exchange.entry.skipped_fallbacks.append({"model": target, "rule": rule})


def server_fallbacks(
    judge: Judge, exchange: Exchange, request: Request, call: Call, verdict: Verdict
) -> ServerFallbacks | None:
    """The fallbacks that the config names for `call`: for the name asked for, else for its entry, else for `*`.

    `None` if there are none. A target's own fallbacks are not followed.
    """
    config = exchange.snapshot.fallbacks
    own = (call.asked, verdict.target(call.asked).entry, call.routed)
    tables: dict[Kind, Mapping[str, Sequence[str]]] = {
        "general": config.general,
        "context_window": config.context_window,
        "content_policy": config.content_policy,
    }
    targets = {kind: found for kind, table in tables.items() if table and (found := _targets(table, own))}
    return ServerFallbacks(judge, exchange, request, call, targets) if targets else None


def _targets(table: Mapping[str, Sequence[str]], own: tuple[str, str, str]) -> list[str]:
    """Those of the first name that the table holds, each once; a model is not its own fallback."""
    asked, entry, _ = own
    listed = next((table[name] for name in (asked, entry, "*") if name in table), ())
    return [target for target in dict.fromkeys(listed) if target not in own]


_NAMES_MODEL = frozenset({"model", "path"})
_NO_SEGMENTS = frozenset({"", ".", ".."})
_NOT_IN_SEGMENTS = re.compile(r"[\x00-\x1f\x7f/\\]")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request holds, and the question about it. `ids` are the objects it names, `items` the ids of the items
    that it sends whole."""

    content: Content
    request: Request
    ids: Sequence[ObjectId] = ()
    items: Sequence[str] = ()


class Calls:
    """The handler of every route that is forwarded."""

    def __init__(self, judge: Judge, forwarder: Forwarder, objects: Objects, reader: Reader) -> None:
        self._judge = judge
        self._forwarder = forwarder
        self._objects = objects
        self._reader = reader

    async def serve(self, exchange: Exchange) -> None:
        """Answers one call. Raises Denied, DecisionUnavailable, StoreUnavailable, Refused and ClientLeft."""
        asked = await self._read(exchange)
        allowed, held = answer = await self._allow(exchange, asked)
        fresh = Freshness(exchange, lambda: self._allow(exchange, asked), answer)
        call = allowed_call(exchange, asked.content, allowed, held, fresh.hold)
        call = replace(call, binding=self._objects.binding(exchange, allowed, held, asked.content.fields))
        if asked.request.models and not held.objects and not makes_what_runs(exchange.match.route):
            elsewhere = replace(call, outgoing=_outgoing(exchange, asked.content, held.items.keys()))
            fallbacks = server_fallbacks(self._judge, exchange, asked.request, elsewhere, allowed.verdict)
            call = replace(call, fallbacks=fallbacks)
        await self.send(exchange, call)

    async def _allow(self, exchange: Exchange, asked: Asked) -> tuple[Allowed, Held]:
        """The yes to a call, for its caller as it was looked up last, and the objects that the call names."""
        verdict = await self._judge.demand(exchange, replace(asked.request, time_ns=exchange.time_ns))
        if asked.request.problem:
            raise DecisionUnavailable("the engine allows a request of a wrong form")
        makes = is_kept(exchange.match.route, asked.content.fields)
        held = await self._objects.held(exchange, verdict, asked.ids, makes=makes, items=asked.items)
        return Allowed(asked.request, verdict), held

    async def send(self, exchange: Exchange, call: Call) -> None:
        """Sends an allowed call on, and its answer to the client. Raises ClientLeft."""
        outcome = await self._forwarder.send(call, exchange.receive, exchange.send)
        exchange.entry.status = outcome.status
        exchange.entry.deployment = outcome.deployment

    async def _read(self, exchange: Exchange) -> Asked:
        try:
            content = await self._reader.read(exchange)
            found, ids, items = await worked(content.size, lambda: _named(exchange, content.fields))
            customer = customer_id(exchange.headers, content.fields)
        except Invalid as error:
            return Asked(NoContent(), exchange.malformed(error))
        if is_large(content.size):
            await exchange.waited()
        exchange.unnamed = found.added
        await exchange.name_customer(customer)
        return Asked(content, exchange.request(found.models, differ=found.differ), ids, items)


def _named(exchange: Exchange, fields: JsonObject) -> tuple[Footprint, list[ObjectId], list[str]]:
    """The models and the objects that a request names, and the ids of items that it sends whole. Raises Invalid."""
    completion_model = exchange.snapshot.completion_model
    found = footprint(exchange.match, exchange.query, fields, completion_model, exchange.headers)
    refuse_other_fields(exchange.match.route, fields)
    whole = whole_items(exchange.match.route, fields)
    ids = ids_of(exchange.match.route, variables(exchange), fields, whole)
    return found, ids, [item["id"] for item in whole]


def _outgoing(exchange: Exchange, content: Content, strange: Collection[str]) -> Outgoing:
    """What travels: an item sent whole goes without its id to where that means nothing."""
    return Outgoing(exchange.match.route, without_ids(content.fields, strange))


def renaming(verdict: Verdict) -> Callable[[Deployment], Rename]:
    """What the upstream of a deployment calls the models that `verdict` allows: only its own account counts."""

    def for_deployment(deployment: Deployment) -> Rename:
        def rename(name: str) -> str:
            for other in beside(deployment, verdict.deployments(name)):
                return upstream_model(other, verdict.target(name).model)
            raise Apart(f"`{masked(name)}` is not served where the model beside it is")

        return rename

    return for_deployment


def allowed_call(
    exchange: Exchange, content: Content, allowed: Allowed, held: Held, before_sending: BeforeSending
) -> Call:
    """The call that was allowed, where the objects are that it names.

    Raises DecisionUnavailable for a yes to what cannot be forwarded, and Invalid where no place fits it.
    """
    route, verdict, models = exchange.match.route, allowed.verdict, allowed.request.models
    if route.upstream is None or (route.operation == "infer" and not models):
        raise DecisionUnavailable("the engine allows what is not forwarded, or a call that names no model")
    if models:
        asked, routed = models[0], verdict.target(models[0]).model
        deployments = held.narrow(verdict.deployments(asked))
    else:
        asked = routed = shown(exchange.path)[:200]
        deployments = only_place(held, verdict.snapshot, verdict.decision.subject.team_id)
    return Call(
        upstream=route.upstream,
        outgoing=_outgoing(exchange, content, held.strange(deployments)),
        content=content,
        asked=asked,
        routed=routed,
        deployments=deployments,
        rename=renaming(verdict),
        headers=exchange.headers,
        before_sending=before_sending,
        answer_headers=exchange.answer_headers,
        method=exchange.method,
        variables=variables(exchange),
        query=[pair for pair in query_pairs(exchange.query) if pair[0] in route.passes],
    )


def variables(exchange: Exchange) -> dict[str, str]:
    """What stands in the path beside the model, percent-decoded once.

    Raises Invalid for what is no UTF-8, and for what cannot be a segment of an address.
    """
    found = exchange.match.variables
    try:
        decoded = {name: unquote(value, errors="strict") for name, value in found.items() if name not in _NAMES_MODEL}
    except UnicodeDecodeError:
        raise Invalid("the path is not UTF-8, percent-encoded; encode it again") from None
    if any(value in _NO_SEGMENTS or _NOT_IN_SEGMENTS.search(value) for value in decoded.values()):
        raise Invalid(
            "the path holds an id that is empty, `.` or `..`, or has a slash or control character; send the id itself"
        )
    return decoded
