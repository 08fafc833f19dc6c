"""The composition root of the server: which part is given to which."""

import gc
import logging
import random
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from modelward import loading
from modelward.admin import admin_app
from modelward.contract import Caller, Customer
from modelward.engine import EmbeddedEngine, OpaEngine
from modelward.errors import ModelwardError
from modelward.explaining import EngineOver, of_snapshot, trial
from modelward.gateway.balance import Balancer
from modelward.gateway.batch.batches import Batches
from modelward.gateway.batch.files import BatchFiles
from modelward.gateway.calls import Calls
from modelward.gateway.decision_log import DecisionLog
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.error_forms import form_of
from modelward.gateway.exchange import Lookups
from modelward.gateway.explanations import Explanations
from modelward.gateway.forward import Forwarder
from modelward.gateway.gate import Gate, Serve
from modelward.gateway.health import Check, Health
from modelward.gateway.judge import Judge
from modelward.gateway.listing import Lists
from modelward.gateway.management import Management
from modelward.gateway.metrics import Metrics
from modelward.gateway.objects import Fetcher, ObjectLists, Objects
from modelward.gateway.routes import Handler, Router
from modelward.gateway.sockets.asking import Asker
from modelward.gateway.sockets.opening import Opener
from modelward.gateway.sockets.realtime import Realtime
from modelward.gateway.sockets.responses import Responses
from modelward.gateway.upstream import Upstream
from modelward.gateway.upstream_socket import UpstreamSockets
from modelward.identity import Identity, JwksClient, Keys, KeySets, Tokens, credential
from modelward.loading import Loaded
from modelward.options import ServeOptions
from modelward.reload import Reloader
from modelward.snapshot import Snapshot, Snapshots
from modelward.store import Store, open_store

BODY_LIMIT = 32 * 1024 * 1024
FORM_LIMIT = 1024 * 1024 * 1024

Build = Callable[[Loaded], Snapshot]


