"""What follows a request on its connection, or comes late in it, is judged by itself or not read at all (M1, A1)."""

import socket
from collections.abc import Iterator

import pytest

from service.front import LAST, Front, chat_body, chunked, front, length

BODY = chat_body()
CHUNKED = b"transfer-encoding: chunked"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """One Modelward for all connections."""
    with front(tmp_path_factory.mktemp("strict")) as running:
        yield running


def test_what_follows_a_body_is_a_request_of_its_own_with_its_own_credential(strict: Front) -> None:
    bare = strict.chat().replace(b"authorization: Bearer " + strict.key.encode(), b"x: y")
    assert strict.statuses(strict.chat() + bare + strict.chat("other") + LAST) == [200, 401, 403, 200]
    assert len(strict.calls) == 1


def test_bytes_that_follow_a_body_and_are_no_request_end_the_connection_after_its_answer(strict: Front) -> None:
    assert strict.statuses(strict.chat() + b"}\r\n\r\n" + LAST) == [200]


def test_a_fault_is_not_told_as_the_answer_to_a_request_before_it(strict: Front) -> None:
    bad = strict.request(length(BODY), CHUNKED, body=BODY)
    assert strict.statuses(strict.chat() + strict.chat() + bad + LAST) == [200, 200]
    assert len(strict.calls) == 2


def test_nothing_is_served_after_a_request_that_closes(strict: Front) -> None:
    assert strict.statuses(strict.chat("allowed", b"connection: close") + strict.chat()) == [200]
    assert len(strict.calls) == 1


@pytest.mark.parametrize("line", [b"authorization: Bearer sk-master-1234", b"x-litellm-api-key: sk-master-1234"])
def test_a_trailer_is_no_credential(strict: Front, line: bytes) -> None:
    body = chunked(chat_body("other"), ending=b"0\r\n" + line + b"\r\n\r\n")
    bare = strict.request(CHUNKED, body=body).replace(b"authorization: Bearer " + strict.key.encode(), b"x: y")
    assert strict.statuses(strict.request(CHUNKED, body=body) + bare + LAST) == [403, 401, 200]
    assert not strict.calls


def test_a_trailer_changes_nothing_about_its_request(strict: Front) -> None:
    body = chunked(BODY, ending=b"0\r\nauthorization: Bearer sk-other\r\nx-litellm-end-user-id: c\r\n\r\n")
    assert strict.statuses(strict.request(CHUNKED, body=body) + LAST) == [200, 200]


def test_a_head_longer_than_64_kib_is_431(strict: Front) -> None:
    assert strict.statuses(strict.request(b"x: " + b"a" * 70_000, length(BODY), body=BODY) + LAST) == [431]
    assert not strict.calls


@pytest.mark.parametrize("begun", [b"1;", b"1\r\n \r\n0\r\nx: "], ids=["extension", "trailer"])
def test_chunks_that_bring_no_body_do_not_go_on_for_ever(strict: Front, begun: bytes) -> None:
    with socket.create_connection(("127.0.0.1", strict.served.port), timeout=10) as connection:
        connection.sendall(strict.request(CHUNKED, body=begun))
        with pytest.raises(OSError):
            for _ in range(1000):
                connection.sendall(b"a" * 65_536)
    assert strict.served.ready()


def test_a_body_that_waits_for_leave_is_read_after_it(strict: Front) -> None:
    with socket.create_connection(("127.0.0.1", strict.served.port), timeout=10) as connection:
        connection.sendall(strict.request(length(BODY), b"expect: 100-continue", b"connection: close"))
        assert connection.recv(65_536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(BODY)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")


def test_a_body_sent_without_leave_is_no_request(strict: Front) -> None:
    body = strict.chat()
    refused = strict.request(length(body), b"expect: 100-continue").replace(strict.key.encode(), b"sk-unknown")
    assert strict.statuses(refused, body + LAST) == [401, 200]
    assert not strict.calls


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket", b"TLS/1.0"])
def test_the_body_of_a_request_to_upgrade_is_no_request(strict: Front, protocol: bytes) -> None:
    inner = strict.chat()
    lines = [b"connection: upgrade", b"upgrade: " + protocol, b"sec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg=="]
    assert strict.statuses(strict.request(*lines, length(inner)), inner + LAST) == [400]
    assert not strict.calls


def test_an_upgrade_that_is_not_made_ends_the_connection_after_the_answer(strict: Front) -> None:
    lines = [b"connection: upgrade", b"upgrade: h2c"]
    assert strict.statuses(strict.request(*lines, start=b"GET /v1/models HTTP/1.1"), strict.chat()) == [200]
    assert not strict.calls


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket"])
def test_an_upgrade_is_not_made_while_an_answer_is_under_way(strict: Front, protocol: bytes) -> None:
    lines = [b"connection: upgrade", b"upgrade: " + protocol, b"sec-websocket-version: 13"]
    asked = strict.request(*lines, b"sec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==", start=b"GET /v1/realtime HTTP/1.1")
    assert strict.statuses(strict.chat() + asked, strict.chat()) == [200]
    assert len(strict.calls) == 1
