"""Bedrock's bodies: the model's native fields stand inside `additionalModelRequestFields` of a conversation."""

from typing import Any

import pytest

from gateway.table_bodies import put
from modelward.errors import Invalid
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.objects import ids_of
from modelward.gateway.request.footprint import footprint
from modelward.gateway.request.outgoing import Outgoing
from modelward.gateway.routes import Router

ROUTER = Router(ROUTES)
NATIVE = "additionalModelRequestFields."
PLACES = [
    *("model", "tools[].model", "tools[].svg.model", "messages[].content[].tool.definition.model"),
    "messages[].content[].tool_changes[].tool.definition.model",
]
EACH_VERB = pytest.mark.parametrize("verb", ["invoke", "invoke-with-response-stream", "converse", "converse-stream"])


def read(verb: str, body: dict[str, Any]) -> list[str]:
    """The models that a request names. Raises Invalid for what is refused."""
    match = ROUTER.find("POST", f"/bedrock/model/own/{verb}")
    assert match is not None
    found = footprint(match, b"", body)
    ids_of(match.route, {}, body)
    return found.models


@EACH_VERB
@pytest.mark.parametrize("place", PLACES)
def test_a_model_in_the_native_fields_is_judged(verb: str, place: str) -> None:
    assert read(verb, put(NATIVE + place, "hidden")) == ["own", "hidden"]


def test_a_model_in_the_native_fields_travels_as_the_upstreams_own() -> None:
    match = ROUTER.find("POST", "/bedrock/model/own/converse")
    assert match is not None
    written = Outgoing(match.route, put(f"{NATIVE}tools[].model", "a")).named("up", lambda name: f"up-{name}")
    assert written == put(f"{NATIVE}tools[].model", "up-a")


@EACH_VERB
@pytest.mark.parametrize("place", ["modelId", f"{NATIVE}modelId", "extra_body.modelId"])
def test_a_model_id_in_the_body_is_refused(verb: str, place: str) -> None:
    with pytest.raises(Invalid, match="modelId`"):
        read(verb, put(place, "hidden"))


@EACH_VERB
@pytest.mark.parametrize("place", ["x.s3Uri", "x.uri", f"{NATIVE}x.s3Uri"])
def test_a_bucket_is_refused(verb: str, place: str) -> None:
    with pytest.raises(Invalid, match="send the bytes"):
        read(verb, put(place, "s3://bucket/file"))


def test_a_tools_own_field_of_that_name_is_taken() -> None:
    tool = {"toolSpec": {"name": "f", "inputSchema": {"json": {"properties": {"modelId": {"type": "string"}}}}}}
    assert read("converse", {"toolConfig": {"tools": [tool]}}) == ["own"]
