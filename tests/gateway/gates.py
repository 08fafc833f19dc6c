"""A whole gate: real engine, real routes, real rules; only what lies behind it is noted instead of called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from gateway.asgi import ask
from gateway.objects.kept import Kept
from harness.wire import NO_HEADERS, Answer
from identity.asking import by_keys_alone
from modelward.contract import Caller, Customer, Decide, Key, Listings, Team, User
from modelward.errors import StoreUnavailable
from modelward.gateway.calls import Calls
from modelward.gateway.decision_log import DecisionLog
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.errors import JSON, form_of, respond
from modelward.gateway.exchange import Lookups, Reader
from modelward.gateway.gate import Gate, Serve
from modelward.gateway.health import Check, Health
from modelward.gateway.judge import Judge
from modelward.gateway.listing import Lists
from modelward.gateway.management import Management
from modelward.gateway.metrics import Metrics
from modelward.gateway.objects import Objects
from modelward.gateway.routes import Handler, Router
from modelward.gateway.upstream.forward import Call, Forwarder, Outcome
from modelward.identity import credential, key_hash
from modelward.snapshot import Snapshot, Snapshots

NOW_NS = 1_800_000_000_000_000_000
BODY_LIMIT = 100_000
CHAT = "/v1/chat/completions"


def sent(call: Call) -> dict[str, Any]:
    """The body that a provider would get that calls its models as the client does."""
    return call.outgoing.named(call.asked, lambda name: name)


class Noted(Forwarder):
    """Answers every call itself, and keeps it."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    async def send(self, call: Call, receive: Receive, send: Send) -> Outcome:
        """Keep `call` and answer 200."""
        self.calls.append(call)
        await respond(send, 200, [JSON, *call.answer_headers], b'{"object":"chat.completion"}')
        return Outcome(200, call.deployments[0].id)


@dataclass
class Behind:
    """An application behind the gate that keeps what reaches it."""

    scopes: list[Scope] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        self.scopes.append(scope)
        self.bodies.append(message["body"])
        await respond(send, 201, [JSON], b'{"behind":true}')


@dataclass
class People:
    """Callers by key; the store's part in a test."""

    callers: dict[str, Caller] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)

    def add(self, key: str, *, team: Team | None = None, user: User | None = None, **fields: Any) -> None:
        """Make a key; its team and user belong to it."""
        team_id, user_id = team and team.team_id, user and user.user_id
        record = Key(**{"token": key_hash(key), "team_id": team_id, "user_id": user_id} | fields)
        self.callers[record.token] = Caller(kind="key", key=record, team=team, user=user)

    async def lookup(self, hashed: str) -> Caller | None:
        """The caller with that key's hash."""
        return self.callers.get(hashed)

    async def find_customer(self, customer_id: str) -> Customer | None:
        """The customer of that id."""
        return self.customers.get(customer_id)


@dataclass
class Forgetful(People):
    """A store that does not answer."""

    async def lookup(self, hashed: str) -> Caller | None:
        """Fails."""
        raise StoreUnavailable("the database does not answer")


@dataclass
class GateSetup:
    """A gate, what it is given and what it left behind."""

    gate: Gate
    people: People
    forwarder: Noted
    admin: Behind
    log: DecisionLog
    metrics: Metrics
    written: list[bytes]
    snapshots: Snapshots

    async def call(
        self,
        method: str,
        target: str,
        *,
        key: str | None = None,
        content: object = None,
        raw: bytes | None = None,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Answer:
        """One request with a bearer key, and a body that is JSON or `raw`."""
        body = raw if raw is not None else b"" if content is None else orjson.dumps(content)
        bearer = {} if key is None else {"Authorization": f"Bearer {key}"}
        return await ask(self.gate, method, target, headers={**bearer, **headers}, body=[body])

    async def chat(self, model: object, *, key: str = "sk-any", **fields: object) -> Answer:
        """One chat completion."""
        return await self.call("POST", CHAT, key=key, content={"model": model, "messages": [], **fields})

    async def lines(self) -> list[Any]:
        """The decision log so far."""
        return [orjson.loads(line)["decision"] for line in b"".join(self.written).splitlines()]


def gate_setup(
    snapshot: Snapshot,
    *,
    decide: Decide | None = None,
    listings: Listings | None = None,
    checks: Mapping[str, Check] | None = None,
    config_state: str = "current",
    people: People | None = None,
    clock: Callable[[], float] = lambda: 0.0,
) -> GateSetup:
    """A gate over `snapshot`; `decide` and `listings` stand in for its engine. The key `sk-any` has no list."""
    snapshots = Snapshots(replace(snapshot, decide=decide or snapshot.decide, list=listings or snapshot.list))
    people = people or People()
    people.add("sk-any")
    keys = by_keys_alone(lambda: snapshots.current.master_key, people.lookup)
    metrics, forwarder, admin, written = Metrics(), Noted(), Behind(), list[bytes]()
    log = DecisionLog(written.append)
    judge = Judge(snapshots, metrics)

    async def identify(scope: Scope) -> Caller:
        is_google = form_of(scope["raw_path"].decode("latin-1")) == "google"
        return await keys.identify(credential(scope["headers"], scope["query_string"], is_google), scope["headers"])

    gate = Gate(
        snapshots=snapshots,
        lookups=Lookups(identify, people.find_customer, lambda: NOW_NS, clock),
        handlers=_handlers(judge, forwarder, Management(judge, admin, metrics, BODY_LIMIT)),
        health=Health(checks or {}, lambda: config_state),
        public=admin,
        log=log,
        metrics=metrics,
        router=Router(ROUTES),
    )
    return GateSetup(gate, people, forwarder, admin, log, metrics, written, snapshots)


def _handlers(judge: Judge, forwarder: Forwarder, management: Management) -> dict[Handler, Serve]:
    lists = Lists(judge)
    return {
        "forward": Calls(judge, forwarder, Objects(Kept(), judge), Reader(BODY_LIMIT, BODY_LIMIT)).serve,
        "models": lists.models,
        "model": lists.model,
        "model_info": lists.model_info,
        "model_group_info": lists.model_group_info,
        "admin": management.serve,
        "metrics": management.metrics,
    }
