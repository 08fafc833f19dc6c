"""Answers of our own, as ASGI messages."""

from collections.abc import Sequence

from starlette.types import Send

from modelward.gateway.headers import Header

JSON: Header = (b"content-type", b"application/json")


async def respond(send: Send, status: int, headers: Sequence[Header], body: bytes) -> None:
    """Sends a whole answer."""
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
