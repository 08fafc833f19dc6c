"""Which objects an answer shows for the first time, and the addresses in it that clients follow."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from functools import cache
from urllib.parse import quote

import orjson

from modelward.contract import JsonObject, ObjectKind
from modelward.errors import Invalid, NotTold
from modelward.gateway.objects.held import ObjectId
from modelward.gateway.request.places import spots
from modelward.gateway.upstream.reply import Reply

Makes = tuple[tuple[str, ObjectKind], ...]
"""Where in an answer ids are, and of which kind."""

LONGEST_ANSWER = 32 * 1024 * 1024
LONGEST_BEGINNING = 1024 * 1024

MOST_IDS = 1_000
_OF_A_MESSAGE = (("content[]", "content_block"), ("container", "delta.container"), ("container", "message.container"))
_IN_EVENTS = (("output[].content[].annotations[]", "annotation"), ("output[].content[]", "part"), ("output[]", "item"))

_EVENT_END = re.compile(rb"(?>\r\n|\n|\r){2}")
_DATA = re.compile(rb"^data:[ ]?([^\r\n]*)", re.MULTILINE)


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
    """The objects that an answer shows, at most a thousand, the others have no owner; where one is `required`, that is
    the first. Raises NotTold where it is missing."""
    found = [list(_ids(where, kind, answer)) for where, kind in makes]
    if required and not found[0]:
        raise NotTold(f"the answer holds no `{makes[0][0]}`")
    return list(dict.fromkeys(each for ids in found for each in ids))[:MOST_IDS]


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
                if found := in_event(makes, event):
                    return found
            if size > LONGEST_BEGINNING:
                raise NotTold(f"{LONGEST_BEGINNING} bytes of events hold no id")
    return in_event(makes, rest)


async def whole_events(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes, cut only between events, each piece as soon as it is here. Raises NotTold for an event that is
    too long, and what `chunks` raise."""
    rest = bytearray()
    async for chunk in chunks:
        searched = max(len(rest) - 3, 0)
        rest += chunk
        end = max((found.end() for found in _EVENT_END.finditer(rest, searched)), default=0)
        if end:
            yield bytes(rest[:end])
            del rest[:end]
        elif len(rest) > LONGEST_ANSWER:
            raise NotTold(f"an event is longer than {LONGEST_ANSWER} bytes")
    if rest:
        yield bytes(rest)


def in_events(makes: Makes, events: bytes) -> list[ObjectId]:
    """What some whole events show, each once."""
    found = (each for event in _EVENT_END.split(events) if event for each in in_event(makes, event))
    return list(dict.fromkeys(found))


def in_event(makes: Makes, event: bytes) -> list[ObjectId]:
    """What one event shows: the object itself, as of a response, or its id, as of a thread; a part of a response
    too."""
    try:
        value = orjson.loads(b"\n".join(_DATA.findall(event)))
        if not isinstance(value, dict):
            return []
        return made_by(event_makes(makes), value, required=False)
    except (orjson.JSONDecodeError, NotTold):
        return []


@cache
def event_makes(makes: Makes) -> Makes:
    """Where in an event is what `makes` says of an answer: the answer itself, one item of it, or a part of one."""
    if any(where == "container.id" for where, _ in makes):
        return tuple(_below(makes, _OF_A_MESSAGE))
    if any(kind == "response" or where.startswith("output") for where, kind in makes):
        return (*((f"response.{where}", kind) for where, kind in makes), *_below(makes, _IN_EVENTS))
    return tuple((f"{kind}.id" if where == "id" else where, kind) for where, kind in makes)


def _below(makes: Makes, parts: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, ObjectKind]]:
    """What is in a part of an answer that an event tells alone: each is a place, and the field of the event."""
    for where, kind in makes:
        for head, name in parts:
            if where.startswith(f"{head}."):
                yield name + where.removeprefix(head), kind


def _ids(where: str, kind: ObjectKind, answer: JsonObject) -> Iterator[ObjectId]:
    """An id that is shown in no known way is bound to nobody, so it is of no use."""
    try:
        for spot in spots(answer, where):
            if isinstance(spot.value, str) and spot.value:
                yield kind, spot.value
    except Invalid:
        return


_RESULTS = "results_url"


def own_links(makes: Makes, answer: JsonObject) -> bool:
    """Whether an answer held such an address; it is now one of our own, relative to the client's base."""
    is_batch = any(kind == "message_batch" for _, kind in makes)
    if not is_batch or answer.get(_RESULTS) is None:
        return False
    answer[_RESULTS] = f"/v1/messages/batches/{quote(str(answer.get('id')), safe='')}/results"
    return True
