"""The client's end of a socket."""

import asyncio

import pytest
from starlette.types import Message

from modelward.errors import ClientLeft
from modelward.gateway.sockets.client import Client


async def test_a_client_that_takes_nothing_has_left() -> None:
    async def receive() -> Message:
        raise AssertionError("nothing is read here")

    async def send(_: Message) -> None:
        await asyncio.Event().wait()

    with pytest.raises(ClientLeft):
        await Client({}, receive, send, patience=0.01).send("hello")
