"""Load on kept connections: `python -m bench.load PORT KEY [--connections N] [--seconds S] [--rate R] [--stream]`.

Without a rate, each connection sends its next request as soon as it has its answer. With one, requests come at that
rate whether or not answers do, and times are counted from when a request was due. Those of streams are times to the
first event. Warms up for a quarter of the time first. Prints `{"total", "rate", "p50", "p99"}` as JSON: all answers,
answers a second, and milliseconds. Exits with 1 at the first answer that is not 200.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from typing import cast

import httptools
import uvloop

MAX_COUNT = 500_000
_QUESTION = {"model": "model-123", "messages": [{"role": "user", "content": "hello " * 20}], "temperature": 0.5}


@dataclass
class Run:
    """One measurement, shared by its connections. `due` are times of requests that no connection has sent yet; `None`
    where the next one is due as soon as a connection is free."""

    request: bytes
    until: float
    due: deque[float] | None
    seconds: list[float] = field(default_factory=list)
    idle: list["Connection"] = field(default_factory=list)
    problem: str = ""

    @property
    def is_over(self) -> bool:
        """Whether no further request is to be sent."""
        return bool(self.problem) or time.perf_counter() >= self.until or len(self.seconds) >= MAX_COUNT

    def next_due(self) -> float | None:
        """When the next request of a free connection was due; `None` if none is yet."""
        if self.due is None:
            return time.perf_counter()
        return self.due.popleft() if self.due else None

    async def pace(self, rate: float) -> None:
        """Lets requests become due at that rate."""
        first, sent = time.perf_counter(), 0
        while not self.is_over:
            await asyncio.sleep(max(0.0, first + sent / rate - time.perf_counter()))
            cast(deque[float], self.due).append(first + sent / rate)
            sent += 1
            if self.idle:
                self.idle.pop().go_on()
        for connection in self.idle:
            connection.go_on()


class Connection(asyncio.Protocol):
    """Sends requests one after another, each when the answer before is whole."""

    def __init__(self, run: Run, done: asyncio.Future[None]) -> None:
        self._run = run
        self._done = done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = cast(asyncio.Transport, transport)
        self.go_on()

    def data_received(self, data: bytes) -> None:
        """Parse on."""
        self._parser.feed_data(data)

    def on_body(self, _: bytes) -> None:
        """Note when the first of it came."""
        if not self._answered:
            self._answered = True
            self._run.seconds.append(time.perf_counter() - self._due)

    def on_message_complete(self) -> None:
        """Go on while there is time."""
        status = self._parser.get_status_code()
        if status != 200:
            self._run.problem = f"answered {status}"
        self.go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        """Report a connection that the other side closed."""
        if not self._run.is_over:
            self._run.problem = "a connection was closed"
        if not self._done.done():
            self._done.set_result(None)

    def go_on(self) -> None:
        """Send what is due, or wait for it, or end."""
        if self._run.is_over:
            self._transport.close()
        elif (due := self._run.next_due()) is None:
            self._run.idle.append(self)
        else:
            self._due, self._answered = due, False
            self._parser = httptools.HttpResponseParser(self)
            self._transport.write(self._run.request)


async def measure(options: argparse.Namespace, seconds: float) -> Run:
    """Run for that long; `Run.problem` says why it ended early."""
    loop = asyncio.get_running_loop()
    due = None if options.rate is None else deque[float]()
    run = Run(_request(options.key, stream=options.stream), time.perf_counter() + seconds, due)
    dones = [loop.create_future() for _ in range(options.connections)]
    for done in dones:
        await loop.create_connection(lambda done=done: Connection(run, done), "127.0.0.1", options.port)  # type: ignore[misc]
    pace = asyncio.create_task(run.pace(options.rate)) if options.rate is not None else None
    _, pending = await asyncio.wait(dones, timeout=seconds + 10)
    if pace is not None:
        await pace
    if pending:
        run.problem = run.problem or f"{len(pending)} requests were not answered"
    return run


def _request(key: str, *, stream: bool) -> bytes:
    body = json.dumps(_QUESTION | {"stream": True} if stream else _QUESTION).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {key}\r\n"
    return f"{head}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.load", description="Load on kept connections.")
    parser.add_argument("port", type=int)
    parser.add_argument("key")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rate", type=float, help="requests a second; as fast as answers come without it")
    parser.add_argument("--stream", action="store_true", help="ask for streams, and time their first event")
    return parser.parse_args()


def main() -> None:
    """Warm up, measure, print."""
    options = _options()
    warm_up, run = (uvloop.run(measure(options, seconds)) for seconds in (options.seconds / 4, options.seconds))
    if problem := warm_up.problem or run.problem:
        sys.exit(problem)
    times = sorted(run.seconds)
    p50, p99 = (1000 * times[int(len(times) * part)] for part in (0.5, 0.99))
    total = len(warm_up.seconds) + len(times)
    print(json.dumps({"total": total, "rate": len(times) / options.seconds, "p50": p50, "p99": p99}))


if __name__ == "__main__":
    main()
