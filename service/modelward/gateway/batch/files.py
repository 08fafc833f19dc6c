"""`POST /v1/files`: a batch file is judged line by line before an upstream has it; any other file is passed on."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from modelward.errors import DecisionUnavailable, Invalid, Refused
from modelward.gateway.batch.judging import Question, demand_all
from modelward.gateway.batch.lines import Line
from modelward.gateway.batch.placing import Placement, place
from modelward.gateway.batch.rewriting import rewritten
from modelward.gateway.batch.upload import Upload, is_batch_file, read_upload
from modelward.gateway.exchange import Exchange
from modelward.gateway.form_spool import Spool, close_all
from modelward.gateway.judge import Judge, Verdict
from modelward.gateway.objects import Held, Objects
from modelward.gateway.reading import read_content
from modelward.gateway.routes import Router


@dataclass(frozen=True, slots=True)
class _Allowed:
    """An upload that may be made: `model` is the name by which its place was found, judged in `verdict`, and `own` the
    verdict on what the request names beside the lines."""

    own: Verdict
    model: str
    verdict: Verdict
    held: Held
    placement: Placement


class BatchFiles:
    """The handler. `others` serves files that are not run; limits are in bytes."""

    def __init__(
        self,
        judge: Judge,
        objects: Objects,
        others: Callable[[Exchange], Awaitable[None]],
        router: Router,
        body_limit: int,
        form_limit: int,
    ) -> None:
        self._judge = judge
        self._objects = objects
        self._others = others
        self._router = router
        self._limits = body_limit, form_limit

    async def serve(self, exchange: Exchange) -> None:
        """Answers one upload. Raises Denied, DecisionUnavailable, StoreUnavailable, Refused and ClientLeft."""
        try:
            content = await read_content(exchange, *self._limits)
            upload = None
            if is_batch_file(exchange, content):
                upload = await read_upload(exchange, content, self._router)
        except Invalid as error:
            await self._judge.demand(exchange, exchange.malformed(error))
            raise DecisionUnavailable("the engine allows a request of a wrong form") from None
        except OSError:
            raise _cannot_be_kept() from None
        if upload is None:
            await self._others(exchange)
        else:
            await self._upload(exchange, upload)

    async def _upload(self, exchange: Exchange, upload: Upload) -> None:
        await exchange.waited()
        allowed, judged_at = await self._allowed(exchange, upload), exchange.time_ns
        written = await self._written(exchange, upload, allowed)
        try:
            await exchange.waited()
            if exchange.time_ns != judged_at:
                names = allowed.placement.names
                allowed = await self._allowed(exchange, upload)
                if allowed.placement.names != names:
                    raise DecisionUnavailable("another place serves the models since the file was read")
            await self._forward(exchange, upload, allowed, written)
        finally:
            await close_all([written])

    async def _allowed(self, exchange: Exchange, upload: Upload) -> _Allowed:
        """Judges all that the upload names, then finds its place."""
        groups, own_models = list(upload.groups), upload.footprint.models
        own = Question(exchange.request(own_models, differ=upload.footprint.differ), upload.customer)
        lines = [Question(asked.request(), asked.customer) for asked in groups]
        own_verdict, *verdicts = await demand_all(self._judge, exchange, [own, *lines])
        await exchange.name_customer(upload.customer)
        held = await self._objects.held(exchange, own_verdict, upload.ids)
        model, verdict = (own_models[0], own_verdict) if own_models else (groups[0].first, verdicts[0])
        candidates = held.narrow(verdict.deployments(model))
        placement = place(candidates, list(zip(groups, verdicts, strict=True)))
        return _Allowed(own_verdict, model, verdict, held, placement)

    async def _written(self, exchange: Exchange, upload: Upload, allowed: _Allowed) -> Spool:
        async def check(lines: Sequence[Line]) -> None:
            ids = [each for line in lines for each in line.ids]
            if ids:
                held = await self._objects.held(exchange, allowed.own, ids)
                held.narrow(allowed.placement.deployments)

        try:
            return await rewritten(upload.file, upload.reader, allowed.placement, check)
        except OSError:
            raise _cannot_be_kept() from None

    async def _forward(self, exchange: Exchange, upload: Upload, allowed: _Allowed, written: Spool) -> None:
        raise NotImplementedError


def _cannot_be_kept() -> Refused:
    return Refused("the file cannot be kept just now; upload it again later", kind="server_error", status=503)
