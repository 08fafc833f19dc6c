"""The `opa` engine: it asks a real OPA server, and whatever comes instead of a decision is no yes (E4)."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import pytest
import yaml

from engine.asking import asking, listing, policy
from gateway.configs import PLAIN, engine_of
from harness.bundles import POLICIES, write_bundle
from harness.opa import Opa, opa_server
from harness.ports import free_port
from modelward.contract import Caller, Input, Key
from modelward.engine import OpaEngine
from modelward.errors import BundleError, DecisionUnavailable
from modelward.loading import Loaded


@pytest.fixture(scope="module")
def opa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opa]:
    """A server with the policies and the plain catalogue."""
    folder = tmp_path_factory.mktemp("opa")
    config = folder / "config.yaml"
    params = {"litellm_params": {"model": "openai/x", "mock_response": "hello"}}
    config.write_text(yaml.safe_dump({"model_list": [item | params for item in PLAIN["model_list"]]}))
    write_bundle(config, folder / "bundle")
    with opa_server([POLICIES, folder / "bundle"], folder) as running:
        yield running


@pytest.fixture
async def engine(opa: Opa) -> AsyncIterator[OpaEngine]:
    """An engine that asks that server, however long a busy machine takes to answer."""
    async with OpaEngine(opa.url, seconds=60) as running:
        yield running


async def assert_unavailable(engine: OpaEngine, asked: Input | None = None) -> None:
    """Neither a decision nor a listing."""
    with pytest.raises(DecisionUnavailable):
        await engine.decide(asked or asking("gpt-4"))
    with pytest.raises(DecisionUnavailable):
        await engine.list(listing())


async def test_it_decides_by_the_servers_catalogue(engine: OpaEngine) -> None:
    decision = await engine.decide(asking("gpt-4"))
    assert decision.allow
    assert decision.targets["gpt-4"].deployments == ["id-gpt-4"]
    assert decision.revision.startswith("sha256:")
    assert not (await engine.decide(asking("ghost"))).allow


async def test_it_lists_by_the_servers_catalogue(engine: OpaEngine) -> None:
    found = await engine.list(listing())
    assert (found.models, found.groups) == (["claude-3", "gpt-4", "gpt-4o"], ["beta"])


async def test_it_answers_like_the_embedded_engine(engine: OpaEngine, loaded: Loaded) -> None:
    embedded = engine_of(loaded)
    narrow = Caller(kind="key", key=Key(token="0" * 64, models=["beta"]))
    for asked in (asking("gpt-4", caller=narrow), asking("gpt-4o", "ghost", caller=narrow, path="/\x00é")):
        here, there = await embedded.decide(asked), await engine.decide(asked)
        assert here.model_copy(update={"revision": ""}) == there.model_copy(update={"revision": ""})
    embedded.close()


async def test_many_questions_at_once_are_each_answered(engine: OpaEngine) -> None:
    decisions = await asyncio.gather(*(engine.decide(asking(name)) for name in ["gpt-4", "ghost"] * 20))
    assert [decision.allow for decision in decisions] == [True, False] * 20


async def test_no_server_is_no_decision() -> None:
    async with OpaEngine(f"http://127.0.0.1:{free_port()}") as engine:
        await assert_unavailable(engine)


async def test_a_server_without_policies_is_no_decision(tmp_path: Path) -> None:
    with opa_server([], tmp_path) as empty:
        async with OpaEngine(empty.url) as engine:
            await assert_unavailable(engine)


async def test_a_server_without_a_catalogue_is_no_decision(tmp_path: Path) -> None:
    with opa_server([POLICIES], tmp_path) as bare:
        async with OpaEngine(bare.url) as engine:
            await assert_unavailable(engine)


YES = (
    '{"allow": true, "reasons": [], "grants": {}, "revision": "r", '
    '"subject": {"team_id": null, "user_id": null, "role": null, "owner": null}, '
    '"places": [], "shows": {"everything": false, "key_hash": null, "user_id": null}, '
    '"targets": {"gpt-4": {"entry": "gpt-4", "model": "gpt-4", "deployments": ["d"]}}}'
)


async def test_a_denial_whose_function_fails_is_no_decision(tmp_path: Path) -> None:
    lax = f"decision := {YES} if not denied\n\ndenied if to_number(input.request.path) > 1"
    with opa_server([policy(tmp_path / "policies", lax)], tmp_path) as running:
        async with OpaEngine(running.url) as engine:
            with pytest.raises(DecisionUnavailable):
                await engine.decide(asking("gpt-4", path="no number"))
            assert (await engine.decide(asking("gpt-4", path="0"))).allow


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
DECIDED = f'{{"result": {YES}}}'.encode()
GOOD = HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(DECIDED), DECIDED)
ANSWERS = {
    "nothing": b"",
    "no HTTP": b"hello\r\n\r\n",
    "no JSON": HEAD + b"Content-Length: 5\r\n\r\nhello",
    "no UTF-8": HEAD + b'Content-Length: 4\r\n\r\n"\xff\xff"',
    "an empty body": HEAD + b"Content-Length: 0\r\n\r\n",
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "an undefined decision": HEAD + b"Content-Length: 2\r\n\r\n{}",
    "null": HEAD + b'Content-Length: 15\r\n\r\n{"result":null}',
    "a list": HEAD + b"Content-Length: 2\r\n\r\n[]",
    "half an answer": HEAD + b'Content-Length: 100\r\n\r\n{"result":',
    "an error": b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\n{}",
    "too many requests": b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\n\r\n{}",
    "a redirect to itself": b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
}


@asynccontextmanager
async def saying(
    answer: bytes, *, hang: bool = False, version: object = "1.22.1", port: int = 0
) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server of this version that says this to every other question: its URL, and those questions so far."""
    asked: list[bytes] = []
    serving: list[asyncio.Task[None] | None] = []
    result = orjson.dumps({"result": [{"version": version}]})
    told = HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(result), result)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.append(asyncio.current_task())
        head = await reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"POST /v1/query "):
            writer.write(told)
            await writer.drain()
            writer.close()
            return
        asked.append(head)
        writer.write(answer)
        await writer.drain()
        if hang:
            await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
        await asyncio.wait([task for task in serving if task])


