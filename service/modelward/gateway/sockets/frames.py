"""A client's frame: read as a request's body is, and written anew from what was read (M1, M2)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import orjson

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.endpoints import CREATE, EVENTS, INNER, row_of
from modelward.gateway.exchange import customer_id
from modelward.gateway.headers import Header
from modelward.gateway.objects import NamedObjects, ids_of, without_ids
from modelward.gateway.request.body import parse
from modelward.gateway.request.footprint import MOST_MODELS, fallbacks, footprint, refuse_redirects, too_many
from modelward.gateway.request.outgoing import Outgoing, Rename
from modelward.gateway.request.places import FALLBACK_FIELDS
from modelward.gateway.routes import Handler, Match, Route, naming

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
        """The frame, without the fallbacks in it, for an upstream that calls the model that answers `model`. Raises
        ServedElsewhere."""
        kept = {
            place: {name: each for name, each in inner.items() if name not in FALLBACK_FIELDS}
            for place, inner in _inner(self.fields).items()
        }
        return orjson.dumps(Outgoing(self.route, self.fields | kept).named(model, rename)).decode()


def read_frame(
    handler: Handler, query: bytes, headers: Sequence[Header], text: str | bytes, model_fields: tuple[str, ...] = ()
) -> Frame:
    """Reads a frame of a socket of that kind; `query` and `headers` are the socket's, `model_fields` the config's.

    Raises Invalid, as for any frame of bytes, and for what no client of a socket sends: it would change the event after
    it was judged.
    """
    if isinstance(text, bytes):
        raise Invalid("frames of bytes are not served here; send JSON as text")
    if text.count(",") + text.count("{") + text.count("[") > _MOST_VALUES:
        raise Invalid(f"the frame holds more than {_MOST_VALUES} values; send less at a time")
    fields = parse((), text.encode())
    event = fields.get("type")
    if not isinstance(event, str) or event not in EVENTS[handler]:
        raise Invalid(f"`type` must be an event that clients send here: {', '.join(sorted(EVENTS[handler]))}")
    if not isinstance(fields.get("audio", ""), str):
        raise Invalid("`audio` of a frame must be a text; what a session hears belongs into `session`")
    inner = _inner(fields)
    extra = [_EXTRA] if _EXTRA in fields else []
    extra += [f"{place}.{name}" for place, each in inner.items() for name in (_EXTRA, *INNER) if name in each]
    if extra:
        raise Invalid(f"`{extra[0]}` is not taken on a socket; put its fields into the frame")
    route = naming(row_of(handler, event), model_fields)
    found = footprint(Match(route), query, fields)
    more: list[str] = []
    for place, each in inner.items():
        refuse_redirects(each, f"{place}.")
        more += fallbacks(each, f"{place}.")
    return Frame(
        route=route,
        fields=fields,
        event=event,
        models=joined(found.models, more if found.models or route.operation != "infer" else []),
        differ=found.differ,
        customer=customer_id(headers, fields),
        named=ids_of(route, {}, _naming(handler, event, fields), apart=event == CREATE),
    )


def joined(*lists: Sequence[str]) -> list[str]:
    """All names of the lists, each once. Raises Invalid where they are more than one decision takes."""
    names = list(dict.fromkeys(name for each in lists for name in each))
    if len(names) > MOST_MODELS:
        raise too_many()
    return names


def _inner(fields: JsonObject) -> dict[str, JsonObject]:
    """The objects in a frame that hold what a body of a call does, by their fields."""
    return {name: value for name in INNER if isinstance(value := fields.get(name), dict)}


def _naming(handler: Handler, event: str, fields: JsonObject) -> JsonObject:
    """The fields that name objects. A realtime session has its own responses, which `response.cancel` names, and its
    own conversation, which a response joins (`auto`) or leaves alone (`none`)."""
    if handler != "realtime":
        return fields
    if event == "response.cancel":
        fields = {name: each for name, each in fields.items() if name != "response_id"}
    response = fields.get("response")
    if isinstance(response, dict) and response.get("conversation") in ("auto", "none"):
        fields = fields | {"response": {name: each for name, each in response.items() if name != "conversation"}}
    return fields
