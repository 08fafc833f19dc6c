"""Where a request ends is read in one way only: what a proxy in front could read otherwise is refused, and closes the
connection (M2). Each connection ends with a health probe: it is answered if, and only if, the framing is still agreed.
"""

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
