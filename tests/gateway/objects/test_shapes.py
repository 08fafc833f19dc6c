"""Bodies whose fields are all known: a field more could name a model that nobody judged."""

import pytest

from gateway.objects.gate_setup import ObjectsSetup
from gateway.upstream.scripted import answers
from modelward.contract import StateObject, Use

EVAL = Use("/v1/evals", ("gpt-4",), ("gpt-4",))
CALL = {"model": "gpt-4", "max_tokens": 1, "messages": []}
SOURCE = {"type": "completions", "model": "gpt-4"}


@pytest.fixture
async def evaluating(staged: ObjectsSetup) -> ObjectsSetup:
    """A gate_setup where the team has an eval, and may use `gpt-4` alone."""
    staged.asks_as("t1", "gpt-4")
    staged.upstream.script = answers(200, b'{"id":"x_1"}')
    await staged.store.bind([StateObject("eval", "eval_1", "team:t1", "id-gpt-4", (EVAL,))], [])
    return staged


async def test_an_eval_is_named_anew(evaluating: ObjectsSetup) -> None:
    body = {"name": "b", "metadata": {"model": "note"}}
    assert (await evaluating.call("POST", "/v1/evals/eval_1", body)).status == 200


@pytest.mark.parametrize("field", ["testing_criteria", "data_source_config", "x", "model"])
async def test_nothing_else_of_an_eval_is_changed(evaluating: ObjectsSetup, field: str) -> None:
    for body in ({"name": "b", field: "gpt-4"}, {"extra_body": {field: "gpt-4"}}):
        assert (await evaluating.call("POST", "/v1/evals/eval_1", body)).status == 400
    assert not evaluating.upstream.asked


@pytest.mark.parametrize(
    "grader", [{"grader": {"model": "gpt-4o"}}, {"graders": [{"inner": {"model": "gpt-4o"}}]}], ids=["one", "several"]
)
async def test_the_graders_of_a_runs_data_are_judged(evaluating: ObjectsSetup, grader: dict[str, object]) -> None:
    answer = await evaluating.call("POST", "/v1/evals/eval_1/runs", {"data_source": SOURCE | grader})
    assert answer.status == 403
    assert not evaluating.upstream.asked


async def test_what_is_not_known_of_a_runs_data_is_refused(evaluating: ObjectsSetup) -> None:
    body = {"data_source": SOURCE | {"judge": {"model": "gpt-4o"}}}
    assert (await evaluating.call("POST", "/v1/evals/eval_1/runs", body)).status == 400


async def test_the_items_of_a_runs_data_may_hold_anything(evaluating: ObjectsSetup) -> None:
    items = {"source": {"type": "file_content", "content": [{"item": {"model": "gpt-4o", "judge": {"model": 7}}}]}}
    answer = await evaluating.call("POST", "/v1/evals/eval_1/runs", {"data_source": SOURCE | items})
    assert answer.status == 200


BATCHES: dict[str, dict[str, object]] = {
    "a call without params": {"requests": [{"custom_id": "1", "params": CALL}, {"custom_id": "2"}]},
    "a model beside params": {"requests": [{"custom_id": "1", "params": CALL, "model": "gpt-4o"}]},
    "more fields beside params": {"requests": [{"custom_id": "1", "params": CALL, "extra_body": {"model": "gpt-4o"}}]},
    "a call that is a text": {"requests": [{"custom_id": "1", "params": CALL}, "x"]},
    "a model beside requests": {"requests": [{"custom_id": "1", "params": CALL}], "defaults": {"model": "gpt-4o"}},
    "no requests": {"params": CALL},
}


@pytest.mark.parametrize("shape", BATCHES)
async def test_a_batch_of_messages_holds_calls_and_nothing_else(evaluating: ObjectsSetup, shape: str) -> None:
    answer = await evaluating.call("POST", "/v1/messages/batches", BATCHES[shape])
    assert answer.status == 400
    assert not evaluating.upstream.asked


@pytest.mark.parametrize("path", ["/v1/responses", "/v1/videos", "/v1/vector_stores", "/v1/threads/runs"])
async def test_an_id_that_the_client_chose_is_refused(evaluating: ObjectsSetup, path: str) -> None:
    for body in ({"request_id": "resp_1"}, {"extra_body": {"request_id": "resp_1"}}):
        assert (await evaluating.call("POST", path, {"model": "gpt-4", "input": "x"} | body)).status == 400
    assert not evaluating.upstream.asked
