"""What the provider reads is what was judged, however the body says it (M2, M3)."""

import codecs
from collections.abc import Iterator

import pytest

from service.front import CHAT, LAST, Front, front, length


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """One Modelward for all connections."""
    with front(tmp_path_factory.mktemp("strict")) as running:
        yield running


def status(strict: Front, body: bytes, *lines: bytes, target: bytes = b"") -> int:
    """The status of a chat completion with that body; the connection is used once more after it."""
    start = CHAT.replace(b" HTTP/", target + b" HTTP/")
    first, last = strict.statuses(strict.request(length(body), *lines, start=start, body=body) + LAST)
    assert last == 200
    return first


ALLOWED = {
    "a name twice, the last allowed": b'{"model": "other", "model": "allowed"}',
    "a name twice, the last escaped": b'{"model": "other", "mod\\u0065l": "allow\\u0065d"}',
    "a wrong type before the name": b'{"model": ["other"], "model": "allowed"}',
    "a name in a text": b'{"model": "allowed", "messages": "\\"model\\": \\"other\\""}',
    "a name with a NUL after it": b'{"model": "allowed", "model\\u0000": "other"}',
    "a name with a space before it": b'{"model": "allowed", " model": "other"}',
    "a name in other letters": b'{"model": "allowed", "MODEL": "other", "Model": "other"}',
    "a name that only looks like it": '{"model": "allowed", "m\u043edel": "other", "mode\uff4c": "other"}'.encode(),
    "white space around it": b' \t\r\n{"model"\n:\t"allowed"}\r\n ',
}


@pytest.mark.parametrize("shape", list(ALLOWED))
def test_the_last_of_equal_names_counts_and_the_provider_gets_that_one(strict: Front, shape: str) -> None:
    assert status(strict, ALLOWED[shape]) == 200
    (call,) = strict.calls
    assert call.json()["model"] == "allowed"
    assert call.body.count(b'"model":') == 1


REFUSED = {
    "a name twice, the last refused": b'{"model": "allowed", "model": "other"}',
    "an escaped name last": b'{"model": "allowed", "mod\\u0065l": "other"}',
    "an escaped value": b'{"model": "\\u006f\\u0074\\u0068\\u0065\\u0072"}',
    "a list": b'{"model": "allowed,other"}',
    "a list with an escaped comma": b'{"model": "allowed\\u002cother"}',
    "a fallback": b'{"model": "allowed", "fallbacks": ["other"]}',
    "a fallback twice": b'{"model": "allowed", "fallbacks": [], "fallbacks": ["other"]}',
    "another case": b'{"model": "Allowed"}',
    "a full-width letter": '{"model": "\uff41llowed"}'.encode(),
    "a letter with an accent apart": '{"model": "allowe\u0301d"}'.encode(),
    "a space of no width": '{"model": "allowed\u200b"}'.encode(),
    "an encoded name": b'{"model": "%61llowed"}',
}


@pytest.mark.parametrize("shape", list(REFUSED))
def test_another_name_is_another_model(strict: Front, shape: str) -> None:
    assert status(strict, REFUSED[shape]) == 403
    assert not strict.calls


MALFORMED = {
    "UTF-16": '{"model": "allowed"}'.encode("utf-16-le"),
    "UTF-32": '{"model": "allowed"}'.encode("utf-32"),
    "a mark before it": codecs.BOM_UTF8 + b'{"model": "allowed"}',
    "UTF-7": '{"model": "allowed"}'.encode("utf-7").replace(b"{", b"+AHs-"),
    "Infinity": b'{"model": "allowed", "x": Infinity}',
    "minus Infinity": b'{"model": "allowed", "x": -Infinity}',
    "NaN": b'{"model": "allowed", "x": NaN}',
    "a number beyond all": b'{"model": "allowed", "x": 1e400}',
    "a whole number beyond 64 bits": b'{"model": "allowed", "x": %b}' % (b"9" * 400),
    "a hexadecimal number": b'{"model": "allowed", "x": 0x1}',
    "a line separator for a comma": '{"model": "allowed"\u2028"x": 1}'.encode(),
    "no break space around it": '\u00a0{"model": "allowed"}'.encode(),
    "another value after it": b'{"model": "allowed"}\n{"model": "other"}',
    "a NUL after it": b'{"model": "allowed"}\x00',
    "a callback around it": b'f({"model": "allowed"})',
    "a name that is no text": b'{"model": "allowed", 1: 2}',
    "half a character in a name": b'{"model": "allowed", "\\ud83d": 1}',
    "a form": b"model=allowed&messages=[]",
    "a form with parts": b'--x\r\ncontent-disposition: form-data; name="model"\r\n\r\nallowed\r\n--x--\r\n',
    "deep lists": b'{"model": "allowed", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"model": "allowed", "x": ' + b'{"x":' * 50_000 + b"1" + b"}" * 50_000 + b"}",
}


@pytest.mark.parametrize("shape", list(MALFORMED))
def test_what_is_no_json_object_in_utf_8_is_400(strict: Front, shape: str) -> None:
    assert status(strict, MALFORMED[shape]) == 400
    assert not strict.calls