@pytest.mark.parametrize("what", list(ANSWERS))
async def test_what_is_no_decision_is_none(what: str) -> None:
    async with saying(ANSWERS[what]) as (url, _), OpaEngine(url) as engine:
        await assert_unavailable(engine)


@pytest.mark.parametrize("status", [b"500 Error", b"502 Error", b"503 Error", b"504 Error", b"429 Error"])
async def test_nothing_is_retried(status: bytes) -> None:
    answer = b"HTTP/1.1 " + status + b"\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
    async with saying(answer) as (url, asked), OpaEngine(url) as engine:
        with pytest.raises(DecisionUnavailable):
            await engine.decide(asking("gpt-4"))
        assert len(asked) == 1


@pytest.mark.parametrize("begun", [b"", HEAD, HEAD + b"Content-Length: 100\r\n\r\n{"])
async def test_a_server_that_hangs_is_given_up(begun: bytes) -> None:
    async with saying(begun, hang=True) as (url, _), OpaEngine(url) as engine:
        with pytest.raises(DecisionUnavailable):
            await engine.decide(asking("gpt-4"))


@pytest.mark.parametrize("version", ["1.22.0", "1.9.99", "0.70.0", "1.22", "v1", "", None, 1.23, ["1.22.4"]])
async def test_a_server_that_is_too_old_or_tells_no_version_is_not_asked(version: object) -> None:
    async with saying(GOOD, version=version) as (url, asked), OpaEngine(url) as engine:
        with pytest.raises((BundleError, DecisionUnavailable)):
            await engine.check_version()
        await assert_unavailable(engine)
        with pytest.raises(DecisionUnavailable):
            await engine.explain(asking("gpt-4"))
    assert not asked


@pytest.mark.parametrize("version", ["1.22.1", "1.22.4", "1.100.0", "2.0.0", "1.23.0-dev"])
async def test_a_server_that_is_new_enough_is_asked(version: str) -> None:
    async with saying(GOOD, version=version) as (url, _), OpaEngine(url) as engine:
        assert (await engine.decide(asking("gpt-4"))).allow


async def test_a_server_that_is_replaced_by_an_older_one_is_not_asked_any_more() -> None:
    now = [0.0]
    async with saying(GOOD) as (url, _):
        engine = OpaEngine(url, clock=lambda: now[0])
        async with engine:
            await engine.decide(asking("gpt-4"))
            port = int(url.rpartition(":")[2])
    async with saying(GOOD, version="1.22.0", port=port), engine:
        now[0] = 60
        with pytest.raises(DecisionUnavailable, match=r"`1\.22\.0`"):
            await engine.decide(asking("gpt-4"))


BAD = [
    *("", "127.0.0.1:8181", "ftp://127.0.0.1", "http://", "http://127.0.0.1:port", "http://127.0.0.1:99999"),
    *("http://127.0.0.1/v1/data", "http://127.0.0.1?x=1", "http://[::1", "unix:///run/opa.sock"),
]


@pytest.mark.parametrize("url", BAD)
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(BundleError, match="write it as"):
        OpaEngine(url)


@pytest.mark.parametrize("url", ["http://opa", "https://opa.example:443/", "http://[::1]:8181", "http://127.0.0.1:1"])
def test_an_address_of_a_server_is_taken(url: str) -> None:
    OpaEngine(url)
