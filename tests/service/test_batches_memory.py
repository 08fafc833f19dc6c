"""The largest file that is taken costs the service little memory."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest

from harness.forked import fork
from harness.process import Child
from harness.upstream import Call, Reply
from service.batching import BatchService, batch_service, line

MB = 1024 * 1024
LINES = 50_000


def _resident(pid: int) -> int:
    """The bytes that a process holds in memory."""
    (row,) = [each for each in Path(f"/proc/{pid}/status").read_text().splitlines() if each.startswith("VmRSS")]
    return int(row.split()[1]) * 1024


@contextmanager
def _most(pid: int) -> Iterator[list[int]]:
    """The samples of what a process holds while the block runs."""
    samples, done = [_resident(pid)], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            samples.append(_resident(pid))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield samples
    finally:
        done.set()
        thread.join()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[BatchService, int]]:
    """A service, and its process id."""
    children: list[Child] = []

    def launch(command: Sequence[str], log: Path, env: Mapping[str, str]) -> Child:
        children.append(fork(command, log, env))
        return children[-1]

    with batch_service(tmp_path, launch=launch) as running:
        yield running, children[0].pid


@pytest.mark.long
def test_two_hundred_megabytes_in_fifty_thousand_lines(watched: tuple[BatchService, int], measures: list[str]) -> None:
    running, pid = watched
    key = running.served.new_key()
    assert running.upload(key, line()).status == 200  # what is loaded once is loaded
    one = orjson.dumps(line("allowed", messages=[{"role": "user", "content": "x" * 4_000}]))
    filler = b" " * (200 * MB // LINES - len(one) - 1)
    counted: list[int] = []

    def count(call: Call) -> Reply:
        counted.append(call.body.count(b'"up-allowed"'))
        return Reply(body=b'{"id":"file-big","object":"file"}')

    running.provider.script = count
    with _most(pid) as samples:
        answer = running.upload(key, raw=(one + filler + b"\n") * LINES, seconds=60)
    assert answer.status == 200, answer.text
    assert counted == [LINES]
    grown = (max(samples) - samples[0]) / MB
    measures.append(f"batch file of 200 MB: {grown:.0f} MB more in memory")
    assert grown < 50
