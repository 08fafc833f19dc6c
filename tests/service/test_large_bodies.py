"""A large body holds up nobody else: it is read, judged and written beside the event loop."""

import http.client
import json
import threading
import time
from collections.abc import Iterator

import pytest

from harness.bundles import SAMPLE_CONFIG, SAMPLE_MASTER_KEY
from harness.gateway import Gateway, gateway

FEWEST_PROBES = 3
"""A held event loop would answer one before the body is judged, and the next ones after."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """The sample config, served."""
    with gateway(SAMPLE_CONFIG, tmp_path_factory.mktemp("large"), master_key=SAMPLE_MASTER_KEY) as started:
        yield started


BATCH = {"requests": [{"custom_id": str(n), "params": {"model": "gpt-4", "messages": []}} for n in range(100_000)]}
TOOLS = {"model": "gpt-4", "messages": [], "tools": [{"model": "gpt-4"}] * 330_000}
BODIES = [("/v1/messages/batches", BATCH), ("/v1/chat/completions", TOOLS)]


@pytest.mark.long
@pytest.mark.parametrize(("path", "content"), BODIES, ids=["batch", "tools"])
def test_a_probe_is_answered_while_a_large_body_is_judged(running: Gateway, path: str, content: object) -> None:
    head = {"Authorization": f"Bearer {running.new_key()}", "Content-Type": "application/json"}
    body, answers = json.dumps(content).encode(), list[int]()

    def send() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
        connection.request("POST", path, body, head)
        answers.append(connection.getresponse().status)
        connection.close()

    sending = threading.Thread(target=send)
    sending.start()
    probes = 0
    while not answers:
        assert running.call("GET", "/health/liveness").status == 200
        probes += not answers
        time.sleep(0.02)
    sending.join()
    assert probes > FEWEST_PROBES
