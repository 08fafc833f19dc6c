"""The server's side of a socket whose client reads nothing."""

import asyncio
import socket

import uvicorn
from starlette.types import Receive, Scope, Send

from modelward.server.sockets import BoundedSocket

HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


async def test_a_client_that_answers_no_ping_is_let_go() -> None:
    gone = asyncio.Event()

    async def flood(_: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        try:
            while True:
                await send({"type": "websocket.send", "text": "x" * 100_000})
        finally:
            gone.set()

    config = uvicorn.Config(
        flood, ws=BoundedSocket, ws_ping_interval=0.2, ws_ping_timeout=0.2, lifespan="off", log_config=None
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.socket() as client:
        serving = asyncio.create_task(server.serve([listening]))
        client.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(client, listening.getsockname())
        await loop.sock_sendall(client, HANDSHAKE)
        async with asyncio.timeout(60):
            await gone.wait()
        server.should_exit = True
        await serving
