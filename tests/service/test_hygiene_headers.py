"""Headers that other servers obey: here none chooses anything, and the first credential decides alone (M5, A1)."""

from collections.abc import Iterator

import pytest

from service.front import LAST, Front, front

LIST = b"GET /v1/models HTTP/1.1"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """One Modelward for all connections."""
    with front(tmp_path_factory.mktemp("strict")) as running:
        yield running


OVERRIDES = [
    *(b"x-http-method-override: DELETE", b"x-method-override: GET", b"x-original-url: /v1/models"),
    *(b"x-rewrite-url: /health/liveness", b"x-forwarded-prefix: /health", b"x-forwarded-host: elsewhere.invalid"),
    *(b"x-forwarded-for: 127.0.0.1", b"x-forwarded-proto: https", b"forwarded: for=127.0.0.1;host=elsewhere.invalid"),
    *(b"x-litellm-model: allowed", b"x-forwarded-path: /v1/models", b"x-real-ip: 127.0.0.1"),
]


@pytest.mark.parametrize("line", OVERRIDES, ids=bytes.decode)
def test_a_header_never_chooses_the_route_the_method_or_the_model(strict: Front, line: bytes) -> None:
    assert strict.statuses(strict.chat("other", line) + strict.chat("allowed", line) + LAST) == [403, 200, 200]
    (call,) = strict.calls
    assert line.split(b":")[0].decode() not in call.headers


CREDENTIALS = {
    "two of one name": ([b"authorization: Bearer sk-unknown"], 401),
    "the same twice": ([b"Authorization: Bearer %b"], 200),
    "one before it": ([b"x-litellm-api-key: sk-unknown"], 401),
    "an empty one before it": ([b"x-litellm-api-key:"], 401),
    "two before it": ([b"x-litellm-api-key: %b", b"x-litellm-api-key: sk-unknown"], 401),
    "one after it": ([b"api-key: sk-unknown", b"x-api-key: sk-unknown"], 200),
    "a name with underscores": ([b"x_litellm_api_key: sk-unknown"], 200),
}


@pytest.mark.parametrize("shape", list(CREDENTIALS))
def test_the_first_credential_that_is_present_decides_alone(strict: Front, shape: str) -> None:
    lines, status = CREDENTIALS[shape]
    sent = [line.replace(b"%b", strict.key.encode()) for line in lines]
    assert strict.statuses(strict.request(*sent, start=LIST) + LAST) == [status, 200]
