"""What an uploaded file runs, judged again when it is run: its caller, the config or the rules may have changed."""

from collections.abc import Sequence

from modelward.contract import Deployment, Use
from modelward.errors import Invalid
from modelward.gateway.batch.groups import question
from modelward.gateway.batch.judging import Question, demand_all
from modelward.gateway.batch.lines import is_batched
from modelward.gateway.batch.placing import upstream_names
from modelward.gateway.exchange import Exchange
from modelward.gateway.footprint import footprint
from modelward.gateway.judge import Judge, Verdict
from modelward.gateway.routes import Match, Router

_UPLOAD_AGAIN = "upload the file again"


async def demand_uses(
    judge: Judge, exchange: Exchange, router: Router, uses: Sequence[Use], deployment: Deployment
) -> list[Verdict]:
    """The yes to each of `uses`, as if the caller made it now; `deployment` is where the file lies.

    Raises Denied, DecisionUnavailable and StoreUnavailable; Invalid where a model goes by another name there than the
    file has, so that not what is judged would run (M2).
    """
    matches = [_match(router, use) for use in uses]
    questions = [
        Question(question(match, list(use.models)), use.customer) for match, use in zip(matches, uses, strict=True)
    ]
    verdicts = await demand_all(judge, exchange, questions)
    for match, use, verdict in zip(matches, uses, verdicts, strict=True):
        _check_answering(match, use, exchange.snapshot.completion_model)
        for name, written in zip(use.models, use.upstream, strict=True):
            if written not in upstream_names(deployment, name, verdict):
                raise Invalid(f"`{name}` goes by another name at its provider since the upload; {_UPLOAD_AGAIN}")
    return verdicts


def _match(router: Router, use: Use) -> Match:
    match = router.find("POST", use.path)
    if match is None or not is_batched(match):
        raise Invalid(f"`{use.path}` is not served any more; {_UPLOAD_AGAIN}")
    return match


def _check_answering(match: Match, use: Use, completion_model: str | None) -> None:
    """The config's own model for completions may be another by now (M6)."""
    if footprint(match, b"", {"model": use.models[0]}, completion_model).models[0] != use.models[0]:
        raise Invalid(f"another model answers completions since the upload; {_UPLOAD_AGAIN}")
