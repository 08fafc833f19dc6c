"""A model provider that counts what it is sent and keeps none of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

_PIECE = 1024 * 1024


@dataclass
class Sink:
    """A running provider: its port, and the bytes of each body it was sent."""

    port: int
    answer: bytes
    sizes: list[int] = field(default_factory=list)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    sink: Sink


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        sink = cast(_Server, self.server).sink
        left = size = int(self.headers["Content-Length"])
        while left:
            left -= len(self.rfile.read(min(left, _PIECE)))
        sink.sizes.append(size)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sink.answer)))
        self.end_headers()
        self.wfile.write(sink.answer)


@contextmanager
def sink(answer: bytes) -> Iterator[Sink]:
    """A provider on a free port that answers every request with the JSON text `answer`."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.sink = Sink(server.server_port, answer)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server.sink
        finally:
            server.shutdown()
            thread.join()
