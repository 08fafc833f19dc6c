"""Forms as they stand on the wire, written and read by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.parser import BytesParser
from typing import cast

from gateway.asgi import chunks
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.headers import Header
from modelward.gateway.request.body import Written
from modelward.gateway.request.forms import Form, read_form

LIMIT = 10_000_000
ROUTE = next(row for row in ROUTES if row.template == "/v1/images/edits")
"""A route that takes a form; the caller's own words are in `prompt`."""
TYPE = b"multipart/form-data; boundary=XX"


@dataclass(frozen=True)
class Sent:
    """One part as an upstream reads it."""

    name: str
    body: bytes
    filename: str | None = None
    content_type: str | None = None


def raw(head: str, body: bytes = b"x", *more: str) -> bytes:
    """A part with this `Content-Disposition` and further header lines."""
    lines = [f"Content-Disposition: {head}", *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def text(name: str, value: str = "x", *more: str) -> bytes:
    """A text field."""
    return raw(f'form-data; name="{name}"', value.encode(), *more)


def file(name: str, body: bytes = b"x", filename: str = "a.bin", *more: str) -> bytes:
    """A file."""
    return raw(f'form-data; name="{name}"; filename="{filename}"', body, *more)


def whole(*parts: bytes) -> bytes:
    """The form of these parts."""
    return b"".join(b"--XX\r\n" + part + b"\r\n" for part in parts) + b"--XX--\r\n"


async def read(body: bytes, *headers: Header, content_type: bytes = TYPE, limit: int = LIMIT) -> Form:
    """The form that this body is."""
    return await read_form(ROUTE, [(b"content-type", content_type), *headers], chunks([body]), limit)


async def form(*parts: bytes) -> Form:
    """The form of these parts, read."""
    return await read(whole(*parts))


async def body_of(written: Written) -> bytes:
    """All of a body."""
    if isinstance(written.body, bytes):
        return written.body
    return b"".join([chunk async for chunk in written.body])


async def sent(written: Written) -> Sequence[Sent]:
    """The parts of what was written, as the standard library reads them; the length must be right."""
    body = await body_of(written)
    assert len(body) == written.length
    message = BytesParser().parsebytes(b"Content-Type: " + written.content_type + b"\r\n\r\n" + body)
    assert not message.defects
    return [
        Sent(
            cast(str, part.get_param("name", header="content-disposition")),
            cast(bytes, part.get_payload(decode=True)),
            part.get_filename(),
            part["content-type"],
        )
        for part in message.get_payload()
        if not isinstance(part, str)
    ]
