"""The `opa` engine under load: the wait for a turn is bounded, and no part of the answer's own time (E4)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import get_args

import orjson
import pytest

from engine.asking import asking, listing
from modelward.contract import Caller, Input, Operation
from modelward.engine import OpaEngine
from modelward.engine.server import Turns
from modelward.errors import DecisionUnavailable, Overloaded

YES = {
    "allow": True,
    "reasons": [],
    "grants": {},
    "revision": "r",
    "subject": {"team_id": None, "user_id": None, "role": None, "owner": None},
    "shows": {"everything": False, "key_hash": None, "user_id": None},
    "places": [],
    "targets": {"gpt-4": {"entry": "gpt-4", "model": "gpt-4", "deployments": ["d"]}},
}
VERSION = [{"version": "1.22.1"}]
LISTING = {"models": [], "groups": [], "revision": "r"}


@dataclass
class Opa:
    """A server that answers each question `seconds` after it may `go`; while `hung`, it answers none."""

    url: str = ""
    seconds: float = 0.0
    hung: bool = False
    asked: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _head(reader):
            if head.startswith(b"POST /v1/query "):
                writer.write(_answer(VERSION))
                continue
            self.asked += 1
            self.arrived.set()
            await self.go.wait()
            await asyncio.sleep(self.seconds)
            if self.hung:
                break
            writer.write(_answer(LISTING if b"/listing/" in head else YES))
        writer.close()


def _answer(result: object) -> bytes:
    body = orjson.dumps({"result": result})
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.partition(b":")[2]))
    return head


@asynccontextmanager
async def opa() -> AsyncIterator[Opa]:
    """The server, on a free port."""
    made = Opa()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        made.go.set()
        server.close()


async def test_the_wait_for_a_turn_is_no_part_of_the_answers_time() -> None:
    async with opa() as server, OpaEngine(server.url, Turns(1, 20, 60)) as engine:
        server.go.set()
        server.seconds = 0.1
        decisions = await asyncio.gather(*(engine.decide(asking("gpt-4")) for _ in range(12)))
        assert all(decision.allow for decision in decisions)


async def test_whoever_finds_the_queue_full_is_shed_and_nobody_else() -> None:
    async with opa() as server, OpaEngine(server.url, Turns(1, 2, 60)) as engine:
        early = [asyncio.create_task(engine.decide(asking("gpt-4"))) for _ in range(3)]
        await server.arrived.wait()
        for _ in range(5):
            with pytest.raises(Overloaded):
                await engine.decide(asking("gpt-4"))
        with pytest.raises(Overloaded):
            engine.admit("infer")
        server.go.set()
        assert [decision.allow for decision in await asyncio.gather(*early)] == [True] * 3
        assert server.asked == 3
        engine.admit("infer")
        assert (await engine.decide(asking("gpt-4"))).allow


async def test_nothing_is_made_of_a_question_that_is_shed() -> None:
    unfit = Input(replace(asking().request, record=object()), Caller(kind="master"))  # type: ignore[arg-type]
    async with OpaEngine("http://127.0.0.1:8181", Turns(0, 0, 60)) as engine:
        with pytest.raises(Overloaded):
            await engine.decide(unfit)


async def test_whoever_waits_too_long_for_a_turn_is_shed() -> None:
    turns = Turns(1, 20, 0.01)
    async with turns:
        with pytest.raises(Overloaded):
            async with turns:
                pass
    async with turns:
        pass


async def test_listings_wait_for_turns_of_their_own() -> None:
    async with opa() as server, OpaEngine(server.url, Turns(1, 0, 60), Turns(1, 0, 60)) as engine:
        first = asyncio.create_task(engine.list(listing()))
        await server.arrived.wait()
        with pytest.raises(Overloaded):
            await engine.list(listing())
        with pytest.raises(Overloaded):
            await engine.explain(asking("gpt-4"))
        server.go.set()
        await first
        assert (await engine.decide(asking("gpt-4"))).allow


async def test_a_flood_of_calls_takes_no_turn_of_management() -> None:
    revoke = Input(replace(asking().request, operation="manage"), Caller(kind="master"))
    async with opa() as server, OpaEngine(server.url, Turns(1, 0, 60), manage_turns=Turns(1, 0, 60)) as engine:
        call = asyncio.create_task(engine.decide(asking("gpt-4")))
        await server.arrived.wait()
        for operation in get_args(Operation):
            with pytest.raises(Overloaded) if operation != "manage" else nullcontext():
                engine.admit(operation)
        server.arrived.clear()
        revoking = asyncio.create_task(engine.decide(revoke))
        await server.arrived.wait()
        with pytest.raises(Overloaded):
            await engine.decide(revoke)
        server.go.set()
        assert [each.allow for each in await asyncio.gather(call, revoking)] == [True, True]


async def test_a_server_that_answers_nobody_is_no_overload() -> None:
    turns = Turns(1, 0, 60)
    async with opa() as server, OpaEngine(server.url, turns) as engine:
        server.hung = True
        server.go.set()
        with pytest.raises(DecisionUnavailable):
            await engine.decide(asking("gpt-4"))
        async with turns:
            with pytest.raises(DecisionUnavailable) as error:
                await engine.decide(asking("gpt-4"))
            assert not isinstance(error.value, Overloaded)


async def test_a_question_that_is_given_up_frees_its_turn_and_says_nothing_of_the_server() -> None:
    turns = Turns(1, 1, 60)
    async with opa() as server, OpaEngine(server.url, turns) as engine:
        given_up = asyncio.create_task(engine.decide(asking("gpt-4")))
        await server.arrived.wait()
        waiting = asyncio.create_task(engine.decide(asking("gpt-4")))
        await asyncio.sleep(0)
        given_up.cancel()
        server.go.set()
        assert (await waiting).allow
        async with turns:
            queued = asyncio.create_task(engine.decide(asking("gpt-4")))
            await asyncio.sleep(0)
            with pytest.raises(Overloaded):
                await engine.decide(asking("gpt-4"))
        assert (await queued).allow
