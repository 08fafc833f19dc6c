"""The official `openai` SDK over sockets: `realtime.connect` and `responses.connect`."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from openai import AsyncOpenAI
from openai.types.realtime import RealtimeErrorEvent, SessionUpdatedEvent
from openai.types.responses import ResponseCreatedEvent
from websockets.exceptions import ConnectionClosedError

from gateway.sockets.service import MASTER_KEY, PROVIDER_ENV, write_config
from harness.gateway import Gateway, gateway
from harness.upstream_socket import Said, UpstreamSockets, upstream_sockets


def _answer(event: dict[str, Any]) -> Iterator[Said]:
    """What the SDK expects for the two events that the tests send."""
    if event["type"] == "session.update":
        yield json.dumps({"type": "session.updated", "event_id": "e", "session": event["session"]})
        return
    response = {"id": "resp_1", "object": "response", "created_at": 1, "model": event["model"], "output": []}
    more = {"parallel_tool_calls": True, "tool_choice": "auto", "tools": []}
    yield json.dumps({"type": "response.created", "sequence_number": 0, "response": response | more})


@pytest.fixture(scope="module")
def provider() -> Iterator[UpstreamSockets]:
    """A provider of sockets."""
    with upstream_sockets() as running:
        running.script = _answer
        yield running


@pytest.fixture(scope="module")
def served(provider: UpstreamSockets, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A Modelward in front of it."""
    folder: Path = tmp_path_factory.mktemp("sockets")
    write_config(folder / "config.yaml", provider)
    with gateway(folder / "config.yaml", folder, master_key=MASTER_KEY, env=PROVIDER_ENV) as running:
        yield running


@pytest.fixture
async def client(served: Gateway) -> AsyncIterator[AsyncOpenAI]:
    """A client whose key may use `allowed` and nothing else."""
    key = served.new_key(models=["allowed"])
    async with AsyncOpenAI(base_url=f"{served.url}/v1", api_key=key) as made:
        yield made


async def test_a_realtime_session_is_opened_and_updated(client: AsyncOpenAI) -> None:
    async with client.realtime.connect(model="allowed") as connection:
        await connection.session.update(session={"type": "realtime", "instructions": "be brief"})
        event = await connection.recv()
    assert isinstance(event, SessionUpdatedEvent)


async def test_a_forbidden_realtime_model_is_an_error_event_and_a_close(client: AsyncOpenAI) -> None:
    async with client.realtime.connect(model="other") as connection:
        event = await connection.recv()
        with pytest.raises(ConnectionClosedError) as closed:
            await connection.recv()
    assert isinstance(event, RealtimeErrorEvent)
    assert (event.error.type, event.error.code, event.error.param) == ("key_model_access_denied", "403", "model")
    assert "GET /v1/models" in event.error.message
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


async def test_an_unknown_key_is_an_error_event_that_does_not_show_it(served: Gateway) -> None:
    async with (
        AsyncOpenAI(base_url=f"{served.url}/v1", api_key="sk-nobody-knows-this-key") as client,
        client.realtime.connect(model="allowed") as connection,
    ):
        event = await connection.recv()
    assert isinstance(event, RealtimeErrorEvent)
    assert event.error.type == "token_not_found_in_db"
    assert "sk-nobody-knows-this-key" not in event.error.message


async def test_a_refused_socket_is_not_opened_again(client: AsyncOpenAI) -> None:
    tried = list[object]()
    async with client.realtime.connect(model="other", on_reconnecting=tried.append) as connection:
        with pytest.raises(ConnectionClosedError):
            async for _ in connection:
                pass
    assert not tried


async def test_a_model_that_a_session_update_names_is_judged(client: AsyncOpenAI) -> None:
    async with client.realtime.connect(model="allowed") as connection:
        await connection.session.update(session={"type": "realtime", "model": "other"})
        event = await connection.recv()
    assert isinstance(event, RealtimeErrorEvent)
    assert event.error.type == "key_model_access_denied"


async def test_a_transcription_model_is_judged(client: AsyncOpenAI) -> None:
    async with client.realtime.connect(model="allowed") as connection:
        await connection.session.update(
            session={"type": "realtime", "audio": {"input": {"transcription": {"model": "hearing"}}}}
        )
        event = await connection.recv()
    assert isinstance(event, RealtimeErrorEvent)
    assert event.error.type == "key_model_access_denied"


async def test_a_response_is_created_over_a_socket(client: AsyncOpenAI) -> None:
    async with client.responses.connect() as connection:
        await connection.response.create(model="allowed", input="hello")
        event = await connection.recv()
    assert isinstance(event, ResponseCreatedEvent)
    assert event.response.id == "resp_1"


async def test_a_forbidden_model_ends_a_socket_of_responses(client: AsyncOpenAI) -> None:
    async with client.responses.connect() as connection:
        await connection.response.create(model="other", input="hello")
        event = await connection.recv()
        with pytest.raises(ConnectionClosedError):
            await connection.recv()
    assert event.type == "error"
    assert "key_model_access_denied" in event.to_json()
