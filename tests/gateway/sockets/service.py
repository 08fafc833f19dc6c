"""What the tests of sockets need: the service, its provider, and clients."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from harness.gateway import Gateway
from harness.upstream_socket import UpstreamSockets
from modelward.identity import key_hash

MASTER_KEY = "sk-master-1234"
PROVIDER_ENV = {"PROVIDER_KEY": "provider-secret"}


@dataclass(frozen=True)
class End:
    """How a socket ended: the last event before it, the code and the reason."""

    event: Any
    code: int
    reason: str

    @property
    def error(self) -> Any:
        """The error of the event."""
        assert self.event["type"] == "error"
        return self.event["error"]


class Socket:
    """A client's end, JSON both ways."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, **event: object) -> None:
        """Send one event."""
        await self.connection.send(json.dumps(event))

    async def receive(self) -> Any:
        """The next event."""
        return json.loads(await self.connection.recv())

    async def ask(self, **event: object) -> Any:
        """What the provider was told of an event."""
        await self.send(**event)
        while (answer := await self.receive())["type"] != "echo":
            assert answer["type"] != "error", answer
        return answer["event"]

    async def end(self) -> End:
        """Read until the socket is closed."""
        last = None
        try:
            while True:
                last = await self.receive()
        except ConnectionClosed as closed:
            assert closed.rcvd is not None
            return End(last, closed.rcvd.code, closed.rcvd.reason)


@dataclass(frozen=True)
class SocketService:
    """The service and its provider."""

    gateway: Gateway
    provider: UpstreamSockets

    @asynccontextmanager
    async def socket(
        self, target: str, key: str | None, *, subprotocols: Sequence[str] = (), **headers: str
    ) -> AsyncIterator[Socket]:
        """An open socket, whatever is said on it first."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            sent["Authorization"] = f"Bearer {key}"
        async with connect(
            f"ws://127.0.0.1:{self.gateway.port}{target}",
            additional_headers=sent,
            subprotocols=subprotocols or None,  # type: ignore[arg-type]
            proxy=None,
            max_size=None,
        ) as connection:
            yield Socket(connection)

    async def end(self, target: str, key: str | None, **headers: str) -> End:
        """How a socket ends on which the client sends nothing."""
        async with self.socket(target, key, **headers) as socket:
            return await socket.end()

    def decisions_of(self, key: str) -> list[Any]:
        """The lines of the decision log about that key's sockets."""
        lines = [line for line in self.gateway.process.output.splitlines() if line.startswith('{"decision"')]
        decisions = [json.loads(line)["decision"] for line in lines]
        sockets = [each for each in decisions if each["method"] == "WEBSOCKET"]
        return [each for each in sockets if each["caller"] and each["caller"]["key"] == key_hash(key)]


def write_config(path: Path, provider: UpstreamSockets, *, leave_out: str = "") -> None:
    """A config whose models are the provider's, `apart` at another account, `offline` nowhere; `grouped`
    is at one account in group `near`, and at another in group `far`."""
    models = [_row(name, provider) for name in ("allowed", "other", "hearing") if name != leave_out]
    models.append(_row("apart", provider, api_key="another-secret"))
    models.append(_row("offline", provider, mock_response="hello"))
    models.append(_row("gone", provider, api_base="http://127.0.0.1:1/v1"))
    for group, key in (("near", "os.environ/PROVIDER_KEY"), ("far", "another-secret")):
        models.append({**_row("grouped", provider, api_key=key), "model_info": {"access_groups": [group]}})
    path.write_text(yaml.safe_dump({"model_list": models, "general_settings": {"master_key": MASTER_KEY}}))


def _row(name: str, provider: UpstreamSockets, **params: str) -> dict[str, object]:
    own = {"model": f"openai/up-{name}", "api_base": provider.base(), "api_key": "os.environ/PROVIDER_KEY"}
    return {"model_name": name, "litellm_params": own | params}
