"""Model calls: judged whole, then forwarded as they were judged, with the config's fallbacks."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import unquote

from modelward.contract import Fallbacks, Request
from modelward.contract.facts import UNPRINTABLE
from modelward.errors import DecisionUnavailable, Invalid, IssuerUnavailable, Refused, StoreUnavailable, Withdrawn
from modelward.gateway.exchange import BeforeSending, Exchange, Freshness, Reader, customer_id
from modelward.gateway.judge import Judge, Verdict
from modelward.gateway.objects import (
    HeldObjects,
    NamedObjects,
    Objects,
    ids_of,
    is_kept,
    only_place,
    without_ids,
)
from modelward.gateway.request.body import LARGE, NO_CONTENT, Content, worked
from modelward.gateway.request.footprint import footprint, query_pairs
from modelward.gateway.request.outgoing import Outgoing, refuse_other_fields
from modelward.gateway.routes import Match
from modelward.gateway.upstream.failures import FailureKind
from modelward.gateway.upstream.forward import Call, FallbackCalls, Forwarder

UNDECIDED = "decision_unavailable"
_NO_FALLBACKS = Fallbacks()
_NOTHING = HeldObjects("")
_NAMES_NOTHING = NamedObjects([], [])
_NO_ANSWER = (DecisionUnavailable, IssuerUnavailable, Refused, StoreUnavailable)


@dataclass(frozen=True, slots=True)
class _Substitutes:
    """The config's fallbacks of one call. `request` is what was judged and allowed for `call`."""

    judge: Judge
    exchange: Exchange
    request: Request
    call: Call

    async def calls(self, targets: Sequence[str]) -> AsyncGenerator[Call, None]:
        """Those of `targets`, names of models in the order to try them, that may run. Each is judged when its turn
        comes, for the caller as it is by then; those that may not are noted.

        No decision about one of them (E4), a caller that is none any more, or another config in force, ends them all.
        """
        ran = 0
        for target in targets:
            try:
                call = await self._allowed(target)
            except _NO_ANSWER:
                self._skipped(target, UNDECIDED)
                return
            if call is not None:
                ran += 1
                yield replace(call, fallback=ran)

    async def _allowed(self, target: str) -> Call | None:
        await self.exchange.renew()
        verdict = await self._ask(target)
        if not verdict.decision.allow:
            self._skipped(target, verdict.decision.reasons[0].rule)
            return None
        self.exchange.entry.fell_back(target, verdict.decision)
        fresh = Freshness(self.exchange, lambda: self._ask(target), verdict, self.exchange.looked_up_at)
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
        """A `BeforeSending` that leaves the first error as the answer. Raises Withdrawn."""
        try:
            await fresh.hold()
        except _NO_ANSWER as error:
            self._skipped(target, UNDECIDED)
            raise Withdrawn(f"a fallback may not run any more: {error}") from error

    def _skipped(self, target: str, rule: str) -> None:
        self.exchange.entry.skipped_fallbacks.append({"model": target, "rule": rule})


def server_fallbacks(judge: Judge, exchange: Exchange, request: Request, call: Call, verdict: Verdict) -> FallbackCalls:
    """The fallbacks that the config names for `call`: for the name asked for, else for its entry, else for `*`.

    A target's own fallbacks are not followed.
    """
    config = exchange.snapshot.fallbacks
    own = (call.asked, verdict.target(call.asked).entry, call.routed)
    tables: dict[FailureKind, Mapping[str, Sequence[str]]] = {
        "general": config.general,
        "context_window": config.context_window,
        "content_policy": config.content_policy,
    }
    calls = _Substitutes(judge, exchange, request, call).calls
    return {kind: partial(calls, found) for kind, table in tables.items() if (found := _targets(table, own))}


def _targets(table: Mapping[str, Sequence[str]], own: tuple[str, str, str]) -> list[str]:
    """Those of the first name that the table holds, each once; a model is not its own fallback."""
    asked, entry, _ = own
    listed = next((table[name] for name in (asked, entry, "*") if name in table), ())
    return [target for target in dict.fromkeys(listed) if target not in own]


_NAMES_MODEL = frozenset({"model", "path"})
_NO_SEGMENTS = frozenset({"", ".", ".."})
_NOT_IN_SEGMENTS = ("/", "\\")


@dataclass(frozen=True, slots=True)
class AskedCall:
    """What a request holds, and the question about it. `named` are the objects that it names; with `kept`, what
    it makes can be named again."""

    content: Content
    request: Request
    named: NamedObjects = _NAMES_NOTHING
    kept: bool = True


Check = Callable[[Exchange, HeldObjects], None]
"""What more a call must satisfy whose objects were found. Raises Refused."""


