"""`POST /v1/batches`: the names given here are judged, then the file is looked up, and what its lines ask for is judged
again, as the row `runs` what it names."""

from dataclasses import dataclass, replace

from modelward.contract import JsonObject, Request, StateObject
from modelward.errors import DecisionUnavailable, Invalid
from modelward.gateway.calls import Calls, allowed_call
from modelward.gateway.exchange import Exchange, Freshness, Reader, customer_id
from modelward.gateway.judge import Judge
from modelward.gateway.objects import Allowed, Held, ObjectId, Objects, ids_of
from modelward.gateway.request.body import worked
from modelward.gateway.request.footprint import footprint
from modelward.gateway.routes import Router


@dataclass(frozen=True, slots=True)
class _BatchRequest:
    """What the body says: `endpoint` is the path that all lines of the file must call."""

    request: Request
    customer: str | None
    ids: list[ObjectId]
    file_id: str
    endpoint: str


class Batches:
    """The handler."""

    def __init__(self, judge: Judge, objects: Objects, calls: Calls, router: Router, reader: Reader) -> None:
        self._judge = judge
        self._objects = objects
        self._calls = calls
        self._router = router
        self._reader = reader

    async def serve(self, exchange: Exchange) -> None:
        """Answers one call. Raises Denied, DecisionUnavailable, StoreUnavailable, Refused and ClientLeft."""
        try:
            content = await self._reader.read(exchange)
            batch = await worked(content.size, lambda: _read(exchange, content.fields))
        except Invalid as error:
            await self._judge.refuse(exchange, error)
        await exchange.name_customer(batch.customer)
        allowed, held = answer = await self._allow(exchange, batch)
        fresh = Freshness(exchange, lambda: self._allow(exchange, batch), answer, exchange.looked_up_at)
        call = allowed_call(exchange, content, allowed, held, fresh.hold)
        uses = _file(held, batch.file_id).uses
        binding = self._objects.binding(exchange, allowed, held, content.fields, uses)
        await self._calls.send(exchange, replace(call, binding=binding))

    async def _allow(self, exchange: Exchange, batch: _BatchRequest) -> tuple[Allowed, Held]:
        """The yes to the batch, for its caller as it was looked up last, and to all that its file asks for."""
        request = batch.request
        verdict = await self._judge.demand(exchange, replace(request, time_ns=exchange.time_ns))
        held = await self._objects.held(exchange, verdict, batch.ids)
        file = _file(held, batch.file_id)
        _check(exchange, self._router, file, batch.endpoint)
        exchange.entry.asked([*request.models, *(model for use in file.uses for model in use.models)])
        return Allowed(request, verdict), held


def _read(exchange: Exchange, fields: JsonObject) -> _BatchRequest:
    match = exchange.match
    found = footprint(match, exchange.query, fields, exchange.snapshot.completion_model, exchange.headers)
    return _BatchRequest(
        request=exchange.request(found.models, differ=found.differ),
        customer=customer_id(exchange.headers, fields),
        ids=ids_of(match.route, {}, fields),
        file_id=_text(fields.get("input_file_id"), "input_file_id"),
        endpoint=_text(fields.get("endpoint"), "endpoint"),
    )


def _text(value: object, field: str) -> str:
    if not isinstance(value, str) or not value:
        raise Invalid(f"`{field}` must be a text")
    return value


def _file(held: Held, file_id: str) -> StateObject:
    for each in held.objects:
        if (each.kind, each.id) == ("file", file_id):
            return each
    raise DecisionUnavailable("the file of a batch was not looked up")


def _check(exchange: Exchange, router: Router, file: StateObject, endpoint: str) -> None:
    """That the file holds judged lines for `endpoint`, answered by the models that answer them now (M6)."""
    if {use.path for use in file.uses} != {endpoint}:
        raise Invalid("`endpoint` must be the `url` of every line in the file; make a file for each `url`")
    match = router.find("POST", endpoint)
    completion_model = exchange.snapshot.completion_model
    for use in file.uses:
        model = use.models[0]
        if match is None or footprint(match, b"", {"model": model}, completion_model).models[0] != model:
            raise Invalid("another model answers the lines since the upload; upload the file again")
