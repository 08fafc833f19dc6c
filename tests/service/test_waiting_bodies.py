"""A caller that holds its body back is judged as it is when the body is whole (A2, A5)."""

import json
import socket
from collections.abc import Iterator

import pytest

from harness.bundles import SAMPLE_CONFIG, SAMPLE_MASTER_KEY
from harness.gateway import Gateway, gateway
from harness.process import eventually


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """The sample config, served."""
    with gateway(SAMPLE_CONFIG, tmp_path_factory.mktemp("waiting"), master_key=SAMPLE_MASTER_KEY) as started:
        yield started


class HeldBack:
    """A request whose last byte waits."""

    def __init__(self, port: int, path: str, key: str, content: object) -> None:
        self._body = json.dumps(content).encode()
        head = f"POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\nconnection: close\r\n"
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._socket.sendall(f"{head}content-length: {len(self._body)}\r\n\r\n".encode() + self._body[:-1])

    def finish(self) -> int:
        """The status, once the last byte is sent."""
        with self._socket:
            self._socket.sendall(self._body[-1:])
            answer = b""
            while part := self._socket.recv(65536):
                answer += part
        return int(answer.split()[1])


CHAT = {"model": "gpt-4", "messages": [{"role": "user", "content": "hello"}]}


def _is_known(running: Gateway, key: str) -> bool:
    return running.call("GET", "/v1/models", key=key).status == 200


def test_a_key_that_is_deleted_while_the_body_waits_is_refused(running: Gateway) -> None:
    key = running.new_key(models=["gpt-4"])
    waiting = HeldBack(running.port, "/v1/chat/completions", key, CHAT)
    eventually(lambda: _is_known(running, key), 10)
    running.manage("/key/delete", {"keys": [key]})
    assert waiting.finish() == 401


def test_a_model_that_is_taken_away_while_the_body_waits_is_refused(running: Gateway) -> None:
    key = running.new_key(models=["gpt-4"])
    waiting = HeldBack(running.port, "/v1/chat/completions", key, CHAT)
    eventually(lambda: _is_known(running, key), 10)
    running.manage("/key/update", {"key": key, "models": ["gpt-4o"]})
    assert waiting.finish() == 403


def test_an_admins_key_that_is_deleted_while_the_body_waits_makes_no_key(running: Gateway) -> None:
    running.manage("/user/new", {"user_id": "boss", "user_role": "proxy_admin", "auto_create_key": False})
    key = running.new_key(user_id="boss")
    waiting = HeldBack(running.port, "/key/generate", key, {"key_alias": "late"})
    eventually(lambda: _is_known(running, key), 10)
    running.manage("/key/delete", {"keys": [key]})
    assert waiting.finish() == 401


def test_a_body_that_waits_and_changes_nothing_is_answered(running: Gateway) -> None:
    key = running.new_key(models=["gpt-4"])
    waiting = HeldBack(running.port, "/v1/chat/completions", key, CHAT)
    eventually(lambda: _is_known(running, key), 10)
    assert waiting.finish() == 200
