"""The config's fallbacks: a target runs only where the same caller's own call for it would be allowed (F2)."""

from collections.abc import Sequence

import orjson
import pytest

from gateway.upstream.falling import FAILS, Falling
from gateway.upstream.scripted import answers, cuts
from modelward.contract import Customer, Team


async def test_an_allowed_fallback_answers(gated: Falling) -> None:
    answer = await gated.chat("gpt-4")
    assert (answer.status, answer.json()) == (200, {"model": "gpt-4o"})
    line = await gated.line()
    assert (line["deployment"], line["status"], line["models"]) == ("id-gpt-4o", 200, ["gpt-4"])
    assert line["skipped_fallbacks"] == []


async def test_a_refused_fallback_is_never_asked_and_the_first_error_is_returned(gated: Falling) -> None:
    gated.may_use("gpt-4")
    assert (await gated.chat("gpt-4o")).status == 403
    answer = await gated.chat("gpt-4")
    assert (answer.status, answer.json()) == (503, {"error": {"message": "the first"}})
    assert gated.asked() == ["gpt-4"]


async def test_a_refused_fallback_is_noted_with_the_rule_that_refused_it(gated: Falling) -> None:
    gated.may_use("gpt-4")
    await gated.chat("gpt-4")
    assert await gated.skipped() == [("gpt-4o", "key_model_access"), ("claude-3", "key_model_access")]
    line = await gated.line()
    assert (line["allow"], line["reasons"], line["status"], line["deployment"]) == (True, [], 503, "id-gpt-4")


async def test_a_fallback_is_held_against_every_layer(gated: Falling) -> None:
    gated.may_use(team=Team(team_id="t", models=["gpt-4", "claude-3"]))
    assert (await gated.chat("gpt-4")).json() == {"model": "claude-3"}
    assert await gated.skipped() == [("gpt-4o", "team_model_access")]


async def test_a_fallback_is_held_against_the_customer_that_the_request_names(gated: Falling) -> None:
    gated.customers["c"] = Customer(user_id="c", models=["gpt-4", "claude-3"])
    assert (await gated.chat("gpt-4", user="c")).json() == {"model": "claude-3"}
    assert await gated.skipped() == [("gpt-4o", "customer_model_access")]


async def test_the_next_fallback_runs_where_the_first_is_refused(gated: Falling) -> None:
    gated.may_use("gpt-4", "claude-3")
    answer = await gated.chat("gpt-4")
    assert answer.json() == {"model": "claude-3"}
    assert gated.asked() == ["gpt-4", "claude-3"]
    assert await gated.skipped() == [("gpt-4o", "key_model_access")]


async def test_an_error_says_nothing_of_the_fallbacks(gated: Falling) -> None:
    gated.may_use("gpt-4")
    gated.scripts["gpt-4"] = cuts
    answer = await gated.chat("gpt-4")
    assert answer.status == 502
    assert not [word for word in ("gpt-4o", "claude") if word in answer.text + str(answer.headers)]
    assert "x-litellm-attempted-fallbacks" not in answer.headers


@pytest.mark.parametrize(("failing", "count"), [([], None), (["gpt-4"], "1"), (["gpt-4", "gpt-4o"], "2")])
async def test_an_answer_says_how_many_fallbacks_it_took(
    gated: Falling, failing: Sequence[str], count: str | None
) -> None:
    del gated.scripts["gpt-4"]
    gated.scripts.update(dict.fromkeys(failing, FAILS))
    answer = await gated.chat("gpt-4")
    assert (answer.status, answer.headers.get("x-litellm-attempted-fallbacks")) == (200, count)


async def test_the_first_error_is_returned_where_every_fallback_fails(gated: Falling) -> None:
    gated.scripts.update({"gpt-4o": answers(500), "claude-3": answers(400)})
    answer = await gated.chat("gpt-4")
    assert (answer.status, answer.json()) == (503, {"error": {"message": "the first"}})
    assert gated.asked() == ["gpt-4", "gpt-4o", "claude-3"]
    assert (await gated.line())["deployment"] == "id-gpt-4"


async def test_a_stream_is_answered_by_a_fallback(gated: Falling) -> None:
    event = b"data: {}\n\ndata: [DONE]\n\n"
    gated.scripts["gpt-4o"] = answers(200, event, b"content-type: text/event-stream")
    answer = await gated.chat("gpt-4", stream=True)
    assert (answer.status, answer.body) == (200, event)
    assert orjson.loads(gated.upstream.asked[1].body)["stream"] is True
