"""The measure of all: what is usually written to pass a call on. `python -m bench.baseline PORT UPSTREAM_PORT`."""

import sys

import httpx
import uvicorn
from fastapi import FastAPI, Request, Response


def passing(upstream: str) -> FastAPI:
    """An app that reads the body, sends it on, and returns the answer; it decides nothing."""
    app = FastAPI()
    limits = httpx.Limits(max_connections=1000, max_keepalive_connections=1000)
    client = httpx.AsyncClient(limits=limits, trust_env=False)

    @app.post("/v1/chat/completions")
    async def chat(request: Request) -> Response:
        body = await request.json()
        answer = await client.post(f"{upstream}/v1/chat/completions", json=body)
        return Response(answer.content, answer.status_code, media_type=answer.headers["content-type"])

    @app.get("/health/readiness")
    async def readiness() -> dict[str, str]:
        return {"status": "healthy"}

    return app


if __name__ == "__main__":
    port, upstream_port = map(int, sys.argv[1:])
    uvicorn.run(passing(f"http://127.0.0.1:{upstream_port}"), port=port, access_log=False, log_level="warning")
