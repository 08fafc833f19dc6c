"""A request's body, read whole and as JSON, within a limit (M2)."""

import asyncio
import json
import re
from collections.abc import Iterable

import orjson
from starlette.types import Receive

from modelward.contract import JsonObject
from modelward.errors import Invalid, Refused

Header = tuple[bytes, bytes]

_DEEPEST = 200
_MOST_VALUES = 1_000_000
_MOST_SECONDS = 120
_LONG_NUMBER = re.compile(rb"\d{19}")


class ClientLeft(Exception):
    """The client was gone before its request was whole; there is nobody to answer."""


async def read(headers: Iterable[Header], receive: Receive, limit: int) -> bytes:
    """The body. Raises Refused: status 413 when it is longer than `limit` bytes, 408 when it takes too long."""
    declared = next((value for name, value in headers if name == b"content-length"), b"0")
    if declared.isdigit():
        _check(int(declared), limit)
    try:
        async with asyncio.timeout(_MOST_SECONDS):
            return await _received(receive, limit)
    except TimeoutError:
        raise Refused(f"the body was not whole within {_MOST_SECONDS} s; send it again", status=408) from None


async def _received(receive: Receive, limit: int) -> bytes:
    chunks = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        chunks += message.get("body", b"")
        _check(len(chunks), limit)
        if not message.get("more_body", False):
            return bytes(chunks)


def parse(headers: Iterable[Header], body: bytes) -> JsonObject:
    """The body's JSON object, whatever `Content-Type` says. Raises Invalid when it is none, or compressed."""
    for name, value in headers:
        if name == b"content-encoding" and value.strip().lower() not in {b"", b"identity"}:
            raise Invalid("the body is compressed; send it without `Content-Encoding`")
    if body.count(b",") + body.count(b"{") + body.count(b"[") > _MOST_VALUES:
        raise Invalid(f"the body holds more than {_MOST_VALUES} values; send less at a time")
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Invalid(f"the body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    if not isinstance(value, dict):
        raise Invalid("the body must be a JSON object")
    if body.count(b"{") + body.count(b"[") > _DEEPEST and _is_too_deep(value):
        raise Invalid("the body is nested too deeply; send a flatter one")
    if _LONG_NUMBER.search(body):
        json.loads(body, parse_int=_whole)
    return value


def _whole(digits: str) -> int:
    """An integer that can be written again as it was read."""
    if len(digits) > 20 or not -(2**63) <= int(digits) < 2**64:
        raise Invalid("the body holds an integer beyond 64 bits, which would change on its way; send a smaller one")
    return int(digits)


def _is_too_deep(value: JsonObject) -> bool:
    """Whether it could not be written again as it was read: the reader goes deeper than the writer."""
    try:
        orjson.dumps(value)
    except orjson.JSONEncodeError:
        return True
    return False


def _check(size: int, limit: int) -> None:
    if size > limit:
        raise Refused(f"the body is longer than {limit} bytes; send less", status=413)
