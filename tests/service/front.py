"""A running Modelward at which whole connections are thrown, byte by byte as a test writes them."""

import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path

from harness.gateway import Gateway
from harness.upstream import Call, Upstream, upstream
from harness.wire import Answer
from service.conftest import Place

CHAT = b"POST /v1/chat/completions HTTP/1.1"
LAST = b"GET /health/liveness HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"


@dataclass(frozen=True)
class Front:
    """A Modelward with the models `allowed` and `other`; `key` may use `allowed` only."""

    served: Gateway
    provider: Upstream
    key: str

    def request(self, *lines: bytes, start: bytes = CHAT, host: bytes = b"host: x", body: bytes = b"") -> bytes:
        """A request with the key; `lines` are its further header lines."""
        head = [start, host, b"authorization: Bearer " + self.key.encode(), *lines]
        return b"\r\n".join(line for line in head if line) + b"\r\n\r\n" + body

    def chat(self, model: str = "allowed", *lines: bytes) -> bytes:
        """A chat completion whose length is told once."""
        body = chat_body(model)
        return self.request(length(body), *lines, body=body)

    def answers(self, *parts: bytes) -> list[Answer]:
        """All that is answered on one connection to `parts`, until the server closes it."""
        self.provider.calls.clear()
        received = bytearray()
        with socket.create_connection(("127.0.0.1", self.served.port), timeout=15) as connection:
            try:
                for part in parts:
                    connection.sendall(part)
                while chunk := connection.recv(65536):
                    received += chunk
            except ConnectionError:
                pass  # closed while more was on its way
        return list(_parsed(bytes(received)))

    def statuses(self, *parts: bytes) -> list[int]:
        """The statuses of `answers`."""
        return [answer.status for answer in self.answers(*parts)]

    @property
    def calls(self) -> list[Call]:
        """What the provider was asked since the last connection began."""
        return self.provider.calls


@contextmanager
def front(folder: Path) -> Iterator[Front]:
    """A Modelward, stopped when the block ends."""
    with upstream() as provider:
        place = Place(folder, provider)
        place.write("allowed", "other")
        with place.serve() as served:
            yield Front(served, provider, served.new_key(models=["allowed"]))


def chat_body(model: str = "allowed") -> bytes:
    """A chat completion's body."""
    return b'{"model":"%b","messages":[]}' % model.encode()


def length(body: bytes) -> bytes:
    """The header line that tells the length of `body`."""
    return b"content-length: %d" % len(body)


def chunked(body: bytes, *, ending: bytes = b"0\r\n\r\n") -> bytes:
    """`body` as one chunk."""
    return b"%x\r\n%b\r\n%b" % (len(body), body, ending)


class _Kept(io.BytesIO):
    """What was received; `HTTPResponse` may close it, and reads the next answer from it all the same."""

    def makefile(self, _mode: str) -> "_Kept":
        return self

    def close(self) -> None:
        """Stays open."""


def _parsed(received: bytes) -> Iterator[Answer]:
    rest = _Kept(received)
    while rest.tell() < len(received):
        response = HTTPResponse(rest)  # type: ignore[arg-type]
        response.begin()
        body = response.read()
        yield Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)
