"""Batches: `POST /v1/files` judges a batch file line by line before an upstream has it, and forwards any other file.
`POST /v1/batches` is judged by the names given there, then by what the lines of its file ask for, as the row `runs`
what it names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from modelward.contract import JsonObject, Request, StateObject
from modelward.errors import DecisionUnavailable, Invalid, Refused
from modelward.gateway.batch.groups import LineGroups, Placement, place, rewritten, scanned
from modelward.gateway.batch.lines import Line, LineReader
from modelward.gateway.calls import Calls, allowed_call
from modelward.gateway.exchange import Exchange, Freshness, Reader, customer_id
from modelward.gateway.judge import Judge, Verdict
from modelward.gateway.objects import (
    BATCH,
    AllowedRequest,
    HeldObjects,
    NamedObjects,
    ObjectId,
    Objects,
    ids_of,
    known_purpose,
)
from modelward.gateway.request.body import Content, worked
from modelward.gateway.request.footprint import footprint
from modelward.gateway.request.form_parts import FilePart, Spool, close_all
from modelward.gateway.request.forms import Form
from modelward.gateway.routes import Router

_FIELD = "file"


@dataclass(frozen=True, slots=True)
class BatchFile:
    """`request` and `customer` are what the request names beside the lines, `groups` what these ask for; `ids` are
    objects that tell in which account the file must lie."""

    form: Form
    file: FilePart
    request: Request
    customer: str | None
    reader: LineReader
    groups: LineGroups
    ids: list[ObjectId]


async def read_upload(exchange: Exchange, content: Content, router: Router) -> BatchFile | None:
    """Reads the whole file; `None` for one of another purpose. Raises Invalid, and OSError when it cannot be read."""
    match, fields, snapshot = exchange.match, content.fields, exchange.snapshot
    found = await worked(
        content.size,
        lambda: footprint(match, exchange.query, fields, snapshot.completion_model, exchange.headers),
    )
    purpose = known_purpose(fields)
    ids = ids_of(match.route, {}, fields).ids
    if purpose != BATCH or not isinstance(content, Form):
        if ids:
            raise Invalid("the form of a file names other objects; leave them out")
        return None
    if [file.name for file in content.files] != [_FIELD]:
        raise Invalid(f"a batch file is one file, the part `{_FIELD}` of the form; send it so")
    request, customer = exchange.request(found.models, differ=found.differ), customer_id(exchange.headers, fields)
    reader = LineReader(router, snapshot.completion_model, customer, snapshot.model_fields)
    groups = await scanned(content.files[0], reader)
    return BatchFile(content, content.files[0], request, customer, reader, groups, [*ids, *groups.ids])


Placed = tuple[AllowedRequest, HeldObjects, Placement]
"""The yes to an upload: to what the request itself names, the objects of all lines, and where the whole file may go."""


@dataclass(frozen=True, slots=True)
class _BatchRequest:
    """What the body says: `endpoint` is the path that all lines of the file must call."""

    request: Request
    customer: str | None
    named: NamedObjects
    file_id: str
    endpoint: str


class Batches:
    """The handlers; `calls` serves files that are not run."""

    def __init__(self, judge: Judge, objects: Objects, calls: Calls, router: Router, reader: Reader) -> None:
        self._judge = judge
        self._objects = objects
        self._calls = calls
        self._router = router
        self._reader = reader

    async def upload(self, exchange: Exchange) -> None:
        """Answers one upload. Raises Denied, DecisionUnavailable, StoreUnavailable, Refused and ClientLeft."""
        try:
            content = await self._reader.read(exchange)
            upload = await read_upload(exchange, content, self._router)
        except Invalid as error:
            await self._judge.refuse(exchange, error)
        except OSError:
            raise _cannot_be_kept() from None
        if upload is None:
            await self._calls.serve(exchange)
        else:
            await self._upload(exchange, upload)

    async def _upload(self, exchange: Exchange, upload: BatchFile) -> None:
        allowed, _, placement = await self._place(exchange, upload)
        written = await self._written(exchange, upload, allowed.verdict, placement)
        try:
            again = await self._place(exchange, upload)  # writing takes seconds, in which much may change (A5)
            if again[2].names != placement.names:
                raise DecisionUnavailable("another place serves the models since the file was written anew")
            await self._send_file(exchange, upload, upload.form.with_file(upload.file, written), again)
        finally:
            await close_all([written])

    async def _place(self, exchange: Exchange, upload: BatchFile) -> Placed:
        """Judges all that the upload names, by the caller as it is now, then finds its place. The first refusal refuses
        all; the log names all models judged."""
        exchange.entry.allow = False
        await exchange.waited()
        own = await self._demand(exchange, upload.request, upload.customer)
        judged = [
            (each, await self._demand(exchange, each.request(), each.customer, each.unnamed)) for each in upload.groups
        ]
        await exchange.name_customer(upload.customer)
        held = await self._objects.held(exchange, own, NamedObjects(upload.ids, []), makes=True)
        models, (group, verdict) = upload.request.models, judged[0]
        candidates = own.deployments(models[0]) if models else verdict.deployments(next(iter(group.models)))
        placement = place(held.narrow(candidates), judged)
        return AllowedRequest(upload.request, own), held, placement

    async def _demand(
        self, exchange: Exchange, request: Request, customer: str | None, unnamed: str | None = None
    ) -> Verdict:
        """A yes, in the name of that customer; the line of the log keeps what was judged before."""
        entry = exchange.entry
        models, grants = [*entry.models, *request.models], entry.grants
        entry.allow, exchange.unnamed = False, unnamed
        await exchange.name_customer(customer)
        try:
            return await self._judge.demand(exchange, replace(request, time_ns=exchange.time_ns))
        finally:
            entry.asked(models)
            entry.grants = {
                layer: grants.get(layer, {}) | covered for layer, covered in (grants | entry.grants).items()
            }

    async def _written(self, exchange: Exchange, upload: BatchFile, verdict: Verdict, placement: Placement) -> Spool:
        async def check(lines: Sequence[Line]) -> None:
            ids = [each for line in lines for each in line.ids]
            if ids:
                held = await self._objects.held(exchange, verdict, NamedObjects(ids, []), makes=True)
                held.narrow(placement.deployments)

        try:
            return await rewritten(upload.file, upload.reader, placement, check)
        except OSError:
            raise _cannot_be_kept() from None

    async def _send_file(self, exchange: Exchange, upload: BatchFile, form: Form, placed: Placed) -> None:
        allowed, held, placement = placed
        there = replace(held, deployment=placement.deployments[0])
        fresh = Freshness(exchange, lambda: self._place(exchange, upload), placed, exchange.looked_up_at)
        call = allowed_call(exchange, form, allowed, there, fresh.hold)
        binding = self._objects.binding(exchange, allowed, held, form.fields, placement.uses())
        await self._calls.send(exchange, replace(call, deployments=placement.deployments, binding=binding))

    async def start(self, exchange: Exchange) -> None:
        """Answers a call that starts a batch. Raises what `upload` does."""
        try:
            content = await self._reader.read(exchange)
            batch = await worked(content.size, lambda: _read_batch(exchange, content.fields))
        except Invalid as error:
            await self._judge.refuse(exchange, error)
        await exchange.name_customer(batch.customer)
        allowed, held = answer = await self._allow_batch(exchange, batch)
        fresh = Freshness(exchange, lambda: self._allow_batch(exchange, batch), answer, exchange.looked_up_at)
        call = allowed_call(exchange, content, allowed, held, fresh.hold)
        uses = _file(held, batch.file_id).uses
        binding = self._objects.binding(exchange, allowed, held, content.fields, uses)
        await self._calls.send(exchange, replace(call, binding=binding))

    async def _allow_batch(self, exchange: Exchange, batch: _BatchRequest) -> tuple[AllowedRequest, HeldObjects]:
        """The yes to the batch, for its caller as it was looked up last, and to all that its file asks for."""
        request = batch.request
        verdict = await self._judge.demand(exchange, replace(request, time_ns=exchange.time_ns))
        held = await self._objects.held(exchange, verdict, batch.named, makes=True)
        file = _file(held, batch.file_id)
        _check(exchange, self._router, file, batch.endpoint)
        exchange.entry.asked([*request.models, *(model for use in file.uses for model in use.models)])
        return AllowedRequest(request, verdict), held


def _cannot_be_kept() -> Refused:
    return Refused("the file cannot be kept just now; upload it again later", kind="server_error", status=503)


def _read_batch(exchange: Exchange, fields: JsonObject) -> _BatchRequest:
    match = exchange.match
    found = footprint(match, exchange.query, fields, exchange.snapshot.completion_model, exchange.headers)
    return _BatchRequest(
        request=exchange.request(found.models, differ=found.differ),
        customer=customer_id(exchange.headers, fields),
        named=ids_of(match.route, {}, fields),
        file_id=_text(fields.get("input_file_id"), "input_file_id"),
        endpoint=_text(fields.get("endpoint"), "endpoint"),
    )


def _text(value: object, field: str) -> str:
    if not isinstance(value, str) or not value:
        raise Invalid(f"`{field}` must be a text")
    return value


def _file(held: HeldObjects, file_id: str) -> StateObject:
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
