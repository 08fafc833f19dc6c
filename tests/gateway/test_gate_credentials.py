"""Who is not identified gets 401, whatever is asked; only probes and the API's description are open (A1, A2, A6)."""

import json

import pytest
from starlette.types import Message

from gateway.configs import PLAIN, Compile
from gateway.gates import CHAT, Forgetful, GateSetup, People, gate_setup
from harness.tables import for_each
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.gate import PUBLIC
from modelward.gateway.routes import SOCKET, Route
from modelward.identity import key_hash


@for_each("row", ROUTES, ids=lambda row: row.template)
async def test_no_route_is_served_without_a_credential(plain: GateSetup, row: Route) -> None:
    path = row.template.replace("{model}", "gpt-4").replace("{path}", "anything")
    for method in row.methods:
        answer = await plain.call(method, path, content={"model": "gpt-4"})
        assert (answer.status, answer.error_type) == (401, "auth_error")
    assert not plain.forwarder.calls
    assert not plain.admin.scopes


@pytest.mark.parametrize(
    "path",
    ["/health", "/health/", "/health/readiness/", "/health//liveness", "/docs/", "/docs/redoc.standalone.js", "/redoc"],
)
async def test_nothing_beside_an_open_path_is_open(plain: GateSetup, path: str) -> None:
    assert (await plain.call("GET", path)).status == 401


@pytest.mark.parametrize("path", sorted(PUBLIC))
async def test_the_description_of_the_api_is_open(plain: GateSetup, path: str) -> None:
    assert (await plain.call("GET", path)).status == 201
    assert (await plain.call("POST", path)).status == 401


async def test_the_hash_of_a_key_is_no_key(plain: GateSetup) -> None:
    answer = await plain.chat("gpt-4", key=key_hash("sk-any"))
    assert (answer.status, answer.error_type) == (401, "auth_error")


async def test_a_key_in_the_query_is_none(plain: GateSetup) -> None:
    assert (await plain.call("POST", f"{CHAT}?key=sk-any", content={"model": "gpt-4"})).status == 401


async def test_a_credential_sent_twice_with_different_values_is_401(plain: GateSetup) -> None:
    headers = {"Authorization": "Bearer sk-any", "authorization": "Bearer sk-other"}
    assert (await plain.call("POST", CHAT, content={"model": "gpt-4"}, headers=headers)).status == 401


async def test_the_first_credential_header_decides_alone(plain: GateSetup) -> None:
    headers = {"x-litellm-api-key": "sk-nobody"}
    assert (await plain.call("POST", CHAT, key="sk-any", content={"model": "gpt-4"}, headers=headers)).status == 401


async def test_a_store_that_cannot_be_asked_is_503(compile_config: Compile) -> None:
    gated = gate_setup(compile_config(PLAIN), people=Forgetful())
    answer = await gated.chat("gpt-4")
    assert (answer.status, answer.headers["x-should-retry"]) == (503, "false")
    assert not gated.forwarder.calls


async def test_head_is_no_way_to_list(plain: GateSetup) -> None:
    assert (await plain.call("HEAD", "/v1/models")).status == 401
    assert (await plain.call("HEAD", "/v1/models", key="sk-any")).status == 404


@pytest.mark.parametrize(("people", "code"), [(People(), "401"), (Forgetful(), "503")])
async def test_a_socket_of_nobody_is_opened_told_why_and_closed(
    compile_config: Compile, people: People, code: str
) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"authorization", b"Bearer sk-other")]
    scope = {"type": "websocket", "raw_path": b"/v1/realtime", "query_string": b"model=gpt-4", "headers": headers}
    gated = gate_setup(compile_config(PLAIN), people=people)
    await gated.gate(scope, receive, send)
    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.send", "websocket.close"]
    assert json.loads(sent[1]["text"])["error"]["code"] == code
    assert sent[2]["code"] == 1008


async def test_a_method_of_that_name_makes_no_socket(plain: GateSetup) -> None:
    answer = await plain.call(SOCKET, "/v1/realtime?model=gpt-4", key="sk-any")
    assert (answer.status, answer.error_type) == (404, "invalid_request_error")
