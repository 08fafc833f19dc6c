"""A body is read as JSON or not at all, whatever is said about it (M2)."""

import threading

import pytest

from gateway.asgi import ask, chunks, http_scope
from gateway.gates import BODY_LIMIT, CHAT, GateSetup
from modelward.errors import ClientLeft, Invalid
from modelward.gateway.request.body import LARGE, parse, read, worked


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", ""],
)
async def test_json_is_read_whatever_the_content_type_says(plain: GateSetup, content_type: str) -> None:
    answer = await plain.call(
        "POST", CHAT, key="sk-any", raw=b'{"model": "gpt-4"}', headers={"Content-Type": content_type}
    )
    assert answer.status == 200


NO_JSON_OBJECT = {
    "nothing": b"",
    "white space": b"  ",
    "a form": b"model=gpt-4",
    "a list": b'[{"model": "gpt-4"}]',
    "a text": b'"gpt-4"',
    "null": b"null",
    "half an object": b'{"model": "gpt-4"',
    "two objects": b'{"model": "gpt-4"}{"model": "gpt-4o"}',
    "trailing garbage": b'{"model": "gpt-4"} x',
    "a comment": b'{"model": "gpt-4"} // hello',
    "a trailing comma": b'{"model": "gpt-4",}',
    "single quotes": b"{'model': 'gpt-4'}",
    "no number": b'{"model": "gpt-4", "temperature": NaN}',
    "an endless number": b'{"model": "gpt-4", "temperature": 1e999}',
    "a byte order mark": b'\xef\xbb\xbf{"model": "gpt-4"}',
    "UTF-16": '{"model": "gpt-4"}'.encode("utf-16"),
    "broken UTF-8": b'{"model": "gpt-4\xff"}',
    "overlong UTF-8": b'{"model": "gpt-4\xc0\xaf"}',
    "half a character": b'{"model": "gpt-4\\ud800"}',
    "an escaped half": b'{"messages": "\\udc00", "model": "gpt-4"}',
    "a NUL": b'{"model": "gpt-4\x00"}',
    "a nesting too deep to read": b'{"model": "gpt-4", "x": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "a nesting too deep to write": b'{"model": "gpt-4", "x": ' + b"[" * 900 + b"]" * 900 + b"}",
    "extra bodies nested too deep": b'{"model": "gpt-4", "extra_body": ' * 900 + b"{}" + b"}" * 900,
}


@pytest.mark.parametrize("what", list(NO_JSON_OBJECT))
async def test_what_is_no_json_object_is_400(plain: GateSetup, what: str) -> None:
    answer = await plain.call("POST", CHAT, key="sk-any", raw=NO_JSON_OBJECT[what])
    assert (answer.status, answer.error_type) == (400, "invalid_request_error")
    assert not plain.forwarder.calls


async def test_a_long_conversation_is_not_a_deep_one(plain: GateSetup) -> None:
    messages = [{"role": "user", "content": [{"type": "text", "text": "hello"}]} for _ in range(500)]
    assert (await plain.chat("gpt-4", messages=messages)).status == 200


async def test_an_escaped_name_is_read_as_what_it_says(plain: GateSetup) -> None:
    plain.people.add("sk-narrow", models=["gpt-4"])
    raw = b'{"mod\\u0065l": "gpt-4\\u006f"}'
    assert (await plain.call("POST", CHAT, key="sk-narrow", raw=raw)).status == 403


@pytest.mark.parametrize("encoding", ["gzip", "br", "GZIP", "identity, gzip"])
async def test_a_compressed_body_is_400(plain: GateSetup, encoding: str) -> None:
    headers = {"Content-Encoding": encoding}
    answer = await plain.call("POST", CHAT, key="sk-any", raw=b'{"model": "gpt-4"}', headers=headers)
    assert answer.status == 400
    assert "compressed" in answer.text


async def test_a_body_that_says_it_is_not_compressed_is_read(plain: GateSetup) -> None:
    headers = {"Content-Encoding": "Identity"}
    assert (await plain.call("POST", CHAT, key="sk-any", raw=b'{"model": "gpt-4"}', headers=headers)).status == 200


def test_what_does_not_parse_is_told_with_its_place() -> None:
    with pytest.raises(Invalid, match="line 2, column 1"):
        parse([], b'{"model":\n}')


async def test_a_body_longer_than_the_limit_is_413(plain: GateSetup) -> None:
    answer = await plain.chat("gpt-4", padding="x" * BODY_LIMIT)
    assert (answer.status, answer.error_type) == (413, "invalid_request_error")
    assert not plain.forwarder.calls


async def test_a_body_that_announces_too_much_is_not_waited_for(plain: GateSetup) -> None:
    headers = {"Authorization": "Bearer sk-any", "Content-Length": str(BODY_LIMIT + 1)}
    assert (await ask(plain.gate, "POST", CHAT, headers=headers)).status == 413


async def test_a_body_in_chunks_is_counted_as_it_comes(plain: GateSetup) -> None:
    headers = {"Authorization": "Bearer sk-any", "Transfer-Encoding": "chunked"}
    assert (await ask(plain.gate, "POST", CHAT, headers=headers, body=[b" " * 60_000] * 3)).status == 413


async def test_a_body_in_chunks_is_put_together() -> None:
    assert await read([], chunks([b"{", b"", b"}"]), 100) == b"{}"


async def test_a_body_as_long_as_the_limit_is_read() -> None:
    assert await read([(b"content-length", b"3")], chunks([b"abc"]), 3) == b"abc"


async def test_a_client_that_leaves_gets_no_answer_and_one_line_in_the_log(plain: GateSetup) -> None:
    sent = []

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        sent.append(message)

    await plain.gate(http_scope("POST", CHAT, {"Authorization": "Bearer sk-any"}), receive, send)
    (line,) = await plain.lines()
    assert not sent
    assert (line["allow"], line["error"]) == (False, "the client left")


async def test_a_client_that_left_is_told_apart_from_an_empty_body() -> None:
    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    with pytest.raises(ClientLeft):
        await read([], receive, 100)


@pytest.mark.parametrize("number", ["18446744073709551616", "-9223372036854775809", "1" * 30])
def test_an_integer_that_would_change_on_its_way_is_refused(number: str) -> None:
    with pytest.raises(Invalid, match="beyond 64 bits"):
        parse([], b'{"seed": %b}' % number.encode())


@pytest.mark.parametrize("number", [18446744073709551615, -9223372036854775808])
def test_an_integer_of_64_bits_is_kept(number: int) -> None:
    assert parse([], b'{"seed": %d}' % number) == {"seed": number}


def test_digits_in_a_text_are_no_number() -> None:
    assert parse([], b'{"text": "12345678901234567890123"}') == {"text": "12345678901234567890123"}


def test_a_body_of_more_values_than_are_read_at_once_is_refused() -> None:
    with pytest.raises(Invalid, match="more than 1000000 values"):
        parse([], b'{"x": [' + b"{}," * 1_000_001 + b"0]}")


async def test_only_work_on_a_large_body_is_done_in_a_thread() -> None:
    assert await worked(LARGE, threading.get_ident) == threading.get_ident()
    assert await worked(LARGE + 1, threading.get_ident) != threading.get_ident()
