"""What a request runs is named at one place, and there only; what it makes asks for what it was allowed."""

from typing import Any

import pytest

from gateway.objects.gate_setup import ObjectsSetup
from gateway.upstream.scripted import answers
from modelward.contract import StateObject, Use

EDITS = "/v1/videos/edits"
VIDEO = Use("/v1/videos", ("gpt-4",), ("gpt-4",))
BATCHED = Use("/v1/chat/completions", ("gpt-4o",), ("gpt-4o",))


async def _bind(staged: ObjectsSetup, kind: Any, id_: str, use: Use, owner: str = "team:t1") -> None:
    await staged.store.bind([StateObject(kind, id_, owner, "id-gpt-4", (use,))], [])


async def _form(staged: ObjectsSetup, *parts: tuple[str, str]) -> int:
    pieces = [f"--x\r\nContent-Disposition: form-data; {name}\r\n\r\n{text}\r\n" for name, text in parts]
    body = ("".join(pieces) + "--x--\r\n").encode()
    answer = await staged.send("POST", EDITS, body, {"content-type": "multipart/form-data; boundary=x"})
    return answer.status


@pytest.fixture
async def filming(staged: ObjectsSetup) -> ObjectsSetup:
    """A gate_setup where the team has two videos of `gpt-4`, and another team one."""
    staged.upstream.script = answers(200, b'{"id":"vid_3"}')
    await _bind(staged, "video", "vid_1", VIDEO)
    await _bind(staged, "video", "vid_2", VIDEO)
    await _bind(staged, "video", "vid_x", VIDEO, owner="team:t2")
    return staged


async def test_a_video_that_is_named_at_its_place_is_edited(filming: ObjectsSetup) -> None:
    answer = await filming.call("POST", EDITS, {"prompt": "more", "video": {"id": "vid_1"}})
    assert answer.status == 200
    assert filming.store.rows["video", "vid_3", "team:t1"].uses == (VIDEO,)


async def test_a_form_names_its_video_by_a_key_or_as_json(filming: ObjectsSetup) -> None:
    assert await _form(filming, ('name="video[id]"', "vid_1")) == 200
    assert await _form(filming, ('name="video"', ' {"id":"vid_1"}')) == 200


async def test_anothers_video_is_not_found(filming: ObjectsSetup) -> None:
    assert (await filming.call("POST", EDITS, {"video": {"id": "vid_x"}})).status == 404
    assert await _form(filming, ('name="video"', '{"id":"vid_x"}')) == 404
    assert not filming.upstream.asked


ELSEWHERE: dict[str, dict[str, object]] = {
    "nowhere": {"prompt": "more"},
    "as a text": {"video": "vid_1"},
    "as a list": {"video": [{"id": "vid_1"}]},
    "no text": {"video": {"id": 7}},
    "an empty text": {"video": {"id": ""}},
    "with more": {"video": {"id": "vid_1", "url": "x"}},
    "beside another": {"video": {"id": "vid_1"}, "video_id": "vid_2"},
    "beside itself": {"video": {"id": "vid_1"}, "video_id": "vid_1"},
    "by another word": {"video_id": "vid_1"},
    "beside another laid over it": {"video": {"id": "vid_1"}, "extra_body": {"video": "vid_x"}},
}


@pytest.mark.parametrize("where", ELSEWHERE)
async def test_a_video_that_is_named_in_another_way_is_refused(filming: ObjectsSetup, where: str) -> None:
    assert (await filming.call("POST", EDITS, ELSEWHERE[where])).status == 400
    assert not filming.upstream.asked


async def test_a_video_that_is_a_file_is_refused(filming: ObjectsSetup) -> None:
    file = ('name="video"; filename="a.mp4"', "bytes")
    assert await _form(filming, file) == 400
    assert await _form(filming, ('name="video[id]"', "vid_1"), file) == 400
    assert await _form(filming, ('name="video"', "vid_1")) == 400


async def test_a_new_video_asks_for_its_own_model_though_a_batch_file_is_named_in_it(filming: ObjectsSetup) -> None:
    await _bind(filming, "file", "file_1", BATCHED)
    body = {"model": "gpt-4", "prompt": "x", "input_reference": {"file_id": "file_1"}}
    assert (await filming.call("POST", "/v1/videos", body)).status == 200
    assert [use.models for use in filming.store.rows["video", "vid_3", "team:t1"].uses] == [("gpt-4",)]


async def test_a_new_video_asks_in_the_name_of_its_customer_though_the_log_shows_no_key(filming: ObjectsSetup) -> None:
    body = {"model": "gpt-4", "prompt": "x", "user": "sk-customer"}
    assert (await filming.call("POST", "/v1/videos", body)).status == 200
    assert [use.customer for use in filming.store.rows["video", "vid_3", "team:t1"].uses] == ["sk-customer"]
    assert not any(b"sk-customer" in line for line in filming.lines)


async def test_a_run_of_an_eval_asks_for_what_the_eval_does_and_not_for_its_files_lines(filming: ObjectsSetup) -> None:
    await _bind(filming, "eval", "eval_1", Use("/v1/evals", ("gpt-4",), ("gpt-4",)))
    await _bind(filming, "file", "file_1", BATCHED)
    filming.asks_as("t1", "gpt-4")
    source = {"type": "completions", "model": "gpt-4", "source": {"type": "file_id", "id": "file_1"}}
    assert (await filming.call("POST", "/v1/evals/eval_1/runs", {"data_source": source})).status == 200


async def test_tool_outputs_that_would_continue_a_run_are_not_taken(staged: ObjectsSetup) -> None:
    await _bind(staged, "thread", "thread_1", VIDEO)
    path = "/v1/threads/thread_1/runs/run_1/submit_tool_outputs"
    assert (await staged.call("POST", path, {"tool_outputs": []})).status == 404
    assert not staged.upstream.asked