class Service:
    """The ASGI application: it is put together at startup and taken apart at shutdown."""

    def __init__(self, options: ServeOptions, environ: Mapping[str, str], write: Callable[[bytes], object]) -> None:
        self._options = options
        self._environ = environ
        self._write = write
        self._gate: Gate | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection, or the server's own startup and shutdown."""
        if self._gate is not None and scope["type"] != "lifespan":
            await self._gate(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with AsyncExitStack() as stack:
            try:
                self._gate = await self._compose(stack)
            except ModelwardError as error:
                await send({"type": "lifespan.startup.failed", "message": f"modelward cannot start: {error}"})
                return
            spare_the_collector()
            logging.getLogger("modelward").info("ready on %s:%s", self._options.host, self._options.port)
            await send({"type": "lifespan.startup.complete"})
            await receive()
            self._gate = None
        await send({"type": "lifespan.shutdown.complete"})

    async def _compose(self, stack: AsyncExitStack) -> Gate:
        options, metrics = self._options, Metrics()
        build = await _builder(options, stack)
        loaded = loading.load(options.config, self._environ)
        snapshots = Snapshots(build(loaded))
        stack.callback(snapshots.close)
        store = await stack.enter_async_context(
            open_store(options.database_url, declared=lambda: snapshots.current.catalog)
        )
        snapshots.changed = store.forget
        judge = Judge(snapshots, metrics)
        reloader = Reloader(options.config, self._environ, loaded, build, snapshots, judge.probe, metrics)
        await stack.enter_async_context(reloader)
        upstream = Upstream()
        stack.push_async_callback(upstream.aclose)
        log = DecisionLog(self._write, metrics.lost)
        stack.push_async_callback(log.close)
        balancer = Balancer(random.Random(), time.monotonic)
        forwarder = Forwarder(upstream, balancer, time.time)
        upstream_sockets = UpstreamSockets(upstream.tls)
        stack.push_async_callback(upstream_sockets.aclose)
        asker, opener = Asker(judge, log, metrics), Opener(upstream_sockets, balancer)
        key_sets = KeySets(JwksClient())
        stack.push_async_callback(key_sets.aclose)
        keys = Keys(master_key=lambda: snapshots.current.master_key, lookup=store.caller)
        tokens = Tokens(lambda: snapshots.current.issuers, key_sets)
        identity = Identity(keys, tokens, store.token_caller, store.mapped_key)
        return Gate(
            snapshots=snapshots,
            lookups=_lookups(identity, store),
            handlers=_handlers(judge, admin := admin_app(store, is_master=keys.is_master), metrics)
            | {"explain": Explanations(judge, partial(of_snapshot, store, keys.is_master), BODY_LIMIT).serve}
            | {"realtime": Realtime(asker, opener).serve}
            | {"responses": Responses(asker, opener, Objects(store.objects, judge), store.objects).serve}
            | _object_handlers(judge, forwarder, store, Fetcher(upstream)),
            health=Health(_checks(options, judge, store), reloader.state),
            public=admin,
            log=log,
            metrics=metrics,
            router=Router(ROUTES),
        )


def spare_the_collector() -> None:
    """What is here now stays, and a request leaves no circles: the collector need not look after every few of them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _lookups(identity: Identity, store: Store) -> Lookups:
    async def identify(scope: Scope) -> Caller:
        is_google = form_of(scope["raw_path"].decode("latin-1")) == "google"
        found = credential(scope["headers"], scope["query_string"], is_google)
        return await identity.identify(found, scope["headers"])

    async def find_customer(customer_id: str) -> Customer | None:
        return next(iter(await store.named_customers([customer_id])), None)

    return Lookups(identify, find_customer)


def _object_handlers(judge: Judge, forwarder: Forwarder, store: Store, fetcher: Fetcher) -> dict[Handler, Serve]:
    objects, router = Objects(store.objects, judge), Router(ROUTES)
    calls = Calls(judge, forwarder, objects, body_limit=BODY_LIMIT, form_limit=FORM_LIMIT)
    return {
        "forward": calls.serve,
        "objects": ObjectLists(judge, store.objects, fetcher, router).serve,
        "files": BatchFiles(judge, objects, calls, router, BODY_LIMIT, FORM_LIMIT).serve,
        "batches": Batches(judge, objects, calls, router, BODY_LIMIT, FORM_LIMIT).serve,
    }


def _handlers(judge: Judge, admin: ASGIApp, metrics: Metrics) -> dict[Handler, Serve]:
    lists = Lists(judge)
    management = Management(judge, admin, metrics, BODY_LIMIT)
    return {
        "models": lists.models,
        "model": lists.model,
        "model_info": lists.model_info,
        "model_group_info": lists.model_group_info,
        "admin": management.serve,
        "metrics": management.metrics,
    }


async def _builder(options: ServeOptions, stack: AsyncExitStack) -> Build:
    if options.engine == "embedded":
        return _Embedded()
    opa = await stack.enter_async_context(OpaEngine(options.opa_url))

    def build(loaded: Loaded) -> Snapshot:
        return _snapshot(loaded, opa, lambda: None, partial(EmbeddedEngine, loaded.wasm), at_once=False)

    return build


class _Embedded:
    """Builds snapshots with engines of their own; policies that did not change are compiled once."""

    _last: EmbeddedEngine | None = None

    def __call__(self, loaded: Loaded) -> Snapshot:
        wasm, data = loaded.wasm, loaded.sealed.data
        engine = self._last.over(wasm, data) if self._last else EmbeddedEngine(wasm, data)
        self._last = engine
        return _snapshot(loaded, engine, engine.close, partial(engine.over, wasm), at_once=True)


def _snapshot(
    loaded: Loaded, engine: EmbeddedEngine | OpaEngine, close: Callable[[], None], over: EngineOver, *, at_once: bool
) -> Snapshot:
    return Snapshot(
        revision=loaded.sealed.revision,
        catalog=loaded.sealed.catalog,
        deployments=loaded.deployments,
        decide=engine.decide,
        list=engine.list,
        explain=engine.explain,
        close=close,
        at_once=at_once,
        master_key=loaded.config.master_key,
        completion_model=loaded.config.completion_model,
        fallbacks=loaded.config.fallbacks,
        issuers=loaded.config.issuers,
        explain_by=trial(loaded.sealed.catalog, engine.explain, over),
        places={subject: str(place) for subject, place in loaded.config.places.items()},
    )


def _checks(options: ServeOptions, judge: Judge, store: Store) -> dict[str, Check]:
    async def engine() -> str:
        await judge.probe()
        return options.engine

    async def database() -> str:
        await store.check()
        return urlsplit(options.database_url).scheme.partition("+")[0]

    return {"engine": engine, "database": database}
