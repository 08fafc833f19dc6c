"""A real server that gives one answer to whatever it is asked, and clients of the official SDKs that ask it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anthropic
import httpx
import openai
import uvicorn
from google import genai
from google.genai import types
from google.genai.client import AsyncClient
from starlette.types import Receive, Scope, Send

from modelward.gateway.headers import Header


@dataclass(frozen=True)
class Told:
    """A whole answer."""

    status: int
    headers: Sequence[Header]
    chunks: Sequence[bytes]


@dataclass
class Answering:
    """Answers each request with what `answer` makes of its path, and counts them."""

    answer: Callable[[str], Told]
    url: str = ""
    paths: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        more = True
        while more:
            more = (await receive())["more_body"]
        self.paths.append(scope["path"])
        told = self.answer(scope["path"])
        await send({"type": "http.response.start", "status": told.status, "headers": list(told.headers)})
        for chunk in told.chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def openai(self) -> openai.AsyncOpenAI:
        """The official client, which retries as it does by default."""
        return openai.AsyncOpenAI(base_url=f"{self.url}/v1", api_key="sk-1")

    def anthropic(self) -> anthropic.AsyncAnthropic:
        """The official client, which retries as it does by default."""
        return anthropic.AsyncAnthropic(base_url=self.url, api_key="sk-1")

    @asynccontextmanager
    async def google(self) -> AsyncIterator[AsyncClient]:
        """The official client. It is given httpx: its own aiohttp session warns."""
        async with httpx.AsyncClient() as transport:
            options = types.HttpOptions(base_url=self.url, api_version="v1beta", httpx_async_client=transport)
            with genai.Client(api_key="sk-1", http_options=options) as client:
                yield client.aio


@asynccontextmanager
async def answering(answer: Callable[[str], Told]) -> AsyncIterator[Answering]:
    """The server, on a free port."""
    app = Answering(answer)
    listener = socket.create_server(("127.0.0.1", 0))
    app.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(app, lifespan="off", ws="none", log_config=None, log_level="critical")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve([listener]))
    try:
        yield app
    finally:
        server.should_exit = True
        server.force_exit = True
        await running
