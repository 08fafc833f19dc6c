"""SIGTERM: what runs is finished, nothing new begins, the process ends with 0."""

import json
import socket
from http.client import HTTPResponse

import pytest

from harness.gateway import gateway
from harness.process import program
from harness.upstream import Reply, Upstream
from harness.wire import head
from service.conftest import MASTER_KEY, PROVIDER_ENV, Place

_CHUNKS = tuple(b'data: {"choices": [], "part": %d}\n\n' % part for part in range(10))


def test_a_stream_under_way_is_finished_before_the_process_ends(place: Place, provider: Upstream) -> None:
    provider.script = lambda _: Reply(
        content_type="text/event-stream", chunks=(*_CHUNKS, b"data: [DONE]\n\n"), pause=0.1
    )
    with gateway(place.config, place.folder, master_key=MASTER_KEY, env=PROVIDER_ENV, launch=program) as served:
        body = json.dumps({"model": "allowed", "messages": [{"role": "user", "content": "hello"}], "stream": True})
        headers = {"Host": "test", "Authorization": f"Bearer {MASTER_KEY}", "Content-Length": str(len(body))}
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
            connection.sendall(head("POST", "/v1/chat/completions", headers) + body.encode())
            with HTTPResponse(connection) as response:
                response.begin()
                first = response.readline()
                served.process.terminate()
                rest = response.read()
        assert first + rest == b"".join(_CHUNKS) + b"data: [DONE]\n\n"
        assert served.process.wait(60) == 0


def test_an_idle_process_ends_with_0(place: Place) -> None:
    with gateway(place.config, place.folder, master_key=MASTER_KEY, env=PROVIDER_ENV) as served:
        served.process.terminate()
        assert served.process.wait(60) == 0


@pytest.mark.long
def test_what_was_decided_last_is_in_the_log_of_several_workers(place: Place) -> None:
    with gateway(place.config, place.folder, master_key=MASTER_KEY, env=PROVIDER_ENV, workers=2) as served:
        assert [served.chat("unknown", key=MASTER_KEY).status for _ in range(8)] == [400] * 8
        served.process.terminate()
        assert served.process.wait(60) == 0
        assert served.process.output.count('"models":["unknown"]') == 8
