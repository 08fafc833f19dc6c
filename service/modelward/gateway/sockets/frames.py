"""A client's frame: read as a request's body is, and written anew from what was read (M1, M2)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway import body
from modelward.gateway.customers import customer_id
from modelward.gateway.endpoints.sockets import INNER, row_of
from modelward.gateway.fallbacks import FIELDS, fallbacks
from modelward.gateway.footprint import footprint
from modelward.gateway.headers import Header
from modelward.gateway.names import MOST_MODELS, too_many
from modelward.gateway.outgoing import Outgoing, Rename
from modelward.gateway.redirects import refuse_redirects
from modelward.gateway.routes import Handler, Match, Route


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame. `models` are those that it names, after those of the socket's query; `differ` says that two places
    disagree about the model that answers."""

    route: Route
    fields: JsonObject
    event: str
    models: list[str]
    differ: bool
    customer: str | None

    def written(self, model: str, rename: Rename) -> str:
        """The frame for an upstream that calls the model that answers `model`. Raises Apart."""
        return orjson.dumps(Outgoing(self.route, _kept(self.fields)).named(model, rename)).decode()


def read_frame(handler: Handler, query: bytes, headers: Sequence[Header], text: str) -> Frame:
    """Reads a text frame of a socket of that kind; `query` and `headers` are the socket's. Raises Invalid."""
    fields = body.parse((), text.encode())
    event = fields.get("type")
    if not isinstance(event, str):
        raise Invalid("`type` must say what event the frame is, as a text")
    if isinstance(audio := fields.get("audio"), dict) and "input" in audio:
        raise Invalid("`audio.input` belongs into `session`; send it there")
    route = row_of(handler, event)
    found = footprint(Match(route), query, fields)
    inner = list(_inner_names(fields))
    models = joined(found.models, inner if found.models or route.operation != "infer" else [])
    return Frame(route, fields, event, models, found.differ, customer_id(headers, fields))


def joined(*lists: Sequence[str]) -> list[str]:
    """All names of the lists, each once. Raises Invalid where they are more than one decision takes."""
    names = list(dict.fromkeys(name for each in lists for name in each))
    if len(names) > MOST_MODELS:
        raise too_many()
    return names


def _inner_names(fields: JsonObject) -> Iterator[str]:
    """The fallbacks that stand in a frame's session or response. Raises Invalid for what would redirect it (M5)."""
    for name in INNER:
        inner = fields.get(name)
        if isinstance(inner, dict):
            refuse_redirects(inner, f"{name}.")
            yield from fallbacks(inner, f"{name}.")


def _kept(fields: JsonObject) -> JsonObject:
    inner = {name: value for name in INNER if isinstance(value := fields.get(name), dict)}
    return fields | {
        name: {key: each for key, each in value.items() if key not in FIELDS} for name, value in inner.items()
    }
