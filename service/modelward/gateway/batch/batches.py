"""Batches: `POST /v1/files` judges a batch file line by line before an upstream has it, and forwards any other file.
`POST /v1/batches` is judged by the names given there, then by what the lines of its file ask for, as the row `runs`
what it names."""

from dataclasses import dataclass, replace
from functools import partial

from modelward.contract import Request
from modelward.errors import DecisionUnavailable, Invalid, Refused
from modelward.gateway.batch.groups import LineGroups, Placement, place, rewritten, scanned
from modelward.gateway.batch.lines import LineReader
from modelward.gateway.calls import AskedCall, Calls, allowed_call, asked_call
from modelward.gateway.exchange import Exchange, Freshness, Reader
from modelward.gateway.judge import Judge, Verdict
from modelward.gateway.objects import BATCH, HeldObjects, NamedObjects, ObjectId, Objects, known_purpose
from modelward.gateway.request.body import Content, worked
from modelward.gateway.request.footprint import footprint
from modelward.gateway.request.form_parts import Spool, close_all
from modelward.gateway.request.forms import Form
from modelward.gateway.routes import Router

_FIELD = "file"


@dataclass(frozen=True, slots=True)
class BatchFile:
    """`asked` and `customer` are what the request names beside the lines, `groups` what these ask for; `named` are
    objects that tell in which account the file must lie."""

    form: Form
    asked: AskedCall
    customer: str | None
    reader: LineReader
    groups: LineGroups
    named: NamedObjects


async def read_upload(exchange: Exchange, content: Content, router: Router) -> BatchFile | None:
    """Reads the whole file; `None` for one of another purpose. Raises Invalid, and OSError when it cannot be read."""
    asked, customer = await worked(content.size, lambda: asked_call(exchange, content))
    if known_purpose(content.fields) != BATCH or not isinstance(content, Form):
        if asked.named.ids:
            raise Invalid("the form of a file names other objects; leave them out")
        return None
    if [file.name for file in content.files] != [_FIELD]:
        raise Invalid(f"a batch file is one file, the part `{_FIELD}` of the form; send it so")
    reader = LineReader(router, exchange.snapshot.completion_model, customer, exchange.snapshot.model_fields)
    groups = await scanned(content.files[0], reader)
    of_lines = next((each.ids for each in groups.values() if each.ids), [])
    return BatchFile(content, asked, customer, reader, groups, NamedObjects([*asked.named.ids, *of_lines], []))


Placed = tuple[Verdict, HeldObjects, Placement]
"""The yes to an upload: to what the request itself names, the objects of all lines, and where the whole file may go."""


@dataclass(frozen=True, slots=True)
class Batches:
    """The handlers; `calls` serves files that are not run, and batches whose files are."""

    judge: Judge
    objects: Objects
    calls: Calls
    router: Router
    reader: Reader

    async def upload(self, exchange: Exchange) -> None:
        """Answers one upload. Raises Denied, DecisionUnavailable, StoreUnavailable, Refused and ClientLeft."""
        try:
            content = await self.reader.read(exchange)
            upload = await read_upload(exchange, content, self.router)
        except Invalid as error:
            await self.judge.refuse(exchange, error)
        except OSError:
            raise _cannot_be_kept() from None
        if upload is None:
            await self.calls.serve(exchange)
            return
        verdict, _, placement = await self._place(exchange, upload)
        written = await self._written(exchange, upload, verdict, placement)
        try:
            again = await self._place(exchange, upload)  # writing takes seconds, in which much may change (A5)
            if again[2].names != placement.names:
                raise DecisionUnavailable("another place serves the models since the file was written anew")
            verdict, held, placement = again
            models, form = upload.asked.request.models, upload.form.with_file(upload.form.files[0], written)
            there = replace(held, deployment=placement.deployments[0])
            fresh = Freshness(exchange, lambda: self._place(exchange, upload), again, exchange.looked_up_at)
            call = allowed_call(exchange, form, models, verdict, there, fresh.hold)
            binding = self.objects.binding(exchange, verdict, held, form.fields, models, placement.uses())
            placed = replace(call, deployments=placement.deployments, binding=binding)
            outcome = await self.calls.forwarder.send(placed, exchange.receive, exchange.send)
            exchange.entry.answered(outcome.status, outcome.deployment)
        finally:
            await close_all([written])

    async def _place(self, exchange: Exchange, upload: BatchFile) -> Placed:
        """Judges all that the upload names, by the caller as it is now, then finds its place. The first refusal refuses
        all; the log names all models judged."""
        exchange.entry.allow = False
        await exchange.waited()
        own = await self._demand(exchange, upload.asked.request, upload.customer)
        judged = [
            (each, await self._demand(exchange, each.request(exchange), each.customer, each.unnamed))
            for each in upload.groups.values()
        ]
        await exchange.name_customer(upload.customer)
        held = await self.objects.held(exchange, own, upload.named, makes=True)
        models, (group, verdict) = upload.asked.request.models, judged[0]
        candidates = own.deployments(models[0]) if models else verdict.deployments(next(iter(group.models)))
        return own, held, place(held.narrow(candidates), judged)

    async def _demand(
        self, exchange: Exchange, request: Request, customer: str | None, unnamed: str | None = None
    ) -> Verdict:
        """A yes, in the name of that customer; the line of the log keeps what was judged before."""
        entry = exchange.entry
        models, grants = [*entry.models, *request.models], entry.grants
        entry.allow, exchange.unnamed = False, unnamed
        await exchange.name_customer(customer)
        try:
            return await self.judge.demand(exchange, replace(request, time_ns=exchange.time_ns))
        finally:
            entry.models = list(dict.fromkeys(models))
            entry.grants = {
                layer: grants.get(layer, {}) | covered for layer, covered in (grants | entry.grants).items()
            }

    async def _written(self, exchange: Exchange, upload: BatchFile, verdict: Verdict, placement: Placement) -> Spool:
        async def check(ids: list[ObjectId]) -> None:
            held = await self.objects.held(exchange, verdict, NamedObjects(ids, []), makes=True)
            held.narrow(placement.deployments)

        try:
            return await rewritten(upload.form.files[0], upload.reader, placement, check)
        except OSError:
            raise _cannot_be_kept() from None

    async def start(self, exchange: Exchange) -> None:
        """Answers a call that starts a batch. Raises what `upload` does."""
        try:
            endpoint = (await self.reader.read(exchange)).fields.get("endpoint")
            if not isinstance(endpoint, str) or not endpoint:
                raise Invalid("`endpoint` must be a text")
        except Invalid as error:
            await self.judge.refuse(exchange, error)
        await self.calls.serve(exchange, partial(self._check, endpoint))

    def _check(self, endpoint: str, exchange: Exchange, held: HeldObjects) -> None:
        """That the file, the first of the objects, holds judged lines for `endpoint`, answered by the models that
        answer them now (M6)."""
        uses = held.objects[0].uses
        if {use.path for use in uses} != {endpoint}:
            raise Invalid("`endpoint` must be the `url` of every line in the file; make a file for each `url`")
        match, completion_model = self.router.find("POST", endpoint), exchange.snapshot.completion_model
        for model in (use.models[0] for use in uses):
            if match is None or footprint(match, b"", {"model": model}, completion_model).models[0] != model:
                raise Invalid("another model answers the lines since the upload; upload the file again")
        models = [*exchange.entry.models, *(model for use in uses for model in use.models)]
        exchange.entry.models = list(dict.fromkeys(models))


def _cannot_be_kept() -> Refused:
    return Refused("the file cannot be kept just now; upload it again later", kind="server_error", status=503)
