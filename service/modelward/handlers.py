"""Who answers each kind of route."""

from dataclasses import dataclass
from functools import partial

from starlette.types import ASGIApp

from modelward.explaining import of_snapshot
from modelward.gateway.batch.batches import Batches
from modelward.gateway.batch.files import BatchFiles
from modelward.gateway.calls import Calls
from modelward.gateway.decision_log import DecisionLog
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.explanations import Explanations
from modelward.gateway.forward import Forwarder
from modelward.gateway.gate import Serve
from modelward.gateway.judge import Judge
from modelward.gateway.listing import Lists
from modelward.gateway.management import Management
from modelward.gateway.metrics import Metrics
from modelward.gateway.objects import Fetcher, ObjectLists, Objects
from modelward.gateway.reading import Reader
from modelward.gateway.routes import Handler, Router
from modelward.gateway.sockets.asking import Asker
from modelward.gateway.sockets.opening import Opener
from modelward.gateway.sockets.realtime import Realtime
from modelward.gateway.sockets.responses import Responses
from modelward.identity import Keys
from modelward.store import Store

BODY_LIMIT = 32 * 1024 * 1024
FORM_LIMIT = 1024 * 1024 * 1024

Handlers = dict[Handler, Serve]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the handlers share."""

    judge: Judge
    store: Store
    keys: Keys
    metrics: Metrics
    log: DecisionLog


def handlers(parts: Parts, admin: ASGIApp, forwarder: Forwarder, fetcher: Fetcher, opener: Opener) -> Handlers:
    """The handler of every kind of route."""
    objects = Objects(parts.store.objects, parts.judge)
    return {
        **_lists(parts),
        **_management(parts, admin),
        **_calls(parts, objects, forwarder, fetcher),
        **_sockets(parts, objects, opener),
    }


def _lists(parts: Parts) -> Handlers:
    lists = Lists(parts.judge)
    return {
        "models": lists.models,
        "model": lists.model,
        "model_info": lists.model_info,
        "model_group_info": lists.model_group_info,
    }


def _management(parts: Parts, admin: ASGIApp) -> Handlers:
    management = Management(parts.judge, admin, parts.metrics, BODY_LIMIT)
    explainer_of = partial(of_snapshot, parts.store, parts.keys.is_master)
    return {
        "admin": management.serve,
        "metrics": management.metrics,
        "explain": Explanations(parts.judge, explainer_of, BODY_LIMIT).serve,
    }


def _calls(parts: Parts, objects: Objects, forwarder: Forwarder, fetcher: Fetcher) -> Handlers:
    judge, router, reader = parts.judge, Router(ROUTES), Reader(BODY_LIMIT, FORM_LIMIT)
    calls = Calls(judge, forwarder, objects, reader)
    return {
        "forward": calls.serve,
        "objects": ObjectLists(judge, parts.store.objects, fetcher, router).serve,
        "files": BatchFiles(judge, objects, calls, router, reader).serve,
        "batches": Batches(judge, objects, calls, router, reader).serve,
    }


def _sockets(parts: Parts, objects: Objects, opener: Opener) -> Handlers:
    asker = Asker(parts.judge, parts.log, parts.metrics)
    return {
        "realtime": Realtime(asker, opener, objects).serve,
        "responses": Responses(asker, opener, objects, parts.store.objects).serve,
    }
