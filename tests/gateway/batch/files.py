"""Batch files as a form brings them, and what is read off them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from starlette.types import Message, Scope

from modelward.contract import Caller
from modelward.gateway.batch.groups import LineGroup, LineGroups, add_line
from modelward.gateway.batch.lines import Line, LineReader, slices
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.exchange import Exchange, Lookups
from modelward.gateway.request.form_parts import FilePart, Spool
from modelward.gateway.routes import Router
from modelward.snapshot import Snapshot

CHAT = "/v1/chat/completions"
ROUTER = Router(ROUTES)


def line(body: object = None, *, url: object = CHAT, **fields: object) -> bytes:
    """A line; by default one for `gpt-4`."""
    made = {"custom_id": "1", "method": "POST", "url": url, "body": {"model": "gpt-4"} if body is None else body}
    return orjson.dumps(made | fields)


def uploading(snapshot: Snapshot) -> Exchange:
    """An upload by the master key."""

    async def identify(_: Scope) -> Caller:
        return Caller(kind="master")

    async def find_customer(_: str) -> None:
        return None

    async def receive() -> Message:
        raise AssertionError("nothing is read here")

    async def send(_: Message) -> None:
        raise AssertionError("nothing is sent here")

    scope = {"type": "http", "method": "POST", "query_string": b"", "headers": []}
    made = Exchange(Lookups(identify, find_customer), scope, receive, send, "/v1/files", snapshot)
    match = ROUTER.find("POST", "/v1/files")
    assert match is not None
    made.match = match
    return made


@contextmanager
def part(content: bytes) -> Iterator[FilePart]:
    """A file of a form, forgotten when the block ends."""
    spool = Spool()
    try:
        spool.add(content)
        yield FilePart("file", "batch.jsonl", "application/jsonl", spool)
    finally:
        spool.close()


def reader(
    *, completion_model: str | None = None, customer: str | None = None, model_fields: tuple[str, ...] = ()
) -> LineReader:
    """A reader that knows all endpoints."""
    return LineReader(ROUTER, completion_model, customer, model_fields)


def read(raw: bytes, **settings: Any) -> Line:
    """One line, read."""
    return reader(**settings).read((1, raw))


def groups(*lines: bytes, **settings: Any) -> list[LineGroup]:
    """What these lines ask for."""
    found: LineGroups = {}
    for each in lines:
        add_line(found, read(each, **settings))
    return list(found.values())


async def cut(content: bytes) -> list[tuple[int, bytes]]:
    """All lines of a file."""
    with part(content) as file:
        return [each async for some in slices(file) for each in some]
