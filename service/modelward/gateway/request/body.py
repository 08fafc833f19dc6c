"""A request's body: read whole and as JSON within a limit, and written anew for an upstream (M2)."""

import asyncio
import json
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import orjson
from starlette.types import Receive

from modelward.contract import JsonObject
from modelward.contract.facts import masked, shortened
from modelward.errors import ClientLeft, Invalid, Refused
from modelward.gateway.headers import Header
from modelward.gateway.request.places import EXTRA, as_object, spots
from modelward.gateway.routes import Route

LARGE = 256 * 1024
"""Work on more bytes than that would hold up other requests."""

_Result = TypeVar("_Result")


async def worked(size: int, work: Callable[[], _Result]) -> _Result:
    """What `work` on so many bytes gives, done at once or in a thread. Raises what it raises."""
    return await asyncio.to_thread(work) if size > LARGE else work()


_DEEPEST = 200
_MOST_VALUES = 1_000_000
_DIGITS_ALIKE = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER = b"0" * 19


async def read(
    headers: Iterable[Header],
    receive: Receive,
    limit: int,
    take: Callable[[bytes], Awaitable[None]] | None = None,
    *,
    idle_seconds: float | None = None,
    whole_seconds: float = 120,
) -> bytes:
    """The body; where `take` is given, that gets its pieces instead.

    Raises Refused: status 413 when it is longer than `limit` bytes, 408 when nothing comes for `idle_seconds` or it is
    not whole in `whole_seconds`. Raises ClientLeft, and what `take` raises.
    """
    if any(name == b"content-length" and value.isdigit() and int(value) > limit for name, value in headers):
        raise _too_long(limit)
    whole, size, more = bytearray(), 0, True
    try:
        async with asyncio.timeout(whole_seconds):
            while more:
                if idle_seconds is None:
                    message = await receive()
                else:
                    async with asyncio.timeout(idle_seconds):
                        message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientLeft
                chunk: bytes = message.get("body", b"")
                size += len(chunk)
                if size > limit:
                    raise _too_long(limit)
                if take is None:
                    whole += chunk
                else:
                    await take(chunk)
                more = message.get("more_body", False)
    except TimeoutError:
        raise Refused(f"the body was not whole in time, {whole_seconds:g} s; send it again", status=408) from None
    return bytes(whole)


def _too_long(limit: int) -> Refused:
    return Refused(f"the body is longer than {limit} bytes; send less", status=413)


def parse(headers: Iterable[Header], body: bytes, route: Route | None = None) -> JsonObject:
    """The body's JSON object, whatever `Content-Type` says; for a `route`, laid out (see `laid_out`). Raises Invalid
    when it is none, or compressed."""
    if any(name == b"content-encoding" and value.strip().lower() not in {b"", b"identity"} for name, value in headers):
        raise Invalid("the body is compressed; send it without `Content-Encoding`")
    if body.count(b",") + body.count(b"{") + body.count(b"[") > _MOST_VALUES:
        raise Invalid(f"the body holds more than {_MOST_VALUES} values; send less at a time")
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Invalid(f"the body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    if not isinstance(parsed, dict):
        raise Invalid("the body must be a JSON object")
    if body.count(b"{") + body.count(b"[") > _DEEPEST:
        try:
            orjson.dumps(parsed)
        except orjson.JSONEncodeError:  # the reader goes deeper than the writer
            raise Invalid("the body is nested too deeply; send a flatter one") from None
    if _LONG_NUMBER in body.translate(_DIGITS_ALIKE):
        json.loads(body, parse_int=_whole)
    if route is None or (EXTRA not in parsed and route.within is None):
        return parsed
    return laid_out(route, parsed)


def _whole(digits: str) -> int:
    """An integer that can be written again as it was read."""
    if len(digits) > 20 or not -(2**63) <= int(digits) < 2**64:
        raise Invalid("the body holds an integer beyond 64 bits, which would change on its way; send a smaller one")
    return int(digits)


def laid_out(route: Route, body: JsonObject) -> JsonObject:
    """The body with what its `extra_body` holds merged into it, as an SDK would have done, and each call within it too.

    Another name for the model that answers is left in `extra_body`: it is one more place, and is judged before the
    request is refused for it (M2, M5). Raises Invalid for any other field that is in both with different values, and
    for an `extra_body` that is no object, or holds another.
    """
    laid = _laid_out(route, body, "")
    for spot in spots(laid, route.within) if route.within is not None else ():
        if isinstance(spot.value, dict):
            spot.write(_laid_out(route, spot.value, f"{spot.place}."))
    return laid


def _laid_out(route: Route, body: JsonObject, place: str) -> JsonObject:
    if EXTRA not in body:
        return body
    kept = {name: value for name, value in body.items() if name != EXTRA}
    if body[EXTRA] is None:
        return kept
    extra = as_object(body[EXTRA], f"{place}{EXTRA}")
    if EXTRA in extra:
        raise Invalid(f"`{place}{EXTRA}` may not hold another `{EXTRA}`; put its fields into the first")
    written = partial(orjson.dumps, option=orjson.OPT_SORT_KEYS)  # to Python 1 is `True`
    rest = {name: value for name, value in extra.items() if name in kept and written(kept[name]) != written(value)}
    if others := sorted(rest.keys() - {where.partition(".")[0] for where in route.names}):
        field = shortened(masked(others[0]))
        raise Invalid(f"`{place}{field}` has another value in `{place}{EXTRA}`; send it once")
    return extra | kept | ({EXTRA: rest} if rest else {})


@dataclass(frozen=True, slots=True)
class Written:
    """A body ready to send. `length` is that of a stream, in bytes, where it is known; `content_type` is empty where
    there is no body."""

    content_type: bytes
    body: bytes | AsyncIterable[bytes]
    length: int | None = None


@dataclass(eq=False)
class Content:
    """What a request holds: here a JSON object; one that was not `sent` is no body, and is written as none. Its models
    are looked for in `fields`, which were read from `size` bytes."""

    fields: JsonObject
    size: int = 0
    sent: bool = True

    def written(self, fields: JsonObject) -> Written:
        """The content with `fields` in place of its own; may be asked for again."""
        return Written(b"application/json", orjson.dumps(fields)) if self.sent else Written(b"", b"")

    async def aclose(self) -> None:
        """Let go of what lies on disk."""


NO_CONTENT = Content({}, sent=False)
"""What a request without a body holds; one that came all the same is not read."""
