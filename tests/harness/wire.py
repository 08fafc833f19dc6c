"""HTTP as bytes: what a test writes is what the server reads, nothing is mended on the way."""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any

NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; raises `ValueError` when it is none."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The body as text, bytes that are no UTF-8 replaced."""
        return self.body.decode(errors="replace")

    @property
    def error_type(self) -> str | None:
        """The type of an error in OpenAI's, Anthropic's or Google's form, or `None` when the body is no such error."""
        try:
            error = self.json()["error"]
            details = error.get("details")
            if isinstance(details, dict):
                return str(details["error_code"])
            return str(details[0]["reason"] if details else error["type"])
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


def head(method: str, target: str, headers: Mapping[str, str]) -> bytes:
    """A request's head, the target and the values exactly as given."""
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def exchange(
    port: int,
    method: str,
    target: str,
    *,
    headers: Mapping[str, str] = NO_HEADERS,
    body: bytes = b"",
    seconds: float = 15,
) -> Answer:
    """One request on a connection of its own; `Host`, `Connection` and `Content-Length` are added unless given."""
    present = {name.lower() for name in headers}
    defaults = {"Host": f"127.0.0.1:{port}", "Connection": "close", "Content-Length": str(len(body))}
    sent = {name: value for name, value in defaults.items() if name.lower() not in present} | dict(headers)
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(head(method, target, sent) + body)
        with HTTPResponse(connection, method=method) as response:
            response.begin()
            content = response.read()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)


def call(
    port: int, method: str, target: str, *, key: str | None = None, content: object = None, seconds: float = 15
) -> Answer:
    """One JSON request with a bearer key."""
    headers = {"Content-Type": "application/json"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    body = b"" if content is None else json.dumps(content).encode()
    return exchange(port, method, target, headers=headers, body=body, seconds=seconds)