class Calls:
    """The handler of every route that is forwarded."""

    def __init__(self, judge: Judge, forwarder: Forwarder, objects: Objects, reader: Reader) -> None:
        self._judge = judge
        self.forwarder = forwarder
        self._objects = objects
        self._reader = reader

    async def serve(self, exchange: Exchange, check: Check | None = None) -> None:
        """Answers one call, if `check` does not refuse it. Raises Denied, DecisionUnavailable, StoreUnavailable,
        Refused and ClientLeft."""
        asked = await self._read(exchange)
        verdict, held = answer = await self._allow(exchange, asked, check)
        fresh = Freshness(exchange, lambda: self._allow(exchange, asked, check), answer, exchange.looked_up_at)
        models, fields = asked.request.models, asked.content.fields
        call = allowed_call(exchange, asked.content, models, verdict, held, fresh.hold)
        if held.objects or exchange.match.route.makes:
            call = replace(call, binding=self._objects.binding(exchange, verdict, held, fields, models))
        may_fall_back = exchange.snapshot.fallbacks != _NO_FALLBACKS and models and not held.objects
        if may_fall_back and not exchange.match.route.makes_what_runs:
            elsewhere = replace(call, outgoing=Outgoing(exchange.match.route, without_ids(fields, held.items.keys())))
            fallbacks = server_fallbacks(self._judge, exchange, asked.request, elsewhere, verdict)
            call = replace(call, fallbacks=fallbacks)
        outcome = await self.forwarder.send(call, exchange.receive, exchange.send)
        exchange.entry.answered(outcome.status, outcome.deployment)

    async def _allow(self, exchange: Exchange, asked: AskedCall, check: Check | None) -> tuple[Verdict, HeldObjects]:
        """The yes to a call, for its caller as it was looked up last, and the objects that the call names."""
        request = asked.request
        if request.time_ns != exchange.time_ns:
            request = replace(request, time_ns=exchange.time_ns)
        verdict = await self._judge.demand(exchange, request)
        if asked.request.problem:
            raise DecisionUnavailable("the engine allows a request of a wrong form")
        held = _NOTHING
        if asked.named != _NAMES_NOTHING or exchange.match.route.holds or exchange.match.route.makes:
            held = await self._objects.held(exchange, verdict, asked.named, makes=asked.kept)
        if check is not None:
            check(exchange, held)
        return verdict, held

    async def _read(self, exchange: Exchange) -> AskedCall:
        try:
            content = await self._reader.read(exchange)
            asked, customer = await worked(content.size, lambda: asked_call(exchange, content))
        except Invalid as error:
            return AskedCall(NO_CONTENT, exchange.malformed(error))
        if content.size > LARGE:
            await exchange.waited()
        if customer is not None:
            await exchange.name_customer(customer)
        return asked


def asked_call(exchange: Exchange, content: Content) -> tuple[AskedCall, str | None]:
    """What a request asks for, and the customer that it names. Raises Invalid."""
    route, fields = exchange.match.route, content.fields
    found = footprint(exchange.match, exchange.query, fields, exchange.snapshot.completion_model, exchange.headers)
    if route.shapes:
        refuse_other_fields(route, fields)
    named = ids_of(route, variables(exchange.match) if exchange.match.variables else {}, fields, apart=True)
    customer = customer_id(exchange.headers, fields)
    exchange.unnamed = found.added
    request = exchange.request(found.models, differ=found.differ)
    kept = is_kept(route, fields) if route.makes else True
    return AskedCall(content, request, named, kept), customer


def allowed_call(
    exchange: Exchange,
    content: Content,
    models: Sequence[str],
    verdict: Verdict,
    held: HeldObjects,
    before_sending: BeforeSending,
) -> Call:
    """The call of `models` that was allowed, where the objects are that it names.

    Raises DecisionUnavailable for a yes to what cannot be forwarded, and Invalid where no place fits it.
    """
    match, route = exchange.match, exchange.match.route
    if route.upstream is None or (route.operation == "infer" and not models):
        raise DecisionUnavailable("the engine allows what is not forwarded, or a call that names no model")
    if models:
        asked, routed = models[0], verdict.target(models[0]).model
        deployments = verdict.deployments(asked)
        if held.deployment or held.items:
            deployments = held.narrow(deployments)
    else:
        asked = routed = exchange.entry.path[:200]
        deployments = only_place(held, verdict)
    # An item that is sent whole goes without its id to where that means nothing.
    fields = without_ids(content.fields, held.strange(deployments)) if held.items else content.fields
    return Call(
        upstream=route.upstream,
        outgoing=Outgoing(route, fields),
        content=content,
        asked=asked,
        routed=routed,
        deployments=deployments,
        rename=verdict.name_beside,
        headers=exchange.headers,
        before_sending=before_sending,
        decision_id=exchange.entry.id,
        method=exchange.method,
        variables=variables(match) if match.variables else {},
        query=[pair for pair in query_pairs(exchange.query) if pair[0] in route.passes] if route.passes else [],
    )


def variables(match: Match) -> dict[str, str]:
    """What is in the path beside the model, percent-decoded once.

    Raises Invalid for what is no UTF-8, and for what cannot be a segment of an address.
    """
    found = [(name, value) for name, value in match.variables.items() if name not in _NAMES_MODEL]
    try:
        decoded = {name: unquote(value, errors="strict") for name, value in found}
    except UnicodeDecodeError:
        raise Invalid("the path is not UTF-8, percent-encoded; encode it again") from None
    for value in decoded.values():
        if value in _NO_SEGMENTS or UNPRINTABLE.search(value) or any(each in value for each in _NOT_IN_SEGMENTS):
            raise Invalid(
                "the path holds an id that is empty, `.` or `..`, or has a slash or control character; "
                "send the id itself"
            )
    return decoded
