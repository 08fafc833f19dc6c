"""One reader of places for all encodings: what a body names as JSON it names as a form, a frame and a line (M7)."""

from collections.abc import Iterator
from contextlib import aclosing
from typing import Any

import orjson
import pytest

from gateway.asgi import chunks
from gateway.batch.files import line, read
from gateway.form_bytes import LIMIT, TYPE, text, whole
from gateway.table_bodies import FALLBACKS, Body, match_of, merged, put
from harness.tables import for_each
from modelward.errors import Invalid
from modelward.gateway.endpoints import BATCHED, EVENTS, INNER, ROUTES, row_of
from modelward.gateway.request.footprint import footprint
from modelward.gateway.request.forms import read_form
from modelward.gateway.routes import Handler, Route
from modelward.gateway.sockets.frames import read_frame

Texts = list[tuple[str, str]]


def bodies(row: Route) -> Iterator[Body]:
    """A body for each place of a row, its own and in `extra_body`, and for each field of fallbacks."""
    for where in (*row.names, *row.nested):
        yield put(where, "hidden")
        yield {"extra_body": put(where, "hidden")}
    for field in FALLBACKS:
        for shape in (["hidden"], [{"model": "hidden"}], {"own": ["hidden"]}):
            yield {field: shape}
            yield {"extra_body": {field: shape}}
            yield {"router_settings_override": {field: shape}}


UNDECLARED = [
    *(
        "x.base_model",
        "x[].y.modelName",
        "svg.x.model",
        "image.svg.model",
        "mask[].lora",
        "tools[].parameters.base_model",
    ),
    *("session.x.model", "extra_body.x.model_id", "tools[].x.model", "plugins[].x.models[]", "file.adapter_id"),
    *(
        "moderation.x.model",
        "kv_transfer_params.x",
        "providerOptions.x.models[]",
        "prompt_id",
        "lora_request.lora_name",
    ),
]


def in_fields(body: Body) -> Texts:
    """A form whose fields hold texts, and JSON where they are more."""
    return [(name, value if isinstance(value, str) else orjson.dumps(value).decode()) for name, value in body.items()]


def in_keys(body: Body) -> Texts:
    """A form whose names have a key for each field on the way."""
    return [(name, value) for head, inner in body.items() for name, value in _keys(head, inner, "[]")]


def in_places(body: Body) -> Texts:
    """The same with a number for each item."""
    return [(name, value) for head, inner in body.items() for name, value in _keys(head, inner, "[0]")]


def half_in_keys(body: Body) -> Texts:
    """A form whose names have one key, with JSON in it."""
    found: Texts = []
    for head, inner in body.items():
        if isinstance(inner, dict):
            found += [(f"{head}[{name}]", each) for name, each in in_fields(inner)]
        else:
            found += in_fields({head: inner})
    return found


def _keys(name: str, value: Any, item: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _keys(f"{name}[{key}]", inner, item)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(f"{name}{item}", inner, item)
    else:
        yield name, value


ENCODINGS = {encoding.__name__: encoding for encoding in (in_fields, in_keys, in_places, half_in_keys)}
FORMS = [row for row in ROUTES if row.reads in {"form", "either"}]


async def named_in_a_form(row: Route, parts: Texts) -> list[str]:
    """The models that a form names. Raises Invalid."""
    sent = whole(*(text(name, value) for name, value in parts))
    async with aclosing(await read_form(row, [(b"content-type", TYPE)], chunks([sent]), LIMIT)) as form:
        return footprint(match_of(row), b"", form.fields).models


@pytest.mark.parametrize("encoding", ENCODINGS)
@for_each("row", FORMS, ids=lambda row: row.template)
async def test_a_form_names_what_the_same_body_names_as_json(row: Route, encoding: str) -> None:
    for body in bodies(row):
        sent = merged(put(row.names[0], "own"), body)
        as_json = footprint(match_of(row), b"", sent).models
        assert "hidden" in as_json
        assert await named_in_a_form(row, ENCODINGS[encoding](sent)) == as_json, body


@pytest.mark.parametrize("encoding", ENCODINGS)
@for_each("row", FORMS, ids=lambda row: row.template)
async def test_a_form_is_refused_where_the_same_body_is_as_json(row: Route, encoding: str) -> None:
    for where in UNDECLARED:
        sent = merged(put(row.names[0], "own"), put(where, "hidden"))
        with pytest.raises(Invalid):
            footprint(match_of(row), b"", sent)
        with pytest.raises(Invalid):
            await named_in_a_form(row, ENCODINGS[encoding](sent))


URLS = sorted(row.template for row in ROUTES if row.template in BATCHED and row.reads != "form")


@pytest.mark.parametrize("url", URLS)
def test_a_line_of_a_batch_names_what_the_same_body_names_in_a_request(url: str) -> None:
    row = next(row for row in ROUTES if row.template == url)
    for body in bodies(row):
        sent = merged({"model": "own"}, body)
        as_request = footprint(match_of(row), b"", sent).models
        assert read(line(sent, url=url)).footprint.models == as_request, body


@pytest.mark.parametrize("url", URLS)
def test_a_line_of_a_batch_is_refused_where_the_same_body_is_in_a_request(url: str) -> None:
    for where in UNDECLARED:
        with pytest.raises(Invalid):
            read(line(merged({"model": "own"}, put(where, "hidden")), url=url))


FRAMES: list[tuple[Handler, str]] = [(handler, event) for handler, events in EVENTS.items() for event in sorted(events)]


def framed(handler: Handler, event: str, body: Body) -> list[str]:
    """The models that a frame names. Raises Invalid."""
    sent = {"type": event, **({"model": "own"} if handler == "responses" else {}), **body}
    return read_frame(handler, b"" if handler == "responses" else b"model=own", [], orjson.dumps(sent).decode()).models


@pytest.mark.parametrize(("handler", "event"), FRAMES)
def test_a_frame_is_read_by_the_places_of_its_row(handler: Handler, event: str) -> None:
    row = row_of(handler, event)
    for where in (*row.names, *row.nested):
        assert "hidden" in framed(handler, event, put(where, "hidden")), where
    for field in FALLBACKS:
        for where in (field, *(f"{inner}.{field}" for inner in INNER)):
            assert "hidden" in framed(handler, event, put(where, ["hidden"])), where


@pytest.mark.parametrize(("handler", "event"), FRAMES)
def test_a_frame_is_refused_for_what_no_place_tells_of(handler: Handler, event: str) -> None:
    for where in UNDECLARED:
        if where.startswith("session") and handler == "responses":
            continue
        for body in (put(where, "hidden"), *(put(f"{inner}.{where}", "hidden") for inner in INNER)):
            with pytest.raises(Invalid):
                framed(handler, event, body)
