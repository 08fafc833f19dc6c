"""Sockets and the life of the process: shutdown, a new config, ends that do not read, handshakes that are none."""

import asyncio
import base64
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from gateway.sockets.service import MASTER_KEY, PROVIDER_ENV, SocketService, write_config
from harness.gateway import gateway
from harness.memory import growth
from harness.process import eventually
from harness.upstream_socket import UpstreamSockets, upstream_sockets

REALTIME = "/v1/realtime?model=allowed"
MIB = 1024 * 1024


@pytest.fixture
def provider() -> Iterator[UpstreamSockets]:
    """A provider of sockets."""
    with upstream_sockets() as running:
        yield running


@contextmanager
def _serving(provider: UpstreamSockets, folder: Path) -> Iterator[SocketService]:
    config = folder / "config.yaml"
    write_config(config, provider)
    with gateway(config, folder, master_key=MASTER_KEY, env=PROVIDER_ENV) as running:
        yield SocketService(running, provider)


@pytest.fixture
def service(provider: UpstreamSockets, tmp_path: Path) -> Iterator[SocketService]:
    """A Modelward for one test."""
    with _serving(provider, tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SocketService]:
    """A Modelward for the tests that change nothing."""
    with upstream_sockets() as provider, _serving(provider, tmp_path_factory.mktemp("sockets")) as running:
        yield running


def _raw(service: SocketService, *, method: str = "GET", key: str = MASTER_KEY, extra: str = "") -> socket.socket:
    """A connection on which a socket is asked for."""
    connection = socket.create_connection(("127.0.0.1", service.gateway.port), timeout=10)
    nonce = base64.b64encode(os.urandom(16)).decode()
    head = f"{method} {REALTIME} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n{extra}"
    head += "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    connection.sendall(f"{head}Sec-WebSocket-Key: {nonce}\r\n\r\n".encode())
    return connection


async def test_open_sockets_end_with_the_process(service: SocketService) -> None:
    async with service.socket(REALTIME, MASTER_KEY) as one, service.socket("/v1/responses", MASTER_KEY) as two:
        await one.ask(type="input_audio_buffer.clear")
        service.gateway.process.terminate()
        assert [(await each.end()).code for each in (one, two)] == [1001, 1001]
    assert await asyncio.to_thread(service.gateway.process.wait, 60) == 0
    assert eventually(lambda: service.provider.dials[0].closed is not None, 30)
    assert not [word for word in ("Traceback", "Unclosed", "never retrieved") if word in service.gateway.process.output]


async def test_a_model_taken_from_the_config_ends_its_sockets(service: SocketService, tmp_path: Path) -> None:
    async with service.socket(REALTIME, MASTER_KEY) as open_one:
        await open_one.ask(type="input_audio_buffer.clear")
        write_config(tmp_path / "config.yaml", service.provider, leave_out="allowed")
        await asyncio.sleep(2)
        with suppress(ConnectionClosed):  # it may have ended by itself
            await open_one.send(type="input_audio_buffer.clear")
        end = await open_one.end()
    assert (end.code, end.error["code"]) == (1008, "model_not_found")
    assert len(service.provider.dials[0].frames) == 1


async def test_a_model_that_is_served_elsewhere_now_ends_its_sockets(service: SocketService, tmp_path: Path) -> None:
    async with service.socket(REALTIME, MASTER_KEY) as open_one:
        await open_one.ask(type="input_audio_buffer.clear")
        config = tmp_path / "config.yaml"
        config.write_text(config.read_text().replace("openai/up-allowed", "openai/up-moved"))
        await asyncio.sleep(2)
        with suppress(ConnectionClosed):  # it may have ended by itself
            await open_one.send(type="input_audio_buffer.clear")
        end = await open_one.end()
    assert (end.code, end.error["code"]) == (1011, "upstream_moved")
    assert end.event["event_id"].removeprefix("event_") in end.error["message"]
    assert len(service.provider.dials[0].frames) == 1


