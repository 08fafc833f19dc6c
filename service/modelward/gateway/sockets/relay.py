"""Frames both ways, each end read only as fast as the other takes them."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from modelward.gateway.body import ClientLeft
from modelward.gateway.sockets.client import Client
from modelward.gateway.sockets.ending import Ended, upstream_closed
from modelward.gateway.sockets.opening import Connection
from modelward.gateway.sockets.standing import Standing
from modelward.gateway.upstream_socket import Closed

Seen = Callable[[str | bytes], Awaitable[None]]


async def carry(client: Client, *jobs: Coroutine[Any, Any, None]) -> None:
    """Runs all jobs until one of them ends the socket; then no other is left. A cancellation goes on its way."""
    try:
        await _until_one_ends(jobs)
    except Ended as ended:
        await client.end(ended.ending)
    except ClientLeft:
        return


async def to_client(
    client: Client, connection: Connection, standing: Standing, decision_id: str, seen: Seen | None = None
) -> None:
    """Passes the upstream's frames on as they are; `seen` is told of each before the client is. Raises Ended."""
    while True:
        try:
            frame = await connection.socket.receive()
        except Closed as closed:
            raise Ended(upstream_closed(closed.code, connection.asked, decision_id)) from None
        await standing.renew()
        if seen is not None:
            await seen(frame)
        await client.send(frame)


async def to_upstream(connection: Connection, text: str) -> None:
    """Sends one frame on; where the upstream is gone, what it said last is still on its way to the client."""
    try:
        await connection.socket.send(text)
    except Closed:
        await asyncio.Event().wait()


async def _until_one_ends(jobs: tuple[Coroutine[Any, Any, None], ...]) -> None:
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in tasks:
        if task in done:
            task.result()
