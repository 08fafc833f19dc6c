"""The line that begins a request, and its host: the path as sent is the route, or the request is refused (M4)."""

from collections.abc import Iterator

import pytest

from service.front import LAST, Front, front

LIST = b"GET /v1/models HTTP/1.1"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """One Modelward for all connections."""
    with front(tmp_path_factory.mktemp("strict")) as running:
        yield running


REFUSED = {
    "HTTP/0.9": b"GET /v1/models",
    "HTTP/1.2": b"GET /v1/models HTTP/1.2",
    "HTTP/2.0": b"GET /v1/models HTTP/2.0",
    "the beginning of HTTP/2": b"PRI * HTTP/2.0",
    "HTTP/1.01": b"GET /v1/models HTTP/1.01",
    "http/1.1": b"GET /v1/models http/1.1",
    "another protocol": b"GET /v1/models SIP/2.0",
    "a method in small letters": b"get /v1/models HTTP/1.1",
    "a made up method": b"LIST /v1/models HTTP/1.1",
    "a tab between the words": b"GET\t/v1/models\tHTTP/1.1",
    "a space in the target": b"GET /v1/models /x HTTP/1.1",
    "a fragment": b"GET /v1/models#/../x HTTP/1.1",
    "a fragment after the query": b"GET /v1/models?x=1#y HTTP/1.1",
    "an absolute target with a fragment": b"GET http://x/v1/models#y HTTP/1.1",
    "an absolute target without a path": b"GET http://x HTTP/1.1",
    "an absolute target with a user": b"GET http://a@x/v1/models HTTP/1.1",
    "an absolute target of another scheme": b"GET ftp://x/v1/models HTTP/1.1",
    "a host and a port": b"GET x:443 HTTP/1.1",
    "a tunnel": b"CONNECT x:443 HTTP/1.1",
    "no slash": b"GET v1/models HTTP/1.1",
    "back slashes": b"GET \\v1\\models HTTP/1.1",
    "UTF-8": "GET /v1/models/é HTTP/1.1".encode(),
    "Latin-1": b"GET /v1/models/\xe9 HTTP/1.1",
    "UTF-8 in the query": "GET /v1/models?x=é HTTP/1.1".encode(),
    "a control character": b"GET /v1/models\x01 HTTP/1.1",
    "a NUL": b"GET /v1/models\x00 HTTP/1.1",
    "a deleted character": b"GET /v1/models\x7f HTTP/1.1",
}


@pytest.mark.parametrize("shape", list(REFUSED))
def test_a_line_that_begins_no_request_is_400(strict: Front, shape: str) -> None:
    (answer,) = strict.answers(strict.request(start=REFUSED[shape]) + LAST)
    assert (answer.status, answer.error_type) == (400, "invalid_request_error")


NO_ROUTES = {
    "everything": b"OPTIONS * HTTP/1.1",
    "everything of a list": b"GET * HTTP/1.1",
    "two slashes": b"GET //v1/models HTTP/1.1",
    "a host after two slashes": b"GET //x/v1/models HTTP/1.1",
    "a slash at the end": b"GET /v1/models/ HTTP/1.1",
    "dot segments": b"GET /v1/./models HTTP/1.1",
    "dot segments that lead there": b"GET /x/../v1/models HTTP/1.1",
    "encoded dot segments": b"GET /x/%2e%2e/v1/models HTTP/1.1",
    "capitals": b"GET /V1/Models HTTP/1.1",
    "an encoded slash": b"GET /v1%2Fmodels HTTP/1.1",
    "an encoded letter": b"GET /v1/mod%65ls HTTP/1.1",
    "an encoded NUL": b"GET /v1/models%00 HTTP/1.1",
    "a parameter": b"GET /v1/models;x=1 HTTP/1.1",
    "an encoded question mark": b"GET /v1/models%3Fx=1 HTTP/1.1",
    "a health probe with more": b"GET /health/liveness/../../v1/models HTTP/1.1",
    "a method that nothing is served to": b"PROPFIND /v1/models HTTP/1.1",
}


@pytest.mark.parametrize("shape", list(NO_ROUTES))
def test_a_path_that_would_have_to_be_mended_is_404(strict: Front, shape: str) -> None:
    assert strict.statuses(strict.request(start=NO_ROUTES[shape]) + LAST) == [404, 200]


@pytest.mark.parametrize("target", [b"http://elsewhere.invalid/v1/models", b"HTTPS://elsewhere.invalid:1/v1/models"])
def test_the_path_of_an_absolute_target_is_judged(strict: Front, target: bytes) -> None:
    start = b"GET " + target + b" HTTP/1.1"
    bare = strict.request(start=start).replace(b"authorization: Bearer " + strict.key.encode(), b"x: y")
    assert strict.statuses(strict.request(start=start) + bare + LAST) == [200, 401, 200]


def test_http_1_0_is_answered_and_closed(strict: Front) -> None:
    assert strict.statuses(strict.request(start=b"GET /v1/models HTTP/1.0", host=b"") + LAST) == [200]


def test_http_1_0_has_no_chunks(strict: Front) -> None:
    start = b"POST /v1/chat/completions HTTP/1.0"
    request = strict.request(b"transfer-encoding: chunked", start=start, body=b"0\r\n\r\n")
    assert strict.statuses(request + LAST) == [400]


@pytest.mark.parametrize("host", [b"host: x", b"host: x:80", b"host:", b"Host: [::1]:80", b"host: 127.0.0.1"])
def test_a_host_has_no_part_in_the_answer(strict: Front, host: bytes) -> None:
    assert strict.statuses(strict.request(start=LIST, host=host) + LAST) == [200, 200]


NO_HOSTS = {
    "none": b"",
    "two": b"host: x\r\nhost: y",
    "the same twice": b"host: x\r\nhost: x",
    "a path": b"host: x/v1/models",
    "a user": b"host: a@x",
    "a list": b"host: x, y",
    "a space": b"host: x y",
    "a port that is none": b"host: x:y",
    "an address": b"host: http://x",
    "a query": b"host: x?y",
}


@pytest.mark.parametrize("shape", list(NO_HOSTS))
def test_what_is_not_one_host_is_400(strict: Front, shape: str) -> None:
    assert strict.statuses(strict.request(start=LIST, host=NO_HOSTS[shape]) + LAST) == [400]