async def test_frames_that_ask_do_not_keep_a_socket_where_its_model_was(service: SocketService, tmp_path: Path) -> None:
    async with service.socket(REALTIME, MASTER_KEY) as open_one:
        config = tmp_path / "config.yaml"
        config.write_text(config.read_text().replace("openai/up-allowed", "openai/up-moved"))
        with suppress(AssertionError):
            async with asyncio.timeout(5):
                while True:
                    await open_one.ask(type="response.create")
        assert (await open_one.end()).code == 1011


async def test_a_config_that_changes_nothing_here_ends_no_socket(service: SocketService, tmp_path: Path) -> None:
    async with service.socket(REALTIME, MASTER_KEY) as open_one:
        await open_one.ask(type="input_audio_buffer.clear")
        write_config(tmp_path / "config.yaml", service.provider, leave_out="other")
        await asyncio.sleep(2)
        assert await open_one.ask(type="input_audio_buffer.clear") == {"type": "input_audio_buffer.clear"}


@pytest.mark.long
async def test_what_a_client_does_not_read_is_not_kept_here(service: SocketService) -> None:
    text = json.dumps({"type": "delta", "text": "x" * MIB})
    service.provider.script = lambda event: (text for _ in range(96))
    with _raw(service) as connection, growth(service.gateway.process.pid) as grown:
        assert b" 101 " in connection.recv(65536)
        connection.sendall(_frame(0x1, json.dumps({"type": "response.create"}).encode()))
        await asyncio.sleep(3)
    assert grown.mib < 32


@pytest.mark.long
async def test_what_an_upstream_does_not_read_is_not_kept_here(service: SocketService) -> None:
    service.provider.pause = 30
    event = {"type": "input_audio_buffer.append", "audio": "x" * MIB}
    with growth(service.gateway.process.pid) as grown:
        async with service.socket(REALTIME, MASTER_KEY) as client:
            with suppress(TimeoutError):
                async with asyncio.timeout(3):
                    for _ in range(200):
                        await client.send(**event)
            client.connection.transport.abort()
    assert grown.mib < 48


@pytest.mark.long
def test_pings_of_a_client_that_does_not_read_are_not_kept_here(service: SocketService) -> None:
    pings = _frame(0x9, b"x" * 125) * 1000
    with _raw(service) as connection, growth(service.gateway.process.pid) as grown:
        assert b" 101 " in connection.recv(65536)
        for _ in range(300):
            connection.sendall(pings)
    assert grown.mib < 16


@pytest.mark.parametrize(
    ("method", "extra"), [("POST", ""), ("GET", f"X-Long: {'x' * 70_000}\r\n"), ("GET", "X-Many: x\r\n" * 200)]
)
def test_a_handshake_that_cannot_be_read_is_answered_and_closed(shared: SocketService, method: str, extra: str) -> None:
    with _raw(shared, method=method, extra=extra) as connection:
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 4")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["type"] == "invalid_request_error"


def test_a_long_header_is_read_as_on_any_request(shared: SocketService) -> None:
    with _raw(shared, extra=f"X-Long: {'x' * 40_000}\r\n") as connection:
        assert connection.recv(65536).startswith(b"HTTP/1.1 101")


def test_text_that_is_no_utf8_and_endless_fragments_end_the_socket_without_a_traceback(shared: SocketService) -> None:
    for frames in (_frame(0x1, b"\xff\xfe"), b"\x01\x80\0\0\0\0" + b"\x00\x80\0\0\0\0" * 20_000):
        with _raw(shared) as connection:
            assert b" 101 " in connection.recv(65536)
            connection.sendall(frames)
            while connection.recv(65536):
                pass
    assert "Traceback" not in shared.gateway.process.output
    assert "connection open" not in shared.gateway.process.output


def _frame(opcode: int, payload: bytes) -> bytes:
    """One masked frame; the mask changes nothing."""
    assert len(payload) < 126
    return bytes([0x80 | opcode, 0x80 | len(payload), 0, 0, 0, 0]) + payload
