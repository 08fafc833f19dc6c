"""A whole gate in front of a scripted upstream: real rules decide, and real calls fail."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import orjson
from starlette.types import Scope

from gateway.asgi import ask
from gateway.configs import config, served
from gateway.gates import BODY_LIMIT, CHAT, NOW_NS, Behind
from gateway.objects.kept import Kept
from gateway.upstream.scripted import Asked, Line, Script, Scripted, answers, scripted
from gateway.upstream.serving import Clock
from harness.wire import Answer
from modelward.contract import Caller, Customer, Decision, Fallbacks, Input, Key, Team
from modelward.errors import Unidentified
from modelward.gateway.calls import Calls
from modelward.gateway.decision_log import DecisionLog
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.exchange import Lookups, Reader
from modelward.gateway.gate import Gate
from modelward.gateway.health import Health
from modelward.gateway.judge import Judge
from modelward.gateway.metrics import Metrics
from modelward.gateway.objects import Objects
from modelward.gateway.routes import Router
from modelward.gateway.upstream.balance import Balancer
from modelward.gateway.upstream.client import Upstream
from modelward.gateway.upstream.forward import Forwarder
from modelward.snapshot import Snapshot, Snapshots

FAILS = answers(503, b'{"error": {"message": "the first"}}')

MODELS = config(
    served("gpt-4"),
    served("gpt-4o"),
    served("claude-3"),
    served("mistral/*"),
    served("private-1", team_id="t1", team_public_model_name="private"),
    router_settings={"model_group_alias": {"smart": "gpt-4"}},
)


@dataclass
class Falling:
    """The gate. `scripts` say what the upstream does for each of its models; any other answers its own name."""

    snapshots: Snapshots
    upstream: Scripted
    scripts: dict[str, Script]
    log: DecisionLog
    written: list[bytes]
    customers: dict[str, Customer]
    gate: Gate
    clock: Clock
    caller: Caller | Exception

    def may_use(self, *models: str, team: Team | None = None) -> None:
        """Let the caller be a key with this list, none is any; of this team."""
        key = Key(token="0" * 64, models=list(models), team_id=team and team.team_id)
        self.caller = Caller(kind="key", key=key, team=team)

    def is_deleted(self) -> None:
        """Let the caller's key be nobody's."""
        self.caller = Unidentified("this key is unknown", kind="token_not_found_in_db")

    def fall_back(self, general: Mapping[str, Sequence[str]], **others: Mapping[str, Sequence[str]]) -> None:
        """Set the config's fallbacks."""
        fallbacks = Fallbacks(general=general, **others)
        self.snapshots.current = replace(self.snapshots.current, fallbacks=fallbacks)

    def fail_to_decide(self, model: str, error: Exception) -> None:
        """Let the engine fail with `error` where it is asked about `model`."""
        snapshot = self.snapshots.current

        async def decide(asked: Input) -> Decision:
            if asked.request.models == [model]:
                raise error
            return await snapshot.decide(asked)

        self.snapshots.current = replace(snapshot, decide=decide)

    async def chat(self, model: str, **fields: object) -> Answer:
        """One chat call."""
        return await ask(self.gate, "POST", CHAT, body=[orjson.dumps({"model": model, "messages": [], **fields})])

    def asked(self) -> list[str]:
        """The models that the upstream was asked for, in order."""
        return [each.json()["model"] for each in self.upstream.asked]

    async def line(self) -> Mapping[str, Any]:
        """The one line of the decision log."""
        (line,) = b"".join(self.written).splitlines()
        decision: Mapping[str, Any] = orjson.loads(line)["decision"]
        return decision

    async def skipped(self) -> list[tuple[str, str]]:
        """The fallbacks that the line notes, each with the rule."""
        return [(each["model"], each["rule"]) for each in (await self.line())["skipped_fallbacks"]]


@asynccontextmanager
async def falling_gate(snapshot: Snapshot, **scripts: Script) -> AsyncIterator[Falling]:
    """A gate over `snapshot`, all its deployments at one upstream; the caller is a key without a list."""

    async def by_model(asked: Asked, line: Line) -> None:
        model = asked.json()["model"]
        await scripts.get(model, answers(200, orjson.dumps({"model": model})))(asked, line)

    async with scripted(by_model) as running:
        deployments = {id_: replace(each, api_base=running.address) for id_, each in snapshot.deployments.items()}
        snapshots = Snapshots(replace(snapshot, deployments=deployments))
        clock, upstream, written = Clock(), Upstream(), list[bytes]()
        log = DecisionLog(written.append)
        judge = Judge(snapshots, Metrics())
        forwarder = Forwarder(upstream, Balancer(Random(7), Clock()), Clock())
        calls = Calls(judge, forwarder, Objects(Kept(), judge), Reader(BODY_LIMIT, BODY_LIMIT))

        customers: dict[str, Customer] = {}

        async def identify(_: Scope) -> Caller:
            if isinstance(gated.caller, Exception):
                raise gated.caller
            return gated.caller

        async def find_customer(customer_id: str) -> Customer | None:
            return customers.get(customer_id)

        gate = Gate(
            snapshots=snapshots,
            lookups=Lookups(identify, find_customer, lambda: NOW_NS, clock),
            handlers={"forward": calls.serve},
            health=Health({}, lambda: "current"),
            public=Behind(),
            log=log,
            metrics=judge.metrics,
            router=Router(ROUTES),
        )
        gated = Falling(snapshots, running, scripts, log, written, customers, gate, clock, Caller(kind="master"))
        gated.may_use()
        try:
            yield gated
        finally:
            await upstream.aclose()
