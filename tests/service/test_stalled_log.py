"""A log that nobody reads, or that cannot be written, stops nothing."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.bundles import SAMPLE_CONFIG, SAMPLE_MASTER_KEY
from harness.gateway import Gateway, serve_command
from harness.ports import free_port
from harness.process import Process, eventually

_PIPE_BYTES = 65_536


@contextmanager
def _serving(folder: Path, *wrapper: str, stderr: int | None = None) -> Iterator[Gateway]:
    port = free_port()
    command = [*wrapper, *serve_command(SAMPLE_CONFIG, port, database_url=f"sqlite:///{folder / 'modelward.db'}")]
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=stderr, start_new_session=True)
    process = Process(child, folder / "no.log")
    try:
        served = Gateway(port, process, SAMPLE_MASTER_KEY)
        assert eventually(served.ready, 180)
        yield served
    finally:
        process.stop()


@pytest.fixture
def unread() -> Iterator[tuple[int, int]]:
    """A pipe that nobody reads."""
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def test_a_reader_of_the_log_that_stalls_stops_neither_calls_nor_the_end(
    tmp_path: Path, unread: tuple[int, int]
) -> None:
    with _serving(tmp_path, stderr=unread[1]) as served:
        for _ in range(30):
            long = {"model": "x" * 900, "fallbacks": [f"{number}{'y' * 900}" for number in range(90)]}
            assert served.call("POST", "/v1/chat/completions", key=SAMPLE_MASTER_KEY, content=long).status == 400
        assert served.call("GET", "/health/liveness").status == 200
        assert served.chat("gpt-4", key=SAMPLE_MASTER_KEY).status == 200
        served.process.terminate()
        assert served.process.wait(60) == 0


def test_a_log_that_is_closed_at_the_start_stops_nothing_and_the_loss_is_counted(tmp_path: Path) -> None:
    closed = "import os, sys; os.close(2); os.execv(sys.argv[1], sys.argv[1:])"
    with _serving(tmp_path, sys.executable, "-c", closed) as served:
        assert served.chat("gpt-4", key=SAMPLE_MASTER_KEY).status == 200
        assert eventually(lambda: _lost(served) > 0, 30)
        assert served.chat("gpt-4", key=SAMPLE_MASTER_KEY).status == 200
        served.process.terminate()
        assert served.process.wait(60) == 0


def _lost(served: Gateway) -> float:
    numbers = served.call("GET", "/metrics", key=SAMPLE_MASTER_KEY).text
    (line,) = (line for line in numbers.splitlines() if line.startswith("modelward_decision_log_lost_total"))
    return float(line.split()[1])
