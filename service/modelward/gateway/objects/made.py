"""Which objects an answer shows for the first time: read before the client sees any of it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import aclosing

import orjson

from modelward.contract import JsonObject, ObjectKind
from modelward.errors import Invalid, ModelwardError
from modelward.gateway.headers import Header
from modelward.gateway.objects.held import ObjectId
from modelward.gateway.reply import Reply
from modelward.gateway.spots import spots

Makes = tuple[tuple[str, ObjectKind], ...]
"""Where in an answer ids stand, and of which kind."""

LONGEST_ANSWER = 32 * 1024 * 1024
LONGEST_BEGINNING = 1024 * 1024

_EVENT_END = re.compile(rb"(?>\r\n|\n|\r){2}")
_DATA = re.compile(rb"^data:[ ]?([^\r\n]*)", re.MULTILINE)


class NotTold(ModelwardError):
    """An answer does not say what it made, so it cannot be bound to anybody and is not shown."""


def is_event_stream(headers: Sequence[Header]) -> bool:
    """Whether an answer is a stream of events; names are in lower case."""
    return dict(headers).get(b"content-type", b"").lower().startswith(b"text/event-stream")


def parsed(body: bytes) -> JsonObject:
    """The object that an answer is. Raises NotTold."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise NotTold("the answer is not JSON") from None
    if not isinstance(value, dict):
        raise NotTold("the answer is no JSON object")
    return value


def made_by(makes: Makes, answer: JsonObject, *, required: bool) -> list[ObjectId]:
    """The objects that an answer shows; where one is `required`, that is the first. Raises NotTold."""
    found = [list(_ids(where, kind, answer)) for where, kind in makes]
    if required and not found[0]:
        raise NotTold(f"the answer holds no `{makes[0][0]}`")
    return list(dict.fromkeys(each for ids in found for each in ids))


async def made_by_stream(makes: Makes, reply: Reply) -> list[ObjectId]:
    """The objects that the first event that shows any shows; empty for a stream without one. All of it is still told.

    Raises NotTold where none comes soon; TimedOut and Broken.
    """
    rest, size = b"", 0
    async with aclosing(reply.preview()) as chunks:
        async for chunk in chunks:
            size += len(chunk)
            *events, rest = _EVENT_END.split(rest + chunk)
            for event in events:
                if found := _in_event(makes, event):
                    return found
            if size > LONGEST_BEGINNING:
                raise NotTold(f"{LONGEST_BEGINNING} bytes of events hold no id")
    return _in_event(makes, rest)


def _in_event(makes: Makes, event: bytes) -> list[ObjectId]:
    """What one event shows: the object itself, as of a response, or its id, as of a thread."""
    try:
        value = orjson.loads(b"\n".join(_DATA.findall(event)))
        if not isinstance(value, dict):
            return []
        wheres = [(f"{kind}.id" if where == "id" else where, kind) for where, kind in makes]
        return [each for where, kind in wheres for each in _ids(where, kind, value)]
    except (orjson.JSONDecodeError, NotTold):
        return []


def _ids(where: str, kind: ObjectKind, answer: JsonObject) -> Iterator[ObjectId]:
    try:
        for spot in spots(answer, where):
            if isinstance(spot.value, str) and spot.value:
                yield kind, spot.value
            elif spot.value is not None:
                raise NotTold(f"`{spot.place}` of the answer is no id")
    except Invalid as error:
        raise NotTold(f"of the answer, {error}") from None
