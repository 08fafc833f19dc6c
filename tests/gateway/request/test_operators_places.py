"""What an operator lets through by `modelward_settings.model_fields` is judged as a name, and renamed (M7)."""

from contextlib import aclosing
from typing import Any

import orjson
import pytest

from gateway.asgi import chunks
from gateway.batch.files import line, read
from gateway.configs import Compile, config, served
from gateway.form_bytes import LIMIT, TYPE, text, whole
from gateway.gates import GateSetup, gate_setup, sent
from gateway.table_bodies import match_of, put
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.request.footprint import footprint
from modelward.gateway.request.forms import read_form
from modelward.gateway.request.outgoing import Outgoing
from modelward.gateway.routes import naming
from modelward.gateway.sockets.frames import read_frame

PLACES = ["panel.judges[].model", "panel.models[]", "best_model", "roles.*", "models[]"]
EACH_PLACE = pytest.mark.parametrize("place", PLACES)


@pytest.fixture
def lenient(compile_config: Compile) -> GateSetup:
    """A gate whose operator lets these places through; `sk-narrow` may use one model of two."""
    made = gate_setup(
        compile_config(config(served("gpt-4"), served("gpt-4o"), modelward_settings={"model_fields": PLACES}))
    )
    made.people.add("sk-narrow", models=["gpt-4"])
    return made


@EACH_PLACE
async def test_without_the_setting_the_field_is_refused(plain: GateSetup, place: str) -> None:
    if place != "roles.*":
        assert (await plain.chat("gpt-4", **put(place, "gpt-4"))).status == 400


@EACH_PLACE
async def test_an_allowed_name_travels(lenient: GateSetup, place: str) -> None:
    assert (await lenient.chat("gpt-4", key="sk-narrow", **put(place, "gpt-4"))).status == 200
    (call,) = lenient.forwarder.calls
    assert sent(call) == {"model": "gpt-4", "messages": [], **put(place, "gpt-4")}


@EACH_PLACE
async def test_a_name_that_is_not_allowed_is_refused(lenient: GateSetup, place: str) -> None:
    for body in (put(place, "gpt-4o"), {"extra_body": put(place, "gpt-4o")}):
        assert (await lenient.chat("gpt-4", key="sk-narrow", **body)).status == 403
    assert lenient.forwarder.calls == []


@EACH_PLACE
async def test_what_is_no_name_is_refused(lenient: GateSetup, place: str) -> None:
    for value in (7, "", {"model": "gpt-4"}):
        assert (await lenient.chat("gpt-4", **put(place, value))).status == 400


async def test_any_other_such_field_is_still_refused(lenient: GateSetup) -> None:
    for place in ("panel.judges[].base_model", "panel.model", "judges[].model", "x.best_model"):
        assert (await lenient.chat("gpt-4", **put(place, "gpt-4"))).status == 400


@EACH_PLACE
def test_the_upstreams_own_name_is_written(place: str) -> None:
    row = naming(next(row for row in ROUTES if row.template == "/v1/chat/completions"), tuple(PLACES))
    body = {"model": "own", **put(place, "a")}
    assert Outgoing(row, body).named("up-own", lambda name: f"up-{name}") == {"model": "up-own", **put(place, "up-a")}
    assert body == {"model": "own", **put(place, "a")}


@EACH_PLACE
def test_the_line_of_a_batch_is_judged_by_it(place: str) -> None:
    body = {"model": "gpt-4", **put(place, "gpt-4o")}
    assert read(line(body), model_fields=tuple(PLACES)).footprint.models == ["gpt-4", "gpt-4o"]


@EACH_PLACE
def test_a_frame_is_judged_by_it(place: str) -> None:
    frame: dict[str, Any] = {"type": "response.create", "model": "gpt-4", **put(place, "gpt-4o")}
    asked = read_frame("responses", b"", [], orjson.dumps(frame).decode(), tuple(PLACES))
    assert asked.models == ["gpt-4", "gpt-4o"]


async def test_a_form_is_judged_by_it() -> None:
    row = naming(next(row for row in ROUTES if row.template == "/v1/images/edits"), tuple(PLACES))
    parts = (
        text("model", "own"),
        text("panel[judges][0][model]", "a"),
        text("roles", '{"x": "b"}'),
        text("models[]", "c"),
    )
    async with aclosing(await read_form(row, [(b"content-type", TYPE)], chunks([whole(*parts)]), LIMIT)) as form:
        assert footprint(match_of(row), b"", form.fields).models == ["own", "a", "b", "c"]
