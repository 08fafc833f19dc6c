"""Batch files as a form brings them, and what is read off them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from modelward.gateway.batch.groups import LineGroups
from modelward.gateway.batch.lines import Line, LineReader, slices
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.request.form_parts import FilePart, Spool
from modelward.gateway.routes import Router

CHAT = "/v1/chat/completions"
ROUTER = Router(ROUTES)


def line(body: object = None, *, url: object = CHAT, **fields: object) -> bytes:
    """A line; by default one for `gpt-4`."""
    made = {"custom_id": "1", "method": "POST", "url": url, "body": {"model": "gpt-4"} if body is None else body}
    return orjson.dumps(made | fields)


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


def groups(*lines: bytes, **settings: Any) -> LineGroups:
    """What these lines ask for."""
    found = LineGroups()
    for each in lines:
        found.add(read(each, **settings))
    return found


async def cut(content: bytes) -> list[tuple[int, bytes]]:
    """All lines of a file."""
    with part(content) as file:
        return [each async for some in slices(file) for each in some]
