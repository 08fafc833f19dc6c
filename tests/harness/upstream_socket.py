"""A model provider's sockets: every handshake and frame is recorded, a script answers."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response


@dataclass
class Dial:
    """One socket as the provider saw it; `closed` is the code that it ended with."""

    path: str
    headers: dict[str, str]
    frames: list[Any] = field(default_factory=list)
    closed: int | None = None


Said = str | bytes | int
"""A frame to send, or the code to close with."""

Script = Callable[[dict[str, Any]], Iterator[Said]]


def echo(event: dict[str, Any]) -> Iterator[Said]:
    """Tells what it was told."""
    if event["type"] == "response.create":
        yield json.dumps({"type": "response.created", "event_id": "e", "response": {"id": "resp_1"}})
    yield json.dumps({"type": "echo", "event_id": "e", "event": event})


@dataclass
class UpstreamSockets:
    """A running provider. `greeting` is sent as each socket opens; `refuses` is a status, with headers, that answers
    handshakes. `pause` seconds pass before each thing said. `asked` are the paths of all handshakes."""

    port: int = 0
    script: Script = echo
    greeting: tuple[Said, ...] = ()
    refuses: tuple[int, dict[str, str]] | None = None
    pause: float = 0.0
    asked: list[str] = field(default_factory=list)
    dials: list[Dial] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    def reset(self) -> None:
        """Forget what was, and answer as at first."""
        self.script, self.greeting, self.refuses, self.pause = echo, (), None, 0.0
        self.asked.clear()
        self.dials.clear()

    def base(self, path: str = "/v1") -> str:
        """An `api_base` at this provider."""
        return f"http://127.0.0.1:{self.port}{path}"

    async def serve_one(self, socket: ServerConnection) -> None:
        """One socket to its end."""
        assert socket.request is not None
        headers = {name.lower(): value for name, value in socket.request.headers.raw_items()}
        dial = Dial(socket.request.path, headers)
        self.dials.append(dial)
        try:
            await self._say(socket, iter(self.greeting))
            async for frame in socket:
                event = json.loads(frame)
                dial.frames.append(event)
                await self._say(socket, self.script(event))
        except ConnectionClosed:
            pass
        finally:
            await socket.wait_closed()
            dial.closed = socket.close_code

    async def _say(self, socket: ServerConnection, said: Iterator[Said]) -> None:
        for each in said:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stop.wait(), self.pause)
            if isinstance(each, int):
                await socket.close(each)
            else:
                await socket.send(each)

    def answer(self, socket: ServerConnection, request: Request) -> Response | None:
        """The answer to a handshake, where it is another than yes."""
        self.asked.append(request.path)
        if self.refuses is None:
            return None
        response = socket.respond(self.refuses[0], "no")
        for name, value in self.refuses[1].items():
            response.headers[name] = value
        return response


@contextmanager
def upstream_sockets() -> Iterator[UpstreamSockets]:
    """A provider on a free port that opens a socket at any path, in a thread of its own."""
    running = UpstreamSockets()
    started, loop = threading.Event(), asyncio.new_event_loop()

    async def live() -> None:
        async with serve(
            running.serve_one, "127.0.0.1", 0, process_request=running.answer, max_size=None, compression=None
        ) as server:
            running.port = next(iter(server.sockets)).getsockname()[1]
            started.set()
            await running.stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(live(),), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield running
    finally:
        loop.call_soon_threadsafe(running.stop.set)
        thread.join(10)
        loop.close()
