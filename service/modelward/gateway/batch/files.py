"""`POST /v1/files`: a batch file is judged line by line before an upstream has it; any other file is passed on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from modelward.errors import DecisionUnavailable, Invalid, Refused
from modelward.gateway.batch.judging import Question, demand_all
from modelward.gateway.batch.lines import Line
from modelward.gateway.batch.placing import Placement, place
from modelward.gateway.batch.rewriting import rewritten
from modelward.gateway.batch.upload import Upload, read_upload
from modelward.gateway.calls import Calls, allowed_call
from modelward.gateway.exchange import Exchange
from modelward.gateway.forms.form import Form
from modelward.gateway.forms.spool import Spool, close_all
from modelward.gateway.freshness import Freshness
from modelward.gateway.judge import Judge
from modelward.gateway.objects import Allowed, Held, Objects
from modelward.gateway.reading import Reader
from modelward.gateway.routes import Router


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
        fresh = Freshness(exchange, lambda: self._placed(exchange, upload), placed)
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
