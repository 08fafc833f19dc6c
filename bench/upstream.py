"""A model provider that answers at once, always the same: `python -m bench.upstream PORT`.

A body with `"stream":true` in it is answered by events, in two pieces that are not sent together.
"""

import asyncio
import json
import sys
from typing import cast

import httptools
import uvloop

_CHOICE = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hello " * 20}}
_USAGE = {"prompt_tokens": 9, "completion_tokens": 20, "total_tokens": 29}
_BODY = json.dumps(
    {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [_CHOICE], "usage": _USAGE}
).encode()
_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(_BODY), _BODY)
_EVENT = b'data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"hello "}}]}\n\n'
_CHUNK = b"%x\r\n%b\r\n" % (len(_EVENT), _EVENT)
_FIRST = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n" + _CHUNK
_REST = 10 * _CHUNK + b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n"
_BETWEEN = 0.005


class Provider(asyncio.Protocol):
    """One connection; every whole request gets the answer."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._streams = False
        self._transport = cast(asyncio.Transport, transport)
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        """Parse on."""
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        """Begin anew."""
        self._streams = False

    def on_body(self, body: bytes) -> None:
        """See whether a stream is asked for."""
        self._streams = self._streams or b'"stream":true' in body.replace(b" ", b"")

    def on_message_complete(self) -> None:
        """Answer."""
        if self._streams:
            self._transport.write(_FIRST)
            asyncio.get_running_loop().call_later(_BETWEEN, self._transport.write, _REST)
        else:
            self._transport.write(_ANSWER)


async def main(port: int) -> None:
    """Serve until the process ends."""
    server = await asyncio.get_running_loop().create_server(Provider, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