NO_NAMES = [
    *(b'""', b'" "', b"null", b"true", b"0", b"1.5", b"{}", b"[]", b'["allowed"]', b'{"model": "allowed"}'),
    *(b'" allowed"', b'"allowed "', b'"allowed\\n"', b'"\\u0000allowed"', b'"allowed\\u007f"', b'"\\tallowed"'),
    *(b'"a/../allowed"', b'"./allowed"', b'"allowed,"', b'",allowed"', b'"allowed,,allowed"', b'"%b"' % (b"a" * 5000)),
]


@pytest.mark.parametrize("value", NO_NAMES)
def test_what_is_no_name_is_400(strict: Front, value: bytes) -> None:
    assert status(strict, b'{"model": %b}' % value) == 400
    assert not strict.calls


NO_OBJECTS = [b"1", b"true", b'"text"', b"[1]"]


@pytest.mark.parametrize("value", NO_OBJECTS)
@pytest.mark.parametrize("field", [b"extra_body", b"router_settings_override"])
def test_a_judged_object_of_another_type_is_400(strict: Front, field: bytes, value: bytes) -> None:
    assert status(strict, b'{"model": "allowed", "%b": %b}' % (field, value)) == 400
    assert not strict.calls


@pytest.mark.parametrize("value", [value for value in NO_OBJECTS if not value.startswith(b'"')])
def test_a_moderation_that_is_neither_an_object_nor_a_text_is_400(strict: Front, value: bytes) -> None:
    assert status(strict, b'{"model": "allowed", "moderation": %b}' % value) == 400
    assert not strict.calls


@pytest.mark.parametrize("value", [b"1", b"true", b"[1]", b"[[null]]", b'[{"model": 1}]', b'{"allowed": 1}', b'""'])
@pytest.mark.parametrize("field", [b"fallbacks", b"context_window_fallbacks", b"content_policy_fallbacks"])
def test_fallbacks_of_another_shape_are_400(strict: Front, field: bytes, value: bytes) -> None:
    assert status(strict, b'{"model": "allowed", "%b": %b}' % (field, value)) == 400
    assert not strict.calls


ENCODINGS = {
    "gzip": ([b"content-encoding: gzip"], 400),
    "deflate": ([b"content-encoding: deflate"], 400),
    "br": ([b"content-encoding: br"], 400),
    "zstd": ([b"content-encoding: zstd"], 400),
    "an unknown one": ([b"content-encoding: x"], 400),
    "two in a row": ([b"content-encoding: identity, gzip"], 400),
    "two headers": ([b"content-encoding: identity", b"content-encoding: gzip"], 400),
    "none": ([b"content-encoding: identity"], 200),
    "an empty one": ([b"content-encoding:"], 200),
    "a text": ([b"content-type: text/plain"], 200),
    "a form": ([b"content-type: application/x-www-form-urlencoded"], 200),
    "parts": ([b"content-type: multipart/form-data; boundary=x"], 200),
    "another character set": ([b"content-type: application/json; charset=utf-16"], 200),
    "two types": ([b"content-type: application/json", b"content-type: text/xml"], 200),
}


@pytest.mark.parametrize("shape", list(ENCODINGS))
def test_a_body_is_json_whatever_its_type_and_never_compressed(strict: Front, shape: str) -> None:
    lines, expected = ENCODINGS[shape]
    assert status(strict, b'{"model": "allowed"}', *lines) == expected
    assert len(strict.calls) == (expected == 200)
    assert [call.headers["content-type"] for call in strict.calls] == ["application/json"] * len(strict.calls)


QUERIES = {
    b"?model=allowed": 200,
    b"?%6dodel=allowed": 200,
    b"?model=%61llowed": 200,
    b"?model=allowed&model=allowed": 200,
    b"?MODEL=other": 200,
    b"?model[]=other": 200,
    b"?model.x=other": 200,
    b"?x=1;model=other": 200,
    b"?x=1%26model=other": 200,
    b"?": 200,
    b"?&&": 200,
    b"??model=other": 200,
    b"?model=other": 403,
    b"?%6d%6Fdel=other": 403,
    b"?&&model=other": 403,
    b"?model=allowed&model=other": 403,
    b"?model=other&model=allowed": 403,
    b"?model=allowed%2Cother": 403,
    b"?model=allowed;model=other": 403,
    b"?model": 400,
    b"?model=": 400,
    b"?model=+allowed": 400,
    b"?model=allowed%20": 400,
    b"?model=allowed%00": 400,
    b"?model=%ff": 400,
    b"?model=%ed%a0%80": 400,
}


@pytest.mark.parametrize("query", list(QUERIES), ids=bytes.decode)
def test_each_model_of_the_query_is_judged(strict: Front, query: bytes) -> None:
    assert status(strict, b'{"model": "allowed"}', target=query) == QUERIES[query]
    assert len(strict.calls) == (QUERIES[query] == 200)
    assert all("?" not in call.path for call in strict.calls)
