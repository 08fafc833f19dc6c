"""A request too long for its model, or refused for its content, is answered by fallbacks of its own (F2)."""

import httpx
import orjson
import pytest

from gateway.upstream.scripted import Scripted, answers, scripted
from gateway.upstream.serving import SECOND, Gateway, chat, deployment
from modelward.gateway.upstream.failures import FailureKind

TOO_LONG = orjson.dumps({"error": {"code": "context_length_exceeded", "message": "too long"}})
FORBIDDEN = orjson.dumps({"error": {"code": "content_policy_violation", "message": "not that"}})
KINDS: list[FailureKind] = ["general", "context_window", "content_policy"]
SPECIAL: list[tuple[FailureKind, bytes]] = [("context_window", TOO_LONG), ("content_policy", FORBIDDEN)]


@pytest.mark.parametrize(("kind", "body"), SPECIAL)
async def test_a_special_failure_is_answered_by_its_own_fallback(
    kind: FailureKind, body: bytes, falling: Gateway, upstream: Scripted, second: Scripted, client: httpx.AsyncClient
) -> None:
    async with scripted() as never:
        falling.fallbacks = {each: [deployment(never.address)] for each in KINDS} | {kind: [deployment(second.address)]}
        upstream.script = answers(400, body)
        assert (await chat(client)).content == SECOND
        assert never.asked == []


@pytest.mark.parametrize(("kind", "body"), SPECIAL)
async def test_a_special_failure_without_a_fallback_of_its_own_is_returned_as_it_is(
    kind: FailureKind, body: bytes, falling: Gateway, upstream: Scripted, second: Scripted, client: httpx.AsyncClient
) -> None:
    falling.fallbacks = {each: [deployment(second.address)] for each in KINDS if each != kind}
    upstream.script = answers(400, body)
    answer = await chat(client)
    assert (answer.status_code, answer.content) == (400, body)
    assert second.asked == []


async def test_another_failure_is_not_answered_by_the_fallback_of_a_special_one(
    falling: Gateway, upstream: Scripted, second: Scripted, client: httpx.AsyncClient
) -> None:
    falling.fallbacks = {"context_window": [deployment(second.address)]}
    upstream.script = answers(500, TOO_LONG)
    assert (await chat(client)).status_code == 500
    assert second.asked == []
