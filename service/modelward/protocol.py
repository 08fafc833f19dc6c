"""The server's HTTP, with a bound on what a stranger may send before it is known who asks."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD = 64 * 1024


class BoundedHead(HttpToolsProtocol):
    """Closes a connection whose request line and headers come to more than 64 KiB."""

    _head: int | None = 0

    def data_received(self, data: bytes) -> None:
        """Takes what came in."""
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > MOST_HEAD:
                self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        self._head = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Its head is whole."""
        self._head = None
        super().on_headers_complete()
