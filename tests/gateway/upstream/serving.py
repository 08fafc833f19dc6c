"""A real server around a `Forwarder`, and what tests call it with."""

import asyncio
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Any

import httpx
import orjson
import uvicorn
from starlette.types import Receive, Scope, Send

from modelward.contract import Deployment
from modelward.errors import AnswerCut
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.request.body import Content
from modelward.gateway.request.outgoing import Outgoing
from modelward.gateway.routes import Router
from modelward.gateway.upstream.balance import Balancer
from modelward.gateway.upstream.client import Upstream
from modelward.gateway.upstream.failures import FailureKind
from modelward.gateway.upstream.forward import Call, Forwarder, Outcome


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


async def allowed(call: Call, deployments: Sequence[Deployment]) -> AsyncGenerator[Call, None]:
    """Fallbacks of `call` that are all allowed, one call for each deployment."""
    for each in deployments:
        yield replace(call, routed=each.entry, deployments=[each])


@dataclass
class Gateway:
    """Forwards every request to `deployments`, as if it had been judged; `fallbacks` stand in where it fails."""

    forwarder: Forwarder
    clock: Clock
    deployments: Sequence[Deployment] = ()
    fallbacks: Mapping[FailureKind, Sequence[Deployment]] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    @property
    def url(self) -> str:
        """The `base_url` of a client."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = orjson.loads(await _body(receive))
        call = _call(scope, body, self)
        fallbacks = {kind: partial(allowed, call, found) for kind, found in self.fallbacks.items()}
        call = replace(call, fallbacks=fallbacks)
        try:
            self.outcomes.append(await self.forwarder.send(call, receive, send))
        except AnswerCut:
            return  # the server closes what is not whole
        finally:
            self.finished.set()


def _call(scope: Scope, body: dict[str, Any], gateway: Gateway) -> Call:
    match = Router(ROUTES).find("POST", scope["path"])
    assert match is not None
    assert match.route.upstream is not None
    return Call(
        upstream=match.route.upstream,
        outgoing=Outgoing(match.route, body),
        content=Content(body),
        asked=body["model"],
        routed=body["model"],
        deployments=gateway.deployments,
        rename=_same,
        headers=scope["headers"],
        before_sending=nothing,
        decision_id="decision-1",
    )


async def nothing() -> None:
    """Holds nothing back."""


def _same(_: Deployment, name: str) -> str:
    return name


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message["body"]
        more = message["more_body"]
    return body


@asynccontextmanager
async def gateway(deployments: Sequence[Deployment] = (), connect_seconds: float = 2.0) -> AsyncIterator[Gateway]:
    """A gateway on a free port. Its clock stands at 1000 s; its draw is seeded."""
    clock = Clock()
    upstream = Upstream(connect_seconds=connect_seconds)
    app = Gateway(Forwarder(upstream, Balancer(Random(7), clock), clock), clock, deployments)
    listener = socket.create_server(("127.0.0.1", 0))
    app.port = listener.getsockname()[1]
    config = uvicorn.Config(app, lifespan="off", ws="none", log_config=None, log_level="critical")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve([listener]))
    try:
        yield app
    finally:
        server.should_exit = True
        server.force_exit = True
        await running
        await upstream.aclose()


def deployment(api_base: str | None = None, **fields: Any) -> Deployment:
    """A deployment of `gpt-4o` that serves the model `real-gpt`."""
    values = {"id": api_base or "one", "entry": "gpt-4o", "provider": "openai", "model": "real-gpt"}
    return Deployment(**(values | {"api_base": api_base, "api_key": "sk-upstream-secret"} | fields))


CHAT = {"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}
"""The body of a chat call."""


async def chat(client: httpx.AsyncClient) -> httpx.Response:
    """One chat call."""
    return await client.post("/chat/completions", json=CHAT)


SECOND = b'{"from": "the second"}'
"""What another model's upstream says."""
