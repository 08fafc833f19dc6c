"""Puts an explainer together: from the policies and the store of a service, or of one command."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import orjson

from modelward.contract import Catalog, Explain, Explanation, Input, Issuer
from modelward.engine import EmbeddedEngine
from modelward.explain import Callers, ExplainBy, Explainer, Subjects
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.explanations import request_of
from modelward.gateway.routes import Router
from modelward.snapshot import Snapshot

EngineOver = Callable[[bytes], EmbeddedEngine]
"""An engine of the policies in force over other data."""


def trial(catalog: Catalog, explain: Explain, over: EngineOver) -> ExplainBy:
    """Explanations by any catalogue: by `explain` for `catalog`, the one in force, else by an engine of its own."""

    async def explain_by(other: Catalog, asked: Input) -> Explanation:
        if other is catalog:
            return await explain(asked)
        engine = await asyncio.to_thread(over, orjson.dumps({"catalog": other.model_dump()}))
        try:
            return await engine.explain(asked)
        finally:
            engine.close()

    return explain_by


def explainer(
    catalog: Catalog,
    places: Mapping[tuple[str, str], str],
    callers: Callers,
    completion_model: str | None,
    explain_by: ExplainBy,
) -> Explainer:
    """An explainer over the routes of the gateway."""
    return Explainer(catalog, places, callers, partial(request_of, Router(ROUTES), completion_model), explain_by)


def of_snapshot(subjects: Subjects, is_master: Callable[[str], bool], snapshot: Snapshot) -> Explainer:
    """The explainer of what is served."""
    issuers: Sequence[Issuer] = snapshot.issuers
    callers = Callers(subjects, is_master, issuers)
    return explainer(snapshot.catalog, snapshot.places, callers, snapshot.completion_model, snapshot.explain_by)
