"""The composition root: which part is given to which."""

import asyncio
import gc
import logging
import math
import random
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlsplit

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from modelward import loading
from modelward.admin import admin_app
from modelward.contract import Caller, Catalog, Explain, Explanation, Input
from modelward.engine import EmbeddedEngine, Memo, OpaEngine
from modelward.errors import DecisionUnavailable, ModelwardError
from modelward.explain import Callers, ExplainBy, Explainer
from modelward.gateway.batch.batches import Batches
from modelward.gateway.calls import Calls
from modelward.gateway.decision_log import DecisionLog
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.errors import form_of
from modelward.gateway.exchange import Lookups, Reader
from modelward.gateway.explanations import Explanations, request_of
from modelward.gateway.gate import Gate, Serve
from modelward.gateway.health import Check, Health
from modelward.gateway.judge import Judge
from modelward.gateway.listing import Lists
from modelward.gateway.management import Management
from modelward.gateway.metrics import Metrics
from modelward.gateway.objects import ObjectLists, Objects
from modelward.gateway.routes import Handler, Router
from modelward.gateway.sockets.sessions import Opener, Sockets
from modelward.gateway.upstream.balance import Balancer
from modelward.gateway.upstream.client import Upstream
from modelward.gateway.upstream.forward import Forwarder
from modelward.identity import Identity, KeySets, Tokens, credential, is_master
from modelward.loading import Loaded, Reloader
from modelward.log_writer import LogWriter
from modelward.options import ServeOptions
from modelward.snapshot import Snapshot, Snapshots
from modelward.store import SharedMark, Store, open_store


def _trial(catalog: Catalog, explain: Explain, wasm: bytes) -> ExplainBy:
    """Explanations by any catalogue: by `explain` for `catalog`, the one in force, else by an engine of its own, by the
    policies of `wasm`."""

    async def explain_by(other: Catalog, asked: Input) -> Explanation:
        if other is catalog:
            return await explain(asked)
        engine = await asyncio.to_thread(EmbeddedEngine, wasm, orjson.dumps({"catalog": other.model_dump()}))
        try:
            return await engine.explain(asked)
        finally:
            engine.close()

    return explain_by


def explainer(store: Store, snapshot: Snapshot) -> Explainer:
    """Explains decisions by a snapshot, over the routes of the gateway."""
    callers = Callers(store, snapshot.master_key, snapshot.issuers)
    request = partial(request_of, Router(ROUTES), snapshot.completion_model)
    return Explainer(snapshot.catalog, snapshot.rules, snapshot.places, callers, request, snapshot.explain_by)


Build = Callable[[Loaded], Snapshot]


async def builder(options: ServeOptions, stack: AsyncExitStack) -> Build:
    """What builds snapshots for as long as `stack` is open. Raises BundleError for an OPA server that is too old."""
    if options.engine == "embedded":
        return embedded
    opa = await stack.enter_async_context(OpaEngine(options.opa_url))
    with suppress(DecisionUnavailable):  # a server that comes up later is looked at then
        await opa.check_version()

    def build(loaded: Loaded) -> Snapshot:
        return replace(_snapshot(loaded, opa, lambda: None, at_once=False), admit=opa.admit)

    return build


def embedded(loaded: Loaded) -> Snapshot:
    """A snapshot with an engine in this process."""
    engine = EmbeddedEngine(loaded.wasm, loaded.sealed.data)
    return _snapshot(loaded, engine, engine.close, at_once=True)


_LONGEST_KEPT = {"embedded": math.inf, "opa": 1.0}
"""For how many seconds a decision of an engine is kept at most: an OPA server may be given other policies."""


def remembering(build: Build, longest: float, metrics: Metrics) -> Build:
    """Builds snapshots whose decisions are kept for as long as they hold, and for `longest` seconds at most; not where
    the config says no, or a policy reads the clock and does not say until when a decision holds."""

    def built(loaded: Loaded) -> Snapshot:
        snapshot = build(loaded)
        if not loaded.keeps_decisions:
            return snapshot
        memo = Memo(snapshot.decide, longest=longest, clock=seconds, hit=metrics.memo_hit, miss=metrics.memo_miss)
        return replace(snapshot, decide=memo.decide, decide_anew=snapshot.decide)

    return built


def _snapshot(
    loaded: Loaded, engine: EmbeddedEngine | OpaEngine, close: Callable[[], None], *, at_once: bool
) -> Snapshot:
    return Snapshot(
        revision=loaded.sealed.revision,
        catalog=loaded.sealed.catalog,
        deployments=loaded.deployments,
        decide=engine.decide,
        list=engine.list,
        reach=engine.reach,
        explain=engine.explain,
        close=close,
        at_once=at_once,
        master_key=loaded.config.general_settings.master_key,
        completion_model=loaded.config.general_settings.completion_model,
        model_fields=tuple(loaded.config.modelward_settings.places),
        fallbacks=loaded.config.fallbacks,
        issuers=loaded.config.issuers,
        explain_by=_trial(loaded.sealed.catalog, engine.explain, loaded.wasm),
        places=loaded.config.places,
        rules=loaded.sealed.rules,
    )


BODY_LIMIT = 32 * 1024 * 1024
FORM_LIMIT = 1024 * 1024 * 1024

