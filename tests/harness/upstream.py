"""A model provider that records what it is asked: the only thing the tests stand in for."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast


@dataclass(frozen=True)
class Call:
    """One request as the provider saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """What the provider says: one body, or several chunks with a pause of `pause` seconds before each."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    chunks: tuple[bytes, ...] = ()
    pause: float = 0.0


Script = Callable[[Call], Reply]


def chat_answer(call: Call) -> Reply:
    """A short completion, or an embedding when that is what was asked for."""
    if call.path.split("?")[0].endswith("/embeddings"):
        data = [{"object": "embedding", "index": 0, "embedding": [0.0, 1.0]}]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return Reply(body=json.dumps({"object": "list", "model": "m", "data": data, "usage": usage}).encode())
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hello"}}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    whole = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}
    return Reply(body=json.dumps(whole).encode())


@dataclass
class Upstream:
    """A running provider: its port, every call so far, and the script that answers; all may be read at any time."""

    port: int
    script: Script = chat_answer
    calls: list[Call] = field(default_factory=list)

    def base(self, path: str) -> str:
        """An `api_base` at this provider."""
        return f"http://127.0.0.1:{self.port}{path}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    upstream: Upstream


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the recorded calls are the log."""

    def do_POST(self) -> None:
        upstream = cast(_Server, self.server).upstream
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = Call(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        upstream.calls.append(call)
        self._answer(upstream.script(call))

    do_GET = do_PUT = do_DELETE = do_PATCH = do_POST  # noqa: N815

    def _answer(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        if not reply.chunks:
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)
            return
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for chunk in (*reply.chunks, b""):
            time.sleep(reply.pause)
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))


@contextmanager
def upstream() -> Iterator[Upstream]:
    """A provider on a free port that answers any path."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.upstream = Upstream(server.server_port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server.upstream
        finally:
            server.shutdown()
            thread.join()
