"""A large upload passes through, and takes no more memory than a small one."""

import http.client
from collections.abc import Iterator

import pytest
import yaml

from harness.gateway import Gateway, gateway
from harness.memory import growth
from harness.sink import Sink, sink

MASTER_KEY = "sk-master-large"
MIB = 1024 * 1024
BOUNDARY = "a-boundary"
_BEFORE = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="speech.wav"\r\n'
    "Content-Type: audio/wav\r\n\r\n"
).encode()
_AFTER = f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="model"\r\n\r\n%s\r\n--{BOUNDARY}--\r\n'


@pytest.fixture(scope="module")
def provider() -> Iterator[Sink]:
    with sink(b'{"text": "hello"}') as counting:
        yield counting


@pytest.fixture(scope="module")
def service(provider: Sink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("large")
    params = {"model": "openai/whisper-1", "api_base": f"http://127.0.0.1:{provider.port}/v1", "api_key": "k"}
    config = {
        "model_list": [{"model_name": name, "litellm_params": params} for name in ("whisper", "other")],
        "general_settings": {"master_key": MASTER_KEY},
    }
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(config))
    with gateway(path, folder, master_key=MASTER_KEY) as serving:
        yield serving


def transcribe(service: Gateway, mebibytes: int, model: str, key: str) -> tuple[int, bytes]:
    """Sends so large a file, and the model after it."""
    after = (_AFTER % model).encode()
    size = len(_BEFORE) + mebibytes * MIB + len(after)
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(size),
    }

    def body() -> Iterator[bytes]:
        yield _BEFORE
        piece = bytes(MIB)
        for _ in range(mebibytes):
            yield piece
        yield after

    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=120)
    try:
        connection.request("POST", "/v1/audio/transcriptions", body=body(), headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


@pytest.mark.long
def test_half_a_gigabyte_of_speech_takes_less_than_50_mib(service: Gateway, provider: Sink) -> None:
    key = service.new_key(models=["whisper"])
    assert transcribe(service, 1, "whisper", key)[0] == 200
    with growth(service.process.pid) as grown:
        assert transcribe(service, 500, "whisper", key) == (200, b'{"text": "hello"}')
    assert provider.sizes[-1] > 500 * MIB
    assert grown.mib < 50


def test_a_forbidden_model_after_a_large_file_is_refused_and_nothing_is_sent(service: Gateway, provider: Sink) -> None:
    key = service.new_key(models=["whisper"])
    sent = len(provider.sizes)
    status, answer = transcribe(service, 50, "other", key)
    assert status == 403
    assert b"key_model_access_denied" in answer
    assert len(provider.sizes) == sent
