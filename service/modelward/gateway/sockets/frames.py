"""A client's frame: read as a request's body is, and written anew from what was read (M1, M2)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import orjson

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.endpoints import CREATE, EVENTS, INNER, row_of
from modelward.gateway.exchange import customer_id
from modelward.gateway.headers import Header
from modelward.gateway.objects import NamedObjects, ids_of, without_ids
from modelward.gateway.request.body import parse
from modelward.gateway.request.footprint import footprint
from modelward.gateway.request.names import MOST_MODELS, too_many
from modelward.gateway.request.outgoing import Outgoing, Rename
from modelward.gateway.request.refused_fields import FIELDS, fallbacks, refuse_redirects
from modelward.gateway.routes import Handler, Match, Route

_CANCEL = "response.cancel"
_WORDS = ("auto", "none")


def _named(route: Route, event: str, fields: JsonObject) -> NamedObjects:
    """The objects that a frame on `route` names. Raises Invalid, as `ids_of` does.

    A realtime session has its own responses, which `response.cancel` names, and its own conversation, which a response
    joins (`auto`) or leaves alone (`none`).
    """
    if route.handler == "realtime":
        if event == _CANCEL:
            fields = {name: value for name, value in fields.items() if name != "response_id"}
        response = fields.get("response")
        if isinstance(response, dict) and response.get("conversation") in _WORDS:
            fields = fields | {"response": {name: each for name, each in response.items() if name != "conversation"}}
    return ids_of(route, {}, fields, apart=event == CREATE)


_MOST_VALUES = 100_000
_EXTRA = "extra_body"


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame. `models` are those that it names, after those of the socket's query; `differ` says that two places
    disagree about the model that answers; `named` are the objects that it names."""

    route: Route
    fields: JsonObject
    event: str
    models: list[str]
    differ: bool
    customer: str | None
    named: NamedObjects

    def without(self, ids: Collection[str]) -> "Frame":
        """The frame without the ids of these items that it sends whole."""
        return replace(self, fields=without_ids(self.fields, ids))

    def written(self, model: str, rename: Rename) -> str:
        """The frame for an upstream that calls the model that answers `model`. Raises ServedElsewhere."""
        return orjson.dumps(Outgoing(self.route, _kept(self.fields)).named(model, rename)).decode()


def read_frame(
    handler: Handler, query: bytes, headers: Sequence[Header], text: str | bytes, model_fields: tuple[str, ...] = ()
) -> Frame:
    """Reads a frame of a socket of that kind; `query` and `headers` are the socket's, `model_fields` the config's.

    Raises Invalid, as for any frame of bytes.
    """
    if isinstance(text, bytes):
        raise Invalid("frames of bytes are not served here; send JSON as text")
    if text.count(",") + text.count("{") + text.count("[") > _MOST_VALUES:
        raise Invalid(f"the frame holds more than {_MOST_VALUES} values; send less at a time")
    fields = parse((), text.encode())
    event = _event(handler, fields)
    _refuse_extra(fields)
    route = row_of(handler, event).naming(model_fields)
    found = footprint(Match(route), query, fields)
    inner = list(_inner_names(fields))
    models = joined(found.models, inner if found.models or route.operation != "infer" else [])
    return Frame(
        route=route,
        fields=fields,
        event=event,
        models=models,
        differ=found.differ,
        customer=customer_id(headers, fields),
        named=_named(route, event, fields),
    )


def _event(handler: Handler, fields: JsonObject) -> str:
    event = fields.get("type")
    if not isinstance(event, str) or event not in EVENTS[handler]:
        raise Invalid(f"`type` must be an event that clients send here: {', '.join(sorted(EVENTS[handler]))}")
    return event


def _inner(fields: JsonObject) -> dict[str, JsonObject]:
    """The objects in a frame that hold what a body of a call does, by their fields."""
    return {name: value for name in INNER if isinstance(value := fields.get(name), dict)}


def _refuse_extra(fields: JsonObject) -> None:
    """Raises Invalid for what no client of a socket sends: it would change the event after it was judged."""
    if not isinstance(fields.get("audio", ""), str):
        raise Invalid("`audio` of a frame must be a text; what a session hears belongs into `session`")
    refused = [_EXTRA] if _EXTRA in fields else []
    refused += [
        f"{place}.{name}" for place, each in _inner(fields).items() for name in (_EXTRA, *INNER) if name in each
    ]
    if refused:
        raise Invalid(f"`{refused[0]}` is not taken on a socket; put its fields into the frame")


def joined(*lists: Sequence[str]) -> list[str]:
    """All names of the lists, each once. Raises Invalid where they are more than one decision takes."""
    names = list(dict.fromkeys(name for each in lists for name in each))
    if len(names) > MOST_MODELS:
        raise too_many()
    return names


def _inner_names(fields: JsonObject) -> Iterator[str]:
    """The fallbacks in a frame's session or response. Raises Invalid for what would redirect it (M5)."""
    for name, inner in _inner(fields).items():
        refuse_redirects(inner, f"{name}.")
        yield from fallbacks(inner, f"{name}.")


def _kept(fields: JsonObject) -> JsonObject:
    """The fields without those fallbacks."""
    kept = {
        name: {key: each for key, each in inner.items() if key not in FIELDS} for name, inner in _inner(fields).items()
    }
    return fields | kept
