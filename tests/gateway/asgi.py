"""Requests to an ASGI application, handed on as a server would: the path is not mended on the way."""

import asyncio
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Receive, Scope

from harness.wire import NO_HEADERS, Answer


async def ask(
    app: ASGIApp,
    method: str,
    target: str,
    *,
    headers: Mapping[str, str] = NO_HEADERS,
    body: Sequence[bytes] = (b"",),
) -> Answer:
    """One request, its body in these chunks; the client then waits for the answer."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await app(http_scope(method, target, headers), chunks(body), send)
    assert [message["type"] for message in sent[:1]] == ["http.response.start"]
    fields = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], fields, b"".join(message.get("body", b"") for message in sent[1:]))


def http_scope(method: str, target: str, headers: Mapping[str, str] = NO_HEADERS) -> Scope:
    """What a server tells of a request; `path` is decoded, `raw_path` is as sent."""
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "state": {},
    }


def chunks(body: Sequence[bytes]) -> Receive:
    """Gives the body, then nothing more."""
    last = len(body) - 1
    messages: list[Message] = [
        {"type": "http.request", "body": chunk, "more_body": place < last} for place, chunk in enumerate(body)
    ]

    async def receive() -> Message:
        if messages:
            return messages.pop(0)
        await asyncio.Event().wait()
        raise AssertionError("the client left by itself")

    return receive
