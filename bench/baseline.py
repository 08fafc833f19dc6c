"""What is usually written to pass a call on: `python -m bench.baseline NAME PORT UPSTREAM_PORT [OPA_PORT]`.

None of them knows a caller or a model. The one that asks OPA asks a policy that is true.
"""

import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import aiohttp
import httpx
import orjson
import uvicorn
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

POLICY = "package bench\n\nallow := true\n"
_POLICY_PATH = "/v1/data/bench/allow"
_CHAT = "/v1/chat/completions"
_TYPE = {"content-type": "application/json"}


def fastapi_httpx(upstream: str, _: str) -> FastAPI:
    """FastAPI and httpx."""
    app = FastAPI()
    limits = httpx.Limits(max_connections=1000, max_keepalive_connections=1000)
    client = httpx.AsyncClient(limits=limits, trust_env=False)

    @app.post(_CHAT)
    async def chat(request: Request) -> Response:
        body = await request.json()
        answer = await client.post(f"{upstream}{_CHAT}", json=body)
        return Response(answer.content, answer.status_code, media_type=answer.headers["content-type"])

    return app


def fastapi_aiohttp(upstream: str, opa: str) -> FastAPI:
    """FastAPI and aiohttp's client; with the address of an OPA server, that is asked first."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        async with _client() as app.state.client:
            yield

    app = FastAPI(lifespan=life)

    @app.post(_CHAT)
    async def chat(request: Request) -> Response:
        body = await request.json()
        client: aiohttp.ClientSession = app.state.client
        if opa:
            question = {"input": {"model": body["model"], "authorization": request.headers["authorization"]}}
            async with client.post(f"{opa}{_POLICY_PATH}", data=orjson.dumps(question)) as decision:
                if (await decision.json(loads=orjson.loads)).get("result") is not True:
                    raise HTTPException(403)
        answer = await client.post(f"{upstream}{_CHAT}", data=orjson.dumps(body), headers=_TYPE)
        if answer.content_type == "text/event-stream":
            return StreamingResponse(answer.content.iter_any(), answer.status, media_type=answer.content_type)
        async with answer:
            return Response(await answer.read(), answer.status, media_type=answer.content_type)

    return app


def asgi_aiohttp(upstream: str, _: str) -> ASGIApp:
    """A bare ASGI function and aiohttp's client; the body goes on as it came."""
    clients: dict[str, aiohttp.ClientSession] = {}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(clients, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        async with clients["upstream"].post(f"{upstream}{_CHAT}", data=body, headers=_TYPE) as answer:
            headers = [(b"content-type", answer.headers["content-type"].encode())]
            await send({"type": "http.response.start", "status": answer.status, "headers": headers})
            async for chunk in answer.content.iter_any():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

    return app


async def _live(clients: dict[str, aiohttp.ClientSession], receive: Receive, send: Send) -> None:
    await receive()
    async with _client() as clients["upstream"]:
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})


def _client() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1000))


BASELINES: Mapping[str, Callable[[str, str], ASGIApp]] = {
    "FastAPI + httpx": fastapi_httpx,
    "FastAPI + aiohttp": fastapi_aiohttp,
    "ASGI + aiohttp": asgi_aiohttp,
    "FastAPI + aiohttp + OPA": fastapi_aiohttp,
}

if __name__ == "__main__":
    name, port, *others = sys.argv[1:]
    addresses = [*map("http://127.0.0.1:{}".format, others), ""][:2]
    app = BASELINES[name](addresses[0], addresses[1])
    uvicorn.run(app, port=int(port), access_log=False, log_level="warning")
