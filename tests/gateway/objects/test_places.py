"""Where a call goes that names objects, or makes one without naming a model."""

from typing import Any

import pytest

from gateway.objects.gate_setup import ObjectsSetup
from gateway.upstream.scripted import answers
from modelward.contract import ObjectKind, StateObject, Use

RESPONSE = {"model": "gpt-4", "input": "hello"}


async def _bind(
    staged: ObjectsSetup, kind: ObjectKind, id_: str, deployment: str = "id-gpt-4", uses: tuple[Use, ...] = ()
) -> None:
    await staged.store.bind([StateObject(kind, id_, "team:t1", deployment, uses)], [])


def _key_sent(staged: ObjectsSetup) -> str:
    return dict(staged.upstream.asked[-1].headers)["authorization"]


async def test_a_call_goes_where_its_object_lives(apart: ObjectsSetup) -> None:
    await _bind(apart, "vector_store", "vs_1", "id-gpt-4o")
    assert (await apart.call("GET", "/v1/vector_stores/vs_1")).status == 200
    assert _key_sent(apart) == "Bearer two"


async def test_a_model_is_called_where_the_objects_live(apart: ObjectsSetup) -> None:
    await _bind(apart, "response", "resp_0", "id-gpt-4o")
    answer = await apart.call("POST", "/v1/responses", RESPONSE | {"previous_response_id": "resp_0"})
    assert (answer.status, answer.error_type) == (400, "invalid_request_error")
    assert not apart.upstream.asked


async def test_objects_of_two_accounts_cannot_be_named_together(apart: ObjectsSetup) -> None:
    await _bind(apart, "file", "file_1", "id-gpt-4")
    await _bind(apart, "file", "file_2", "id-gpt-4o")
    answer = await apart.call("POST", "/v1/vector_stores", {"file_ids": ["file_1", "file_2"]})
    assert answer.status == 400
    assert not apart.upstream.asked


async def test_with_several_accounts_a_new_object_needs_a_model_to_tell_where(apart: ObjectsSetup) -> None:
    apart.upstream.script = answers(200, b'{"id":"conv_1"}')
    refused = await apart.call("POST", "/v1/conversations", {})
    assert (refused.status, refused.error_type) == (400, "invalid_request_error")
    assert (await apart.call("POST", "/v1/conversations?model=gpt-4o", {})).status == 200
    assert _key_sent(apart) == "Bearer two"


async def test_a_model_that_only_tells_where_is_judged_too(apart: ObjectsSetup) -> None:
    apart.asks_as("t1", "gpt-4")
    refused = await apart.call("POST", "/v1/conversations?model=gpt-4o", {})
    assert (refused.status, refused.error_type) == (403, "key_model_access_denied")


async def test_an_object_whose_deployment_is_gone_from_the_config_is_gone(staged: ObjectsSetup) -> None:
    await _bind(staged, "vector_store", "vs_1", "id-of-old")
    assert (await staged.call("GET", "/v1/vector_stores/vs_1")).status == 404


VIDEO: dict[str, Any] = {"path": "/v1/videos", "models": ("gpt-4",), "upstream": ("gpt-4",)}


async def test_what_is_run_again_is_judged_for_whoever_runs_it(staged: ObjectsSetup) -> None:
    staged.upstream.script = answers(200, b'{"id":"video_2"}')
    await _bind(staged, "video", "video_1", uses=(Use(**VIDEO),))
    staged.asks_as("t1", "gpt-4o")
    refused = await staged.call("POST", "/v1/videos/video_1/remix", {"prompt": "a lake"})
    assert (refused.status, refused.error_type) == (403, "key_model_access_denied")
    staged.asks_as("t1", "gpt-4")
    assert (await staged.call("POST", "/v1/videos/video_1/remix", {"prompt": "a lake"})).status == 200
    assert staged.store.rows["video", "video_2", "team:t1"].uses == (Use(**VIDEO),)


@pytest.mark.parametrize("uses", [(), (Use(**VIDEO | {"upstream": ("gpt-of-old",)}),)])
async def test_what_was_not_judged_as_it_would_run_is_not_run(staged: ObjectsSetup, uses: tuple[Use, ...]) -> None:
    await _bind(staged, "video", "video_1", uses=uses)
    refused = await staged.call("POST", "/v1/videos/video_1/remix", {"prompt": "a lake"})
    assert refused.status == 400
    assert not staged.upstream.asked


async def test_the_graders_of_an_eval_are_judged_when_it_is_run(staged: ObjectsSetup) -> None:
    staged.upstream.script = answers(200, b'{"id":"eval_1"}')
    graded = {"testing_criteria": [{"type": "label_model", "model": "gpt-4o"}]}
    assert (await staged.call("POST", "/v1/evals", graded)).status == 200
    staged.asks_as("t1", "gpt-4")
    run = {"data_source": {"type": "completions", "model": "gpt-4", "source": {"type": "file_content"}}}
    refused = await staged.call("POST", "/v1/evals/eval_1/runs", run)
    assert (refused.status, refused.error_type) == (403, "key_model_access_denied")
    staged.asks_as("t1")
    assert (await staged.call("POST", "/v1/evals/eval_1/runs", run)).status == 200


async def test_state_is_looked_up_for_nobody_whose_caller_is_refused(staged: ObjectsSetup) -> None:
    staged.store.down = True
    staged.asks_as("t1", "gpt-4o")
    refused = await staged.call("POST", "/v1/responses", RESPONSE | {"previous_response_id": "resp_none"})
    assert refused.status == 403


async def test_an_id_is_not_taken_for_the_callers_while_the_store_is_down(staged: ObjectsSetup) -> None:
    staged.store.down = True
    answer = await staged.call("GET", "/v1/vector_stores/vs_1")
    assert answer.status == 503
    assert not staged.upstream.asked
