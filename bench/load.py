"""A closed loop of requests on kept connections: `python -m bench.load PORT KEY CONCURRENCY SECONDS`.

Warms up for a quarter of the time first. Prints `{"total", "rate", "p50", "p99"}` as JSON: all answers, answers a
second, and milliseconds. Exits with 1 at the first answer that is not 200.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from typing import cast

import httptools
import uvloop

MAX_COUNT = 500_000
BODY = json.dumps(
    {"model": "model-123", "messages": [{"role": "user", "content": "hello " * 20}], "temperature": 0.5}
).encode()


@dataclass
class Run:
    """One measurement, shared by its connections."""

    request: bytes
    until: float
    seconds: list[float] = field(default_factory=list)
    problem: str = ""

    @property
    def is_over(self) -> bool:
        """Whether no further request is to be sent."""
        return bool(self.problem) or time.perf_counter() >= self.until or len(self.seconds) >= MAX_COUNT


class Connection(asyncio.Protocol):
    """Sends the request again as soon as its answer is whole."""

    def __init__(self, run: Run, done: asyncio.Future[None]) -> None:
        self._run = run
        self._done = done
        self._parser = httptools.HttpResponseParser(self)
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Parse on."""
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Note the answer, and go on while there is time."""
        self._run.seconds.append(time.perf_counter() - self._sent)
        status = self._parser.get_status_code()
        if status != 200:
            self._run.problem = f"answered {status}"
        if self._run.is_over:
            self._transport.close()
        else:
            self._parser = httptools.HttpResponseParser(self)
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Report a connection that the other side closed."""
        if not self._run.is_over:
            self._run.problem = "a connection was closed"
        if not self._done.done():
            self._done.set_result(None)

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._run.request)


async def measure(port: int, key: str, concurrency: int, seconds: float) -> Run:
    """Run `concurrency` connections for `seconds`; `Run.problem` says why it ended early."""
    loop = asyncio.get_running_loop()
    run = Run(_request(key), time.perf_counter() + seconds)
    dones = [loop.create_future() for _ in range(concurrency)]
    for done in dones:
        await loop.create_connection(lambda done=done: Connection(run, done), "127.0.0.1", port)  # type: ignore[misc]
    _, pending = await asyncio.wait(dones, timeout=seconds + 10)
    if pending:
        run.problem = run.problem or f"{len(pending)} requests were not answered"
    return run


def _request(key: str) -> bytes:
    head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {key}\r\n"
    return f"{head}content-type: application/json\r\ncontent-length: {len(BODY)}\r\n\r\n".encode() + BODY


def main(port: int, key: str, concurrency: int, seconds: float) -> None:
    """Warm up, measure, print."""
    warm_up, run = (uvloop.run(measure(port, key, concurrency, duration)) for duration in (seconds / 4, seconds))
    if problem := warm_up.problem or run.problem:
        sys.exit(problem)
    times = sorted(run.seconds)
    p50, p99 = (1000 * times[int(len(times) * part)] for part in (0.5, 0.99))
    total = len(warm_up.seconds) + len(times)
    print(json.dumps({"total": total, "rate": len(times) / seconds, "p50": p50, "p99": p99}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
