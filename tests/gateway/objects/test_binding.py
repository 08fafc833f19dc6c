"""What an answer makes is bound before the client sees any of it, and not shown where it cannot be."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.objects.gate_setup import ObjectsSetup
from gateway.upstream.scripted import EVENT_STREAM, Asked, Line, answers
from modelward.contract import StateObject
from modelward.gateway.objects.binding import LONGEST_BEGINNING, made_by_stream
from modelward.gateway.upstream.reply import Reply, joined

RESPONSE = {"model": "gpt-4", "input": "hello"}
MADE = answers(200, b'{"id":"resp_1"}')
CREATED = b'event: response.created\ndata: {"type":"response.created","response":{"id":"resp_1"}}\n\n'
DELTA = b'event: response.output_text.delta\ndata: {"delta":"hel"}\n\n'


def streams(*chunks: bytes, ends: bool = True) -> Any:
    """A script that says these chunks as a stream of events, and ends it or cuts it off."""

    async def script(asked: Asked, line: Line) -> None:
        await line.say(EVENT_STREAM)
        for chunk in chunks:
            await line.chunk(chunk)
        if ends:
            await line.chunk(b"")
        else:
            line.cut()

    return script


async def test_an_answer_is_bound_to_the_callers_team(staged: ObjectsSetup) -> None:
    staged.upstream.script = MADE
    assert (await staged.call("POST", "/v1/responses", RESPONSE)).status == 200
    assert list(staged.store.rows) == [("response", "resp_1", "team:t1")]
    assert [sorted(account) for account in staged.store.accounts] == [["id-gpt-4", "id-gpt-4o"]]


async def test_nothing_is_shown_while_the_store_does_not_answer(staged: ObjectsSetup) -> None:
    staged.upstream.script = MADE
    staged.store.down = True
    answer = await staged.call("POST", "/v1/responses", RESPONSE)
    assert (answer.status, answer.headers["x-should-retry"]) == (503, "false")
    assert "resp_1" not in answer.text


async def test_nothing_of_a_stream_is_shown_while_the_store_does_not_answer(staged: ObjectsSetup) -> None:
    staged.upstream.script = streams(CREATED, DELTA)
    staged.store.down = True
    answer = await staged.call("POST", "/v1/responses", RESPONSE | {"stream": True})
    assert answer.status == 503
    assert "resp_1" not in answer.text


async def test_an_id_that_another_has_is_told_and_the_log_says_that_it_is_nobodys(staged: ObjectsSetup) -> None:
    staged.upstream.script = MADE
    staged.store.contested.add(("response", "resp_1"))
    answer = await staged.call("POST", "/v1/responses", RESPONSE)
    assert (answer.status, answer.body) == (200, b'{"id":"resp_1"}')
    assert not staged.store.rows
    assert b"it is nobody's now" in b"".join(staged.lines)


async def test_a_stream_is_bound_and_passes_byte_for_byte(staged: ObjectsSetup) -> None:
    staged.upstream.script = streams(CREATED[:40], CREATED[40:] + DELTA)
    answer = await staged.call("POST", "/v1/responses", RESPONSE | {"stream": True})
    assert answer.body == CREATED + DELTA
    assert list(staged.store.rows) == [("response", "resp_1", "team:t1")]


async def test_a_stream_that_breaks_before_it_makes_anything_is_a_failure(staged: ObjectsSetup) -> None:
    staged.upstream.script = streams(CREATED[:40], ends=False)
    answer = await staged.call("POST", "/v1/responses", RESPONSE | {"stream": True})
    assert answer.status == 502


async def test_a_stream_that_does_not_come_to_its_id_is_not_shown(staged: ObjectsSetup) -> None:
    staged.upstream.script = streams(*[b": " + b"x" * 65536 + b"\n\n"] * (LONGEST_BEGINNING // 65536 + 1))
    answer = await staged.call("POST", "/v1/responses", RESPONSE | {"stream": True})
    assert (answer.status, answer.json()["error"]["code"]) == (502, "upstream_unowned")


async def test_a_threads_run_is_shown_once_its_thread_is_bound(staged: ObjectsSetup) -> None:
    thread = b'event: thread.created\ndata: {"id":"thread_1","object":"thread"}\n\n'
    run = b'event: thread.run.created\ndata: {"id":"run_1","thread_id":"thread_1"}\n\n'
    staged.upstream.script = streams(thread, run)
    staged.store.rows.clear()
    answer = await staged.call("POST", "/v1/threads/runs", {"model": "gpt-4", "stream": True})
    assert answer.body == thread + run
    assert list(staged.store.rows) == [("thread", "thread_1", "team:t1")]


async def test_an_error_of_the_upstream_passes(staged: ObjectsSetup) -> None:
    staged.upstream.script = answers(429, b'{"error":{"message":"slow down"}}')
    answer = await staged.call("POST", "/v1/responses", RESPONSE)
    assert (answer.status, answer.body) == (429, b'{"error":{"message":"slow down"}}')


async def test_files_that_a_batch_wrote_are_bound_when_it_is_looked_at(staged: ObjectsSetup) -> None:
    staged.upstream.script = answers(200, b'{"id":"batch_1","output_file_id":null}')
    await _bind(staged, "batch", "batch_1")
    assert (await staged.call("GET", "/v1/batches/batch_1")).status == 200
    assert len(staged.store.rows) == 1
    staged.upstream.script = answers(200, b'{"id":"batch_1","output_file_id":"file_1"}')
    assert (await staged.call("GET", "/v1/batches/batch_1")).status == 200
    assert ("file", "file_1", "team:t1") in staged.store.rows


async def test_files_of_a_batch_are_not_shown_while_the_store_fails(staged: ObjectsSetup) -> None:
    await _bind(staged, "batch", "batch_1")

    async def fails(asked: Asked, line: Line) -> None:
        staged.store.down = True
        await answers(200, b'{"id":"batch_1","output_file_id":"file_1"}')(asked, line)

    staged.upstream.script = fails
    answer = await staged.call("GET", "/v1/batches/batch_1")
    assert answer.status == 503
    assert "file_1" not in answer.text


async def test_an_object_that_is_deleted_is_forgotten(staged: ObjectsSetup) -> None:
    await _bind(staged, "vector_store", "vs_1")
    assert (await staged.call("DELETE", "/v1/vector_stores/vs_1")).status == 200
    assert not staged.store.rows


@pytest.mark.parametrize("path", ["/v1/vector_stores/vs_1/files/file_1", "/v1/vector_stores/vs_1"])
async def test_an_object_stays_where_another_is_deleted_or_none(staged: ObjectsSetup, path: str) -> None:
    await _bind(staged, "vector_store", "vs_1")
    staged.upstream.script = answers(200 if "files" in path else 500)
    await staged.call("DELETE", path)
    assert len(staged.store.rows) == 1


@pytest.mark.parametrize("part", ["..%2F..%2F..%2Ffiles%2Ff", "a%2F..%2Fb", "a%2fb", "..%5Cfiles", "%2F"])
async def test_what_follows_an_object_in_a_path_leads_nowhere_else(staged: ObjectsSetup, part: str) -> None:
    await _bind(staged, "thread", "thread_1")
    answer = await staged.call("GET", f"/v1/threads/thread_1/messages/{part}")
    assert (answer.status, staged.upstream.asked) == (400, [])


async def _bind(staged: ObjectsSetup, kind: Any, id_: str) -> None:
    await staged.store.bind([StateObject(kind, id_, "team:t1", "id-gpt-4")], [])


@given(st.lists(st.integers(0, len(CREATED + DELTA)), max_size=6).map(sorted))
async def test_an_id_is_found_however_a_stream_is_cut_into_chunks(cuts: list[int]) -> None:
    whole = DELTA + CREATED
    chunks = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    reply = Reply(200, [(b"content-type", b"text/event-stream")], joined(chunks), "id-gpt-4")
    assert await made_by_stream((("id", "response"),), reply) == [("response", "resp_1")]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
async def test_an_id_is_found_whatever_ends_the_lines(ending: bytes) -> None:
    event = b"data: " + orjson.dumps({"response": {"id": "resp_1"}}) + ending + ending
    reply = Reply(200, [], joined([event]), "id-gpt-4")
    assert await made_by_stream((("id", "response"),), reply) == [("response", "resp_1")]
