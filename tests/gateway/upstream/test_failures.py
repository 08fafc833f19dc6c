"""What a client is told when an upstream fails, in each form."""

from collections.abc import AsyncIterator

import anthropic
import openai
import orjson
import pytest
from google.genai import errors

from gateway.answering import Answering, Told, answering
from modelward.gateway.errors import ErrorForm, form_of
from modelward.gateway.upstream.failures import APART, BROKEN, NO_MOCK, SILENT, UNREACHABLE, Failure


def test_a_failure_has_openais_form() -> None:
    error = orjson.loads(SILENT.body("m", "d", "openai"))["error"]
    assert (error["type"], error["code"], error["param"]) == ("upstream_error", "upstream_timeout", None)
    assert "`m`" in error["message"]


def test_a_failure_has_anthropics_form() -> None:
    said = orjson.loads(SILENT.body("m", "d", "anthropic"))
    assert said["type"] == "error"
    assert (said["error"]["type"], said["error"]["details"]) == ("timeout_error", {"error_code": "upstream_error"})


def test_a_failure_has_googles_form() -> None:
    error = orjson.loads(SILENT.body("m", "d", "google"))["error"]
    assert (error["code"], error["status"], error["details"][0]["reason"]) == (
        504,
        "DEADLINE_EXCEEDED",
        "upstream_error",
    )


def test_an_event_is_named_except_for_googles_clients() -> None:
    assert BROKEN.event("m", "d", "openai").startswith(b'event: error\ndata: {"error":')
    assert BROKEN.event("m", "d", "anthropic").startswith(b'event: error\ndata: {"type":"error",')
    assert BROKEN.event("m", "d", "google").startswith(b'data: {"error":')


def failing(failure: Failure) -> Told:
    """The whole answer to one of OpenAI's clients."""
    return Told(failure.status, failure.headers, [failure.body("m", "d", "openai")])


@pytest.mark.parametrize(("failure", "times"), [(NO_MOCK, 1), (UNREACHABLE, 3)])
async def test_the_sdk_asks_again_only_where_that_may_help(failure: Failure, times: int) -> None:
    async with answering(lambda _: failing(failure)) as server, server.openai() as client:
        with pytest.raises(openai.InternalServerError, match="`m`"):
            await client.embeddings.create(model="m", input="a")
        assert len(server.paths) == times


@pytest.fixture
async def breaking() -> AsyncIterator[Answering]:
    """A server whose streams break off at once."""

    def broken(path: str) -> Told:
        return Told(200, [(b"content-type", b"text/event-stream")], [BROKEN.event("m", "d", form_of(path))])

    async with answering(broken) as server:
        yield server


async def test_openais_sdk_raises_on_the_event(breaking: Answering) -> None:
    async with breaking.openai() as client:
        stream = await client.responses.create(model="m", input="hello", stream=True)
        with pytest.raises(openai.APIError, match="broke off"):
            _ = [event async for event in stream]


async def test_anthropics_sdk_raises_on_the_event(breaking: Answering) -> None:
    async with breaking.anthropic() as client:
        messages: list[anthropic.types.MessageParam] = [{"role": "user", "content": "hello"}]
        stream = await client.messages.create(model="m", max_tokens=9, messages=messages, stream=True)
        with pytest.raises(anthropic.APIStatusError, match="broke off"):
            _ = [event async for event in stream]


async def test_googles_sdk_raises_on_the_event(breaking: Answering) -> None:
    async with breaking.google() as client:
        with pytest.raises(errors.ServerError, match="broke off"):
            _ = [part async for part in await client.models.generate_content_stream(model="m", contents="hello")]


@pytest.mark.parametrize("form", ["openai", "anthropic", "google"])
def test_a_failure_tells_the_decisions_id(form: ErrorForm) -> None:
    said = orjson.loads(APART.body("m", "decision-1", form))
    assert said["error"]["message"].endswith(" (decision decision-1)")
    assert said.get("request_id") == ("decision-1" if form == "anthropic" else None)


def test_a_failure_shows_no_key_that_was_sent_as_a_model() -> None:
    assert b"sk-secret" not in APART.body("openai/sk-secret", "d")
