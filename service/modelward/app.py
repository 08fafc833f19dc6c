"""The composition root of the server: which part is given to which."""

import asyncio
import gc
import logging
import random
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from starlette.types import Receive, Scope, Send

from modelward import loading
from modelward.admin import admin_app
from modelward.building import builder
from modelward.contract import Caller, Customer
from modelward.errors import ModelwardError
from modelward.gateway.balance import Balancer
from modelward.gateway.decision_log import DecisionLog
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.error_forms import form_of
from modelward.gateway.exchange import Lookups
from modelward.gateway.forward import Forwarder
from modelward.gateway.gate import Gate
from modelward.gateway.health import Check, Health
from modelward.gateway.judge import Judge
from modelward.gateway.metrics import Metrics
from modelward.gateway.objects import Fetcher
from modelward.gateway.routes import Router
from modelward.gateway.sockets.opening import Opener
from modelward.gateway.upstream import Upstream
from modelward.gateway.upstream_socket import UpstreamSockets
from modelward.handlers import Parts, handlers
from modelward.identity import Identity, JwksClient, Keys, KeySets, Tokens, credential
from modelward.log_writer import LogWriter
from modelward.options import ServeOptions
from modelward.reload import Reloader
from modelward.snapshot import Snapshots
from modelward.store import SharedMark, Store, open_store

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
        build = await builder(options, stack)
        loaded = loading.load(options.config, self._environ)
        snapshots = Snapshots(build(loaded))
        stack.callback(snapshots.close)
        mark = self._mark(stack)
        store = await stack.enter_async_context(
            open_store(options.database_url, declared=lambda: snapshots.current.catalog, clock=seconds, mark=mark)
        )
        snapshots.changed = store.forget
        judge = Judge(snapshots, metrics)
        reloader = Reloader(options.config, self._environ, loaded, build, snapshots, judge.probe, metrics)
        await stack.enter_async_context(reloader)
        upstream = Upstream()
        stack.push_async_callback(upstream.aclose)
        self._writer.count_losses(metrics.lost)
        balancer = Balancer(random.Random(), time.monotonic)
        upstream_sockets = UpstreamSockets(upstream.tls)
        stack.push_async_callback(upstream_sockets.aclose)
        keys = Keys(master_key=lambda: snapshots.current.master_key, lookup=store.caller)
        tokens = Tokens(lambda: snapshots.current.issuers, _key_sets(stack))
        identity = Identity(keys, tokens, store.token_caller, store.mapped_key)
        return Gate(
            snapshots=snapshots,
            lookups=_lookups(identity, store),
            handlers=handlers(
                Parts(judge, store, keys, metrics, log),
                admin := admin_app(store, is_master=keys.is_master, catalog=lambda: snapshots.current.catalog),
                Forwarder(upstream, balancer, time.time),
                Fetcher(upstream),
                Opener(upstream_sockets, balancer),
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


def seconds() -> float:
    """The time by which decisions and what is kept in memory grow old (A5): it never goes back, and never stops."""
    return time.clock_gettime(_CLOCK)


def spare_the_collector() -> None:
    """What is here now stays, and a request leaves no circles: the collector need not look after every few of them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _key_sets(stack: AsyncExitStack) -> KeySets:
    key_sets = KeySets(JwksClient())
    stack.push_async_callback(key_sets.aclose)
    return key_sets


def _lookups(identity: Identity, store: Store) -> Lookups:
    async def identify(scope: Scope) -> Caller:
        is_google = form_of(scope["raw_path"].decode("latin-1")) == "google"
        found = credential(scope["headers"], scope["query_string"], is_google)
        return await identity.identify(found, scope["headers"])

    async def find_customer(customer_id: str) -> Customer | None:
        return next(iter(await store.named_customers([customer_id])), None)

    return Lookups(identify, find_customer, clock=seconds)


def _checks(options: ServeOptions, judge: Judge, store: Store) -> dict[str, Check]:
    async def engine() -> str:
        await judge.probe()
        return options.engine

    async def database() -> str:
        await store.check()
        return urlsplit(options.database_url).scheme.partition("+")[0]

    return {"engine": engine, "database": database}
