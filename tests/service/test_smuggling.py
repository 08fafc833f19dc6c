"""Where a request ends is read in one way only: what a proxy in front could read otherwise is refused, and closes the
connection (M2). Each connection ends with a health probe: it is answered if, and only if, the framing is still agreed.
"""

import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from service.front import LAST, Front, chat_body, chunked, front, length

BODY = chat_body()
CHUNKED = b"transfer-encoding: chunked"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """One Modelward for all connections."""
    with front(tmp_path_factory.mktemp("strict")) as running:
        yield running


CLEAR: dict[str, tuple[list[bytes], bytes]] = {
    "a length": ([length(BODY)], BODY),
    "a length with zeros before it": ([b"content-length: 00%d" % len(BODY)], BODY),
    "a length between tabs": ([b"content-length:\t%d\t" % len(BODY)], BODY),
    "chunks": ([CHUNKED], chunked(BODY)),
    "chunks in other letters": ([b"Transfer-Encoding: Chunked"], chunked(BODY)),
    "chunks after a tab": ([b"transfer-encoding:\tchunked"], chunked(BODY)),
    "a chunk's extension": ([CHUNKED], b"%x;a=b\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)),
    "a chunk's size with zeros": ([CHUNKED], b"0000000000000000000%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)),
    "another header that looks like a length": ([length(BODY), b"content_length: 3"], BODY),
    "a connection that names the length": ([length(BODY), b"connection: content-length"], BODY),
    "an upgrade that nobody asks to be made": ([length(BODY), b"upgrade: h2c"], BODY),
}


@pytest.mark.parametrize("shape", list(CLEAR))
def test_a_clear_request_is_answered_and_the_next_one_too(strict: Front, shape: str) -> None:
    lines, body = CLEAR[shape]
    assert strict.statuses(strict.request(*lines, body=body) + LAST) == [200, 200]
    assert [call.json()["model"] for call in strict.calls] == ["allowed"]


def _length(value: bytes) -> tuple[list[bytes], bytes]:
    return [b"content-length: " + value], BODY


def _coding(*values: bytes) -> tuple[list[bytes], bytes]:
    return [b"transfer-encoding: " + value for value in values], chunked(BODY)


def _chunk(text: bytes) -> tuple[list[bytes], bytes]:
    return [CHUNKED], text


AMBIGUOUS: dict[str, tuple[list[bytes], bytes]] = {
    "two equal lengths": ([length(BODY), length(BODY)], BODY),
    "two lengths": ([length(BODY), b"content-length: 3"], BODY),
    "a list of lengths": _length(b"%d, %d" % (len(BODY), len(BODY))),
    "a length with plus": _length(b"+%d" % len(BODY)),
    "a length below nothing": _length(b"-%d" % len(BODY)),
    "a hexadecimal length": _length(b"0x21"),
    "an empty length": _length(b""),
    "a length in two parts": _length(b"3 3"),
    "a length beyond 64 bits": _length(b"9" * 30),
    "a length after another space": _length(b"\x0b%d" % len(BODY)),
    "a length with a space before the colon": ([b"content-length : %d" % len(BODY)], BODY),
    "a length, then chunks": ([length(BODY), CHUNKED], chunked(BODY)),
    "chunks, then a length": ([CHUNKED, length(BODY)], chunked(BODY)),
    "identity": _coding(b"identity"),
    "identity beside a length": ([length(BODY), b"transfer-encoding: identity"], BODY),
    "identity, chunked": _coding(b"identity, chunked"),
    "chunked, identity": _coding(b"chunked, identity"),
    "gzip, chunked": _coding(b"gzip, chunked"),
    "chunked, chunked": _coding(b"chunked, chunked"),
    "chunked twice": _coding(b"chunked", b"chunked"),
    "chunked and identity": _coding(b"chunked", b"identity"),
    "xchunked": _coding(b"xchunked"),
    "chunkedx": _coding(b"chunkedx"),
    "chunked in quotes": _coding(b'"chunked"'),
    "chunked with a parameter": _coding(b"chunked;q=1"),
    "an empty part before chunked": _coding(b", chunked"),
    "an empty part after chunked": _coding(b"chunked,"),
    "an empty coding": _coding(b""),
    "an empty coding beside a length": ([length(BODY), b"transfer-encoding:"], BODY),
    "chunked after another space": _coding(b"\x0bchunked"),
    "chunked and a NUL": _coding(b"chunked\x00"),
    "chunked and a tab": _coding(b"chunked\t"),
    "a space before the colon": ([b"transfer-encoding : chunked"], chunked(BODY)),
    "a tab before the colon": ([b"transfer-encoding\t: chunked"], chunked(BODY)),
    "a space before the name": ([b"x: y", b" transfer-encoding: chunked"], chunked(BODY)),
    "a folded coding": ([b"transfer-encoding:\r\n chunked"], chunked(BODY)),
    "a folded header": ([length(BODY), b"x: a\r\n b"], BODY),
    "a line that ends with LF": ([b"x: a\ncontent-length: 3", length(BODY)], BODY),
    "CR in a value": ([b"x: a\rcontent-length: 3", length(BODY)], BODY),
    "CR CR LF": ([b"x: a\r", length(BODY)], BODY),
    "NUL in a value": ([b"x: a\x00b", length(BODY)], BODY),
    "NUL in a name": ([b"x\x00: a", length(BODY)], BODY),
    "a space in a name": ([b"x y: a", length(BODY)], BODY),
    "no name": ([b": a", length(BODY)], BODY),
    "no colon": ([b"content-length", length(BODY)], BODY),
    "a name that is no ASCII": (["ä: a".encode(), length(BODY)], BODY),
    "a chunk's size with plus": _chunk(b"+" + chunked(BODY)),
    "a chunk's size below nothing": _chunk(b"-" + chunked(BODY)),
    "a chunk's size with 0x": _chunk(b"0x" + chunked(BODY)),
    "a chunk's size after a space": _chunk(b" " + chunked(BODY)),
    "a chunk's size before a space": _chunk(b"%x \r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)),
    "a chunk's size beyond 64 bits": _chunk(b"1" + b"0" * 14 + chunked(BODY)),
    "a chunk without a size": _chunk(b"\r\n%b\r\n0\r\n\r\n" % BODY),
    "LF after a chunk's size": _chunk(b"%x\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)),
    "LF in a chunk's extension": _chunk(b"%x;a\nb\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)),
    "CR in a chunk's extension": _chunk(b"%x;a\rb\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)),
    "LF after a chunk": _chunk(b"%x\r\n%b\n0\r\n\r\n" % (len(BODY), BODY)),
    "nothing after a chunk": _chunk(b"%x\r\n%b0\r\n\r\n" % (len(BODY), BODY)),
    "something else after a chunk": _chunk(b"%x\r\n%bXX0\r\n\r\n" % (len(BODY), BODY)),
    "a length as a trailer": _chunk(chunked(BODY, ending=b"0\r\ncontent-length: 3\r\n\r\n")),
}  # fmt: skip


@pytest.mark.parametrize("shape", list(AMBIGUOUS))
def test_an_ambiguous_request_is_400_and_ends_the_connection(strict: Front, shape: str) -> None:
    lines, body = AMBIGUOUS[shape]
    (answer,) = strict.answers(strict.request(*lines, body=body) + LAST)
    assert (answer.status, answer.error_type) == (400, "invalid_request_error")
    assert answer.headers["connection"] == "close"
    assert not strict.calls


def test_lines_that_all_end_with_lf_are_refused(strict: Front) -> None:
    assert strict.statuses(strict.chat().replace(b"\r\n", b"\n") + LAST) == [400]
    assert not strict.calls


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
    host, port = "127.0.0.1", strict.served.port
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(strict.request(length(BODY), b"expect: 100-continue", b"connection: close"))
        assert connection.recv(65_536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(BODY)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")


def test_a_body_sent_without_leave_is_no_request(strict: Front) -> None:
    body = strict.chat()
    refused = strict.request(length(body), b"expect: 100-continue").replace(strict.key.encode(), b"sk-unknown")
    assert strict.statuses(refused, body + LAST) in ([401, 200], [100, 401, 200])
    assert not strict.calls


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket", b"TLS/1.0"])
def test_the_body_of_a_request_to_upgrade_is_no_request(strict: Front, protocol: bytes) -> None:
    inner = strict.chat()
    lines = [b"connection: upgrade", b"upgrade: " + protocol, b"sec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg=="]
    with suppress(ConnectionError):
        assert strict.statuses(strict.request(*lines, length(inner)), inner + LAST) == [400]
    assert not strict.calls


def test_an_upgrade_that_is_not_made_ends_the_connection_after_the_answer(strict: Front) -> None:
    lines = [b"connection: upgrade", b"upgrade: h2c"]
    assert strict.statuses(strict.request(*lines, start=b"GET /v1/models HTTP/1.1"), strict.chat()) == [200]
    assert not strict.calls
