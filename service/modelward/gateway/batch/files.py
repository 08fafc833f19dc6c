"""`POST /v1/files`: a batch file is judged line by line before an upstream has it; any other file is forwarded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from modelward.contract import Request
from modelward.errors import DecisionUnavailable, Invalid, Refused
from modelward.gateway.batch.groups import Groups, scanned
from modelward.gateway.batch.lines import Line, LineReader
from modelward.gateway.batch.placing import Placement, place, rewritten
from modelward.gateway.calls import Calls, allowed_call
from modelward.gateway.exchange import Exchange, Freshness, Reader, customer_id
from modelward.gateway.judge import Judge, Verdict
from modelward.gateway.objects import BATCH, Allowed, Held, ObjectId, Objects, ids_of, known_purpose
from modelward.gateway.request.body import Content, worked
from modelward.gateway.request.footprint import Footprint, footprint
from modelward.gateway.request.form_parts import FilePart, Spool, close_all
from modelward.gateway.request.forms import Form
from modelward.gateway.routes import Router


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, in whose name; the time is that of the caller's last look-up. `unnamed` is as in `Exchange`."""

    request: Request
    customer: str | None
    unnamed: str | None = None


async def demand_all(judge: Judge, exchange: Exchange, questions: Sequence[Question]) -> list[Verdict]:
    """The yes to every question, the first refusal refuses all; the log tells of all models judged.

    The last question's customer stays the exchange's. Raises Denied, DecisionUnavailable and StoreUnavailable.
    """
    entry, verdicts = exchange.entry, list[Verdict]()
    models, grants = list(entry.models), entry.grants
    for question in questions:
        entry.allow, exchange.unnamed = False, question.unnamed
        await exchange.name_customer(question.customer)
        request = replace(question.request, time_ns=exchange.time_ns)
        try:
            verdicts.append(await judge.demand(exchange, request))
        finally:
            models += request.models
            grants = {layer: grants.get(layer, {}) | covered for layer, covered in (grants | entry.grants).items()}
            entry.asked(models)
            entry.grants = grants
    return verdicts


_FIELD = "file"


@dataclass(frozen=True, slots=True)
class Upload:
    """`footprint` and `customer` are what the request names beside the lines, `groups` what these ask for; `ids` are
    objects that tell in which account the file must lie."""

    form: Form
    file: FilePart
    footprint: Footprint
    customer: str | None
    reader: LineReader
    groups: Groups
    ids: Sequence[ObjectId]


async def read_upload(exchange: Exchange, content: Content, router: Router) -> Upload | None:
    """Reads the whole file; `None` for one of another purpose. Raises Invalid, and OSError when it cannot be read."""
    match, fields, snapshot = exchange.match, content.fields, exchange.snapshot
    found = await worked(
        content.size,
        lambda: footprint(match, exchange.query, fields, snapshot.completion_model, exchange.headers),
    )
    purpose = known_purpose(fields)
    ids = ids_of(match.route, {}, fields)
    if purpose != BATCH or not isinstance(content, Form):
        if ids:
            raise Invalid("the form of a file names other objects; leave them out")
        return None
    if [file.name for file in content.files] != [_FIELD]:
        raise Invalid(f"a batch file is one file, the part `{_FIELD}` of the form; send it so")
    customer = customer_id(exchange.headers, fields)
    file = content.files[0]
    reader = LineReader(router, snapshot.completion_model, customer, snapshot.model_fields)
    groups = await scanned(file, reader)
    return Upload(content, file, found, customer, reader, groups, [*ids, *groups.ids])


@dataclass(frozen=True, slots=True)
class _Placed:
    """An upload that may be made: what the request itself names is `allowed`, and the whole file has a place."""

    allowed: Allowed
    held: Held
    placement: Placement


class BatchFiles:
    """The handler; `calls` serves files that are not run."""

    def __init__(self, judge: Judge, objects: Objects, calls: Calls, router: Router, reader: Reader) -> None:
        self._judge = judge
        self._objects = objects
        self._calls = calls
        self._router = router
        self._reader = reader

    async def serve(self, exchange: Exchange) -> None:
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

    async def _upload(self, exchange: Exchange, upload: Upload) -> None:
        placed = await self._placed(exchange, upload)
        written = await self._written(exchange, upload, placed)
        try:
            again = await self._placed(exchange, upload)  # writing takes seconds, in which much may change (A5)
            if again.placement.names != placed.placement.names:
                raise DecisionUnavailable("another place serves the models since the file was written anew")
            await self._send(exchange, upload, upload.form.with_file(upload.file, written), again)
        finally:
            await close_all([written])

    async def _placed(self, exchange: Exchange, upload: Upload) -> _Placed:
        """Judges all that the upload names, by the caller as it is now, then finds its place."""
        exchange.entry.allow = False
        await exchange.waited()
        groups, models = list(upload.groups), upload.footprint.models
        request = exchange.request(models, differ=upload.footprint.differ)
        questions = [
            Question(request, upload.customer),
            *(Question(each.request(), each.customer, each.unnamed) for each in groups),
        ]
        own, *verdicts = await demand_all(self._judge, exchange, questions)
        await exchange.name_customer(upload.customer)
        held = await self._objects.held(exchange, own, upload.ids)
        candidates = own.deployments(models[0]) if models else verdicts[0].deployments(groups[0].first)
        placement = place(held.narrow(candidates), list(zip(groups, verdicts, strict=True)))
        return _Placed(Allowed(replace(request, time_ns=0), own), held, placement)

    async def _send(self, exchange: Exchange, upload: Upload, form: Form, placed: _Placed) -> None:
        held, deployments = placed.held, placed.placement.deployments
        there = replace(held, deployment=deployments[0])
        fresh = Freshness(exchange, lambda: self._placed(exchange, upload), placed, exchange.looked_up_at)
        call = allowed_call(exchange, form, placed.allowed, there, fresh.hold)
        binding = self._objects.binding(exchange, placed.allowed, held, form.fields, placed.placement.uses())
        await self._calls.send(exchange, replace(call, deployments=deployments, binding=binding))

    async def _written(self, exchange: Exchange, upload: Upload, placed: _Placed) -> Spool:
        async def check(lines: Sequence[Line]) -> None:
            ids = [each for line in lines for each in line.ids]
            if ids:
                held = await self._objects.held(exchange, placed.allowed.verdict, ids)
                held.narrow(placed.placement.deployments)

        try:
            return await rewritten(upload.file, upload.reader, placed.placement, check)
        except OSError:
            raise _cannot_be_kept() from None


def _cannot_be_kept() -> Refused:
    return Refused("the file cannot be kept just now; upload it again later", kind="server_error", status=503)
