"""The server's HTTP, read strictly: what a stranger may send is bounded, and what two readers could take for different
requests is refused before anything is judged, so that a proxy in front never sees another request than this server."""

import re
from collections.abc import Sequence
from http import HTTPStatus

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from modelward.errors import Malformed
from modelward.gateway.errors import ErrorFields, error_body
from modelward.gateway.headers import Header

MOST_HEAD = 64 * 1024

_HOST = re.compile(rb"(\[[\w.:%~-]+\]|[\w.~%-]*)(:\d*)?")
_ABSOLUTE = re.compile(rb"https?://[^/?#@]+(/[^#]*)?", re.IGNORECASE)
_TOO_LONG = f"the request's head is longer than {MOST_HEAD} bytes; send less"


def whole_answer(fault: Malformed) -> bytes:
    """The answer to what is no request that the gate could see, in the form of its errors (E1)."""
    fields = ErrorFields(fault.status.value, "invalid_request_error")
    body = orjson.dumps(error_body(fields, str(fault), "openai"))
    head = f"HTTP/1.1 {fault.status.value} {fault.status.phrase}\r\ncontent-type: application/json\r\n"
    return f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body


def check_head(version: str, target: bytes, headers: Sequence[Header], *, upgrade: bool) -> None:
    """Raises Malformed for a head that is too long, or that leaves open which request it begins or where that ends.

    Names are in lower case; `upgrade` says that the connection is asked to speak another protocol. The parser itself
    has refused two lengths, a length beside `Transfer-Encoding`, folded lines, and line ends that are not CR LF.
    """
    length = len(target)
    hosts, coding, has_body = list[bytes](), list[bytes](), False
    for name, value in headers:
        length += len(name) + len(value)
        if name == b"host":
            hosts.append(value.strip(b" \t"))
        elif name == b"transfer-encoding":
            coding.append(value.strip(b" \t").lower())
        elif name == b"content-length":
            has_body = has_body or bool(value.strip(b"0"))
    if length > MOST_HEAD:
        raise Malformed(_TOO_LONG, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
    if version not in {"1.0", "1.1"}:
        raise Malformed("this version of HTTP is not spoken here; send HTTP/1.1")
    # Host and scheme of an absolute target have no part in its route (M4), but must be there and be those of HTTP.
    if b"#" in target or not (target.startswith((b"/", b"*")) or _ABSOLUTE.fullmatch(target)):
        raise Malformed("the request's target is no path; send a path such as `/v1/models`")
    if len(hosts) > 1 or (not hosts and version == "1.1"):
        raise Malformed("the header `Host` must be there once; send it once")
    if hosts and not _HOST.fullmatch(hosts[0]):
        raise Malformed("the header `Host` is no host; send a name, or a name and a port")
    if coding and (version == "1.0" or coding != [b"chunked"]):
        raise Malformed("`Transfer-Encoding` may only be `chunked`, and in HTTP/1.1; send a `Content-Length` instead")
    if upgrade and (coding or has_body):
        raise Malformed("`Upgrade` is not served with a body; send the request without it, as plain HTTP/1.1")


class StrictHttp(HttpToolsProtocol):
    """Closes a connection whose request cannot be read in one way only, or that goes on for more than 64 KiB without a
    byte of a body: a head, a chunk's extension, trailers."""

    _beside_bodies = 0
    _is_head_whole = False
    _fault: Malformed | None = None

    def data_received(self, data: bytes) -> None:
        """Takes what came in; nothing more once the connection is to end."""
        if self._fault is not None:
            return
        self._beside_bodies += len(data)
        super().data_received(data)
        if self._beside_bodies > MOST_HEAD and self._fault is None:
            self._end(Malformed(_TOO_LONG, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE))

    def on_message_begin(self) -> None:
        """A request begins."""
        self._beside_bodies = 0
        self._is_head_whole = False
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header. A trailer is none: it comes when the judging has begun, and may say another caller."""
        if not self._is_head_whole:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The request's head is whole; nothing is asked of it after a request to speak another protocol."""
        self._beside_bodies = 0
        self._is_head_whole = True
        upgrade = self.parser.should_upgrade()
        try:
            check_head(self.parser.get_http_version(), self.url, self.headers, upgrade=upgrade)
            if upgrade and self._is_answering():
                raise Malformed("`Upgrade` may not follow a request that is not answered yet; wait for the answer")
        except Malformed as fault:
            self._end(fault)
            raise
        super().on_headers_complete()
        if upgrade and not self._should_upgrade():
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """A part of the request's body."""
        self._beside_bodies = 0
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """Ends the connection over what is no HTTP."""
        if self._fault is None:
            self._end(Malformed("this is no valid HTTP request; send HTTP/1.1"))

    def _unsupported_upgrade_warning(self) -> None:
        """Says nothing: any stranger may ask."""

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _end(self, fault: Malformed) -> None:
        """Ends the connection, after the requests that came whole before `fault` are answered: an answer to it would
        be taken for theirs."""
        self._fault = fault
        if self._is_answering() and not self.cycle.more_body:
            self.cycle.keep_alive = False
            return
        if not self._is_answering() or not (self.pipeline or self.cycle.response_started):
            self.transport.write(whole_answer(fault))
        self.transport.close()
