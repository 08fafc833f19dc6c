"""A gate whose calls go to a scripted upstream, and what is kept of whose the objects are."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from random import Random

import orjson
from starlette.types import Scope

from gateway.asgi import ask
from gateway.gates import BODY_LIMIT, NOW_NS, Behind
from gateway.objects.kept import Kept
from gateway.upstream.scripted import Scripted, answers, scripted
from gateway.upstream.serving import Clock
from harness.wire import NO_HEADERS, Answer
from modelward.contract import Caller, Customer, Key, Team
from modelward.gateway.calls import Calls
from modelward.gateway.decision_log import DecisionLog
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.exchange import Lookups, Reader
from modelward.gateway.gate import Gate
from modelward.gateway.health import Health
from modelward.gateway.judge import Judge
from modelward.gateway.metrics import Metrics
from modelward.gateway.objects import ObjectLists, Objects
from modelward.gateway.routes import Router
from modelward.gateway.upstream.balance import Balancer
from modelward.gateway.upstream.client import Upstream
from modelward.gateway.upstream.forward import Forwarder
from modelward.snapshot import Snapshot, Snapshots


@dataclass
class ObjectsSetup:
    """The gate; each `caller` that asks is looked up by no credential."""

    gate: Gate
    upstream: Scripted
    store: Kept
    snapshots: Snapshots
    caller: Caller
    log: DecisionLog
    lines: list[bytes]
    clock: Clock

    async def call(
        self, method: str, target: str, content: object = None, headers: Mapping[str, str] = NO_HEADERS
    ) -> Answer:
        """One request."""
        return await self.send(method, target, b"" if content is None else orjson.dumps(content), headers)

    async def send(self, method: str, target: str, body: bytes, headers: Mapping[str, str] = NO_HEADERS) -> Answer:
        """One request with a body of any kind."""
        return await ask(self.gate, method, target, headers=headers, body=[body])

    def asks_as(self, team_id: str, *models: str) -> None:
        """From now on a key of that team asks, which may use these models, or any."""
        key = Key(token=f"of-{team_id}", team_id=team_id, models=list(models))
        self.caller = Caller(kind="key", key=key, team=Team(team_id=team_id))


@asynccontextmanager
async def gate_setup(snapshot: Snapshot, *, accounts: Mapping[str, str] | None = None) -> AsyncIterator[ObjectsSetup]:
    """The gate over `snapshot`, all of whose deployments lead to one upstream; `accounts` gives keys by deployment."""
    async with scripted(answers()) as running:
        keys = accounts or {}
        deployments = {
            id_: replace(each, api_base=running.address, api_key=keys.get(id_, each.api_key))
            for id_, each in snapshot.deployments.items()
        }
        snapshots = Snapshots(replace(snapshot, deployments=deployments))
        clock = Clock()
        upstream, store, judge = Upstream(), Kept(), Judge(snapshots, Metrics())
        forwarder = Forwarder(upstream, Balancer(Random(7), Clock()), Clock())
        lines: list[bytes] = []
        log = DecisionLog(lines.append)
        calls = Calls(judge, forwarder, Objects(store, judge), Reader(BODY_LIMIT, BODY_LIMIT))
        lists = ObjectLists(judge, store, upstream, Router(ROUTES))

        async def identify(_: Scope) -> Caller:
            return made.caller

        async def find_customer(customer_id: str) -> Customer | None:
            return None

        gate = Gate(
            snapshots=snapshots,
            lookups=Lookups(identify, find_customer, lambda: NOW_NS, clock),
            handlers={"forward": calls.serve, "objects": lists.serve},
            health=Health({}, lambda: "current"),
            public=Behind(),
            log=log,
            metrics=judge.metrics,
            router=Router(ROUTES),
        )
        made = ObjectsSetup(gate, running, store, snapshots, Caller(kind="master"), log, lines, clock)
        made.asks_as("t1")
        try:
            yield made
        finally:
            await upstream.aclose()