Handlers = dict[Handler, Serve]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the handlers share."""

    judge: Judge
    store: Store
    metrics: Metrics
    log: DecisionLog


def handlers(parts: Parts, admin: ASGIApp, forwarder: Forwarder, upstream: Upstream, opener: Opener) -> Handlers:
    """The handler of every kind of route."""
    judge, state, router, reader = parts.judge, parts.store.objects, Router(ROUTES), Reader(BODY_LIMIT, FORM_LIMIT)
    objects = Objects(state, judge)
    lists, calls = Lists(judge), Calls(judge, forwarder, objects, reader)
    batches = Batches(judge, objects, calls, router, reader)
    management = Management(judge, admin, parts.metrics, BODY_LIMIT)
    sockets = Sockets(judge, objects, parts.log, opener, state)
    return {
        "models": lists.models,
        "model": lists.model,
        "model_info": lists.model_info,
        "model_group_info": lists.model_group_info,
        "admin": management.serve,
        "metrics": management.metrics,
        "explain": Explanations(judge, partial(explainer, parts.store), BODY_LIMIT).serve,
        "forward": calls.serve,
        "objects": ObjectLists(judge, state, upstream, router).serve,
        "files": batches.upload,
        "batches": batches.start,
        "realtime": sockets.serve,
        "responses": sockets.serve,
    }


MARK_VARIABLE = "MODELWARD_WORKERS_MARK"
"""Tells a worker the name of the mark that it shares with the others."""

# On Linux the usual clock stands still while the machine sleeps: what was decided before would count after it.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Service:
    """The ASGI application: it is put together at startup and taken apart at shutdown."""

    def __init__(self, options: ServeOptions, environ: Mapping[str, str], writer: LogWriter) -> None:
        self._options = options
        self._environ = environ
        self._writer = writer
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
        if self._options.workers > 1:  # the server ends a worker by its signal, and nothing else runs after this
            await asyncio.to_thread(self._writer.close)
        await send({"type": "lifespan.shutdown.complete"})

    async def _compose(self, stack: AsyncExitStack) -> Gate:
        options, metrics, log = self._options, Metrics(), DecisionLog(self._writer.add)
        build = remembering(await builder(options, stack), _LONGEST_KEPT[options.engine], metrics)
        loaded = loading.load(options.config, self._environ)
        snapshots = Snapshots(build(loaded))
        stack.callback(snapshots.close)
        mark = self._mark(stack)
        store = await stack.enter_async_context(
            open_store(options.database_url, declared=lambda: snapshots.current.catalog, clock=seconds, mark=mark)
        )
        snapshots.changed = store.forget
        judge = Judge(snapshots, metrics)
        reloader = Reloader(
            options.config, self._environ, loaded, build, snapshots, judge.probe, metrics.config_current.set
        )
        await stack.enter_async_context(reloader)
        upstream = Upstream()
        stack.push_async_callback(upstream.aclose)
        self._writer.count_losses(metrics.log_lost.inc)
        balancer = Balancer(random.Random(), time.monotonic)

        def is_present_master(key: str) -> bool:
            return is_master(key, snapshots.current.master_key)

        return Gate(
            snapshots=snapshots,
            lookups=_lookups(snapshots, store, _key_sets(stack)),
            handlers=handlers(
                Parts(judge, store, metrics, log),
                admin := admin_app(store, is_master=is_present_master, catalog=lambda: snapshots.current.catalog),
                Forwarder(upstream, balancer, time.time),
                upstream,
                Opener(upstream, balancer),
            ),
            health=Health(_checks(options, judge, store), reloader.state),
            public=admin,
            log=log,
            metrics=metrics,
            router=Router(ROUTES),
        )

    def _mark(self, stack: AsyncExitStack) -> SharedMark | None:
        """What one of several workers shares with the others: without it none of them starts (A5)."""
        if self._options.workers == 1:
            return None
        mark = SharedMark.attach(self._environ.get(MARK_VARIABLE, ""))
        stack.callback(mark.close)
        return mark


seconds: Callable[[], float] = partial(time.clock_gettime, _CLOCK)
"""The time by which decisions and what is kept in memory grow old (A5): it never goes back, and never stops."""


def spare_the_collector() -> None:
    """What is here now stays, and a request leaves no circles: the collector need not look after every few of them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _key_sets(stack: AsyncExitStack) -> KeySets:
    key_sets = KeySets()
    stack.push_async_callback(key_sets.aclose)
    return key_sets


def _lookups(snapshots: Snapshots, store: Store, key_sets: KeySets) -> Lookups:
    tokens = Tokens(lambda: snapshots.current.issuers, key_sets)
    identity = Identity(
        lambda: snapshots.current.master_key, store.caller, tokens, store.token_caller, store.mapped_key
    )

    async def identify(scope: Scope) -> Caller:
        query = scope["query_string"]
        is_google = bool(query) and form_of(scope["raw_path"].decode("latin-1")) == "google"
        found = credential(scope["headers"], query, is_google)
        return await identity.identify(found, scope["headers"])

    return Lookups(identify, store.customer, clock=seconds)


def _checks(options: ServeOptions, judge: Judge, store: Store) -> dict[str, Check]:
    async def engine() -> str:
        await judge.probe()
        return options.engine

    async def database() -> str:
        await store.check()
        return urlsplit(options.database_url).scheme.partition("+")[0]

    return {"engine": engine, "database": database}
