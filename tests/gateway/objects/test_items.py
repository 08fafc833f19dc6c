"""Items of responses: what comes back whole is taken, and travels with an id only to where that is the caller's."""

from typing import Any

import orjson
import pytest

from gateway.objects.gate_setup import ObjectsSetup
from gateway.objects.test_binding import streams
from gateway.upstream.scripted import answers
from modelward.contract import StateObject
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.objects import ids_of, without_ids
from modelward.gateway.routes import Router

MESSAGE = {"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "output_text", "text": "hello"}]}
REASONING = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "x"}
HELLO = {"role": "user", "content": "hello"}
BARE: list[dict[str, Any]] = [
    {"type": "item_reference", "id": "msg_1"},
    {"type": "reasoning", "id": "msg_1", "summary": [], "encrypted_content": None},
    {"type": "message", "id": "msg_1", "role": "assistant", "content": []},
    {"type": ["message"], "id": "msg_1", "status": "completed"},
    {"id": "msg_1", "type": "function_call", "call_id": "c"},
]
WHOLE: list[dict[str, Any]] = [
    MESSAGE,
    REASONING,
    {"type": "compaction", "id": "x_1", "encrypted_content": "x"},
    {"type": "web_search_call", "id": "x_1", "action": {"query": "q"}},
    {"type": "function_call", "id": "x_1", "call_id": "c", "name": "n", "arguments": "{}"},
    {"type": "item_reference", "id": "x_1", "content": "hello"},
    {"id": "x_1", "role": "user", "content": "hello"},
]
ANSWER = {
    "id": "resp_1",
    "output": [
        REASONING,
        {"type": "code_interpreter_call", "id": "ci_1", "code": "1", "container_id": "cntr_1"},
        MESSAGE
        | {
            "content": [
                {
                    "type": "output_text",
                    "text": "see",
                    "annotations": [
                        {"type": "container_file_citation", "container_id": "cntr_1", "file_id": "cfile_1"},
                        {"type": "url_citation", "url": "https://example.org"},
                    ],
                }
            ]
        },
    ],
}
BOUND = [
    ("cited_file", "cfile_1"),
    ("container", "cntr_1"),
    ("item", "ci_1"),
    ("item", "msg_1"),
    ("item", "rs_1"),
    ("response", "resp_1"),
]


def _asked(*items: Any, **others: Any) -> dict[str, Any]:
    return {"model": "gpt-4", "input": list(items), **others}


def _bound(staged: ObjectsSetup, owner: str = "team:t1") -> list[tuple[str, str]]:
    return sorted((kind, id_) for kind, id_, whose in staged.store.rows if whose == owner)


async def _bind(staged: ObjectsSetup, id_: str, owner: str, deployment: str = "id-gpt-4") -> None:
    await staged.store.bind([StateObject("item", id_, owner, deployment)], [])


def _sent(staged: ObjectsSetup) -> list[Any]:
    sent = orjson.loads(staged.upstream.asked[-1].body)["input"]
    assert isinstance(sent, list)
    return sent


@pytest.mark.parametrize("item", WHOLE, ids=str)
def test_an_item_with_content_is_looked_at_apart(item: dict[str, Any]) -> None:
    route = Router(ROUTES).find("POST", "/v1/responses")
    assert route is not None
    body = _asked(item)
    assert ids_of(route.route, {}, body, apart=True) == ([], [item["id"]])
    (left,) = without_ids(body, [item["id"]])["input"]
    assert left == {key: value for key, value in item.items() if key != "id"}
    assert without_ids(body, ["other"]) == body


@pytest.mark.parametrize("item", BARE, ids=str)
async def test_an_item_by_its_id_alone_must_be_the_callers(staged: ObjectsSetup, item: dict[str, Any]) -> None:
    assert (await staged.call("POST", "/v1/responses", _asked(item))).status == 404
    await _bind(staged, "msg_1", "team:t2")
    assert (await staged.call("POST", "/v1/responses", _asked(item))).status == 404
    assert not staged.upstream.asked
    await _bind(staged, "msg_1", "team:t1")
    staged.upstream.script = answers(200, orjson.dumps(ANSWER))
    assert (await staged.call("POST", "/v1/responses", _asked(item))).status == 200
    assert _sent(staged) == [item]


async def test_what_a_response_shows_is_bound_with_it(staged: ObjectsSetup) -> None:
    staged.upstream.script = answers(200, orjson.dumps(ANSWER))
    assert (await staged.call("POST", "/v1/responses", _asked(HELLO))).status == 200
    assert _bound(staged) == BOUND
    assert len(staged.store.accounts) == 1


async def test_all_that_a_response_showed_may_come_back_and_is_anothers_to_others(staged: ObjectsSetup) -> None:
    staged.upstream.script = answers(200, orjson.dumps(ANSWER))
    await staged.call("POST", "/v1/responses", _asked(HELLO))
    asked = _asked(HELLO, *ANSWER["output"])
    assert (await staged.call("POST", "/v1/responses", asked)).status == 200
    assert _sent(staged) == asked["input"]
    before = len(staged.upstream.asked)
    staged.asks_as("t2")
    for item in ANSWER["output"]:
        assert (await staged.call("POST", "/v1/responses", _asked(item))).status == 404
    assert len(staged.upstream.asked) == before


def _event(kind: str, **fields: Any) -> bytes:
    return f"event: {kind}\n".encode() + b"data: " + orjson.dumps({"type": kind, **fields}) + b"\n\n"


CREATED = _event("response.created", response={"id": "resp_1", "output": []})
ADDED = _event("response.output_item.added", item={"type": "message", "id": "msg_1", "content": []})
CITED = _event(
    "response.output_text.annotation.added",
    item_id="msg_1",
    annotation={"type": "container_file_citation", "container_id": "cntr_1", "file_id": "cfile_1"},
)
DONE = _event("response.completed", response=ANSWER)


async def test_the_items_of_a_stream_are_bound_and_it_passes_byte_for_byte(staged: ObjectsSetup) -> None:
    whole = CREATED + ADDED + CITED + DONE
    cuts = [whole[start : start + 50] for start in range(0, len(whole), 50)]
    staged.upstream.script = streams(*cuts)
    answer = await staged.call("POST", "/v1/responses", _asked(HELLO, stream=True))
    assert (answer.status, answer.body) == (200, whole)
    assert _bound(staged) == BOUND


async def test_a_stream_ends_before_an_id_that_cannot_be_bound(staged: ObjectsSetup) -> None:
    staged.store.room = 1
    staged.upstream.script = streams(CREATED, ADDED, DONE)
    answer = await staged.call("POST", "/v1/responses", _asked(HELLO, stream=True))
    assert b"msg_1" not in answer.body
    assert b"store_unavailable" in answer.body


async def test_the_items_of_a_response_that_is_looked_at_are_bound(staged: ObjectsSetup) -> None:
    await staged.store.bind([StateObject("response", "resp_1", "team:t1", "id-gpt-4")], [])
    staged.upstream.script = answers(200, orjson.dumps(ANSWER))
    assert (await staged.call("GET", "/v1/responses/resp_1")).status == 200
    assert _bound(staged) == BOUND


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_items_of_a_conversation_are_bound(staged: ObjectsSetup, method: str) -> None:
    await staged.store.bind([StateObject("conversation", "conv_1", "team:t1", "id-gpt-4")], [])
    staged.upstream.script = answers(200, orjson.dumps({"object": "list", "data": ANSWER["output"]}))
    body = {"items": [{"role": "user", "content": "hello"}]} if method == "POST" else None
    assert (await staged.call(method, "/v1/conversations/conv_1/items", body)).status == 200
    assert set(BOUND) - {("response", "resp_1")} < set(_bound(staged))


async def test_an_item_that_nobody_has_travels_without_its_id(staged: ObjectsSetup) -> None:
    staged.upstream.script = answers(200, orjson.dumps(ANSWER))
    assert (await staged.call("POST", "/v1/responses", _asked(REASONING, store=False))).status == 200
    assert _sent(staged) == [{key: value for key, value in REASONING.items() if key != "id"}]
    assert _bound(staged) == []


async def test_a_dropped_response_leaves_its_container_and_what_it_cites_to_its_maker(staged: ObjectsSetup) -> None:
    staged.upstream.script = answers(200, orjson.dumps(ANSWER))
    asked = _asked(HELLO, store=False, tools=[{"type": "code_interpreter", "container": {"type": "auto"}}])
    assert (await staged.call("POST", "/v1/responses", asked)).status == 200
    assert _bound(staged) == [("cited_file", "cfile_1"), ("container", "cntr_1")]
    assert (await staged.call("POST", "/v1/responses", asked | {"input": ANSWER["output"]})).status == 200
    assert [item.get("id") for item in _sent(staged)] == [None, None, None]


async def test_a_file_that_is_cited_is_none_that_can_be_read_or_deleted(staged: ObjectsSetup) -> None:
    await staged.store.bind([StateObject("cited_file", "cfile_1", "team:t1", "id-gpt-4")], [])
    for method in ("GET", "DELETE"):
        assert (await staged.call(method, "/v1/files/cfile_1")).status == 404
    assert not staged.upstream.asked


async def test_the_call_goes_where_its_items_are(apart: ObjectsSetup) -> None:
    await _bind(apart, "msg_1", "team:t1", "id-gpt-4o")
    apart.upstream.script = answers(200, orjson.dumps(ANSWER))
    assert (await apart.call("POST", "/v1/responses", _asked(MESSAGE) | {"model": "gpt-4o"})).status == 200
    assert _sent(apart)[0]["id"] == "msg_1"


async def test_an_item_goes_into_another_account_without_its_id(apart: ObjectsSetup) -> None:
    await _bind(apart, "msg_1", "team:t1", "id-gpt-4o")
    apart.upstream.script = answers(200, orjson.dumps(ANSWER))
    assert (await apart.call("POST", "/v1/responses", _asked(MESSAGE))).status == 200
    assert "id" not in _sent(apart)[0]


async def test_of_a_long_history_the_first_items_travel_without_ids(staged: ObjectsSetup) -> None:
    staged.upstream.script = answers(200, orjson.dumps(ANSWER))
    await _bind(staged, "m0", "team:t1")
    await _bind(staged, "m1000", "team:t1")
    items = [{"id": f"m{number}", "role": "user", "content": "x"} for number in range(1_001)]
    assert (await staged.call("POST", "/v1/responses", _asked(*items))).status == 200
    assert [item["id"] for item in _sent(staged) if "id" in item] == ["m1000"]


@pytest.mark.parametrize(("others", "status"), [(999, 200), (1_000, 404)])
async def test_an_item_before_those_answers_no_question_about_its_id(
    staged: ObjectsSetup, others: int, status: int
) -> None:
    staged.upstream.script = answers(200, orjson.dumps(ANSWER))
    items = [{"id": f"m{number}", "x": 1} for number in range(others)]
    asked = {"type": "mcp_approval_request", "id": "mcpr_1", "name": "n", "arguments": "{}"}
    answer = {"type": "mcp_approval_response", "approval_request_id": "mcpr_1", "approve": True}
    assert (await staged.call("POST", "/v1/responses", _asked(asked, *items, answer))).status == status


async def test_a_response_with_very_many_items_binds_the_first_thousand(staged: ObjectsSetup) -> None:
    output = [{"type": "message", "id": f"msg_{number}"} for number in range(1_500)]
    staged.upstream.script = answers(200, orjson.dumps({"id": "resp_1", "output": output}))
    assert (await staged.call("POST", "/v1/responses", _asked(HELLO))).status == 200
    assert len(staged.store.rows) == 1_000
    assert ("response", "resp_1", "team:t1") in staged.store.rows


RAN = {"type": "bash_code_execution_result", "content": [{"type": "bash_code_execution_output", "file_id": "file_1"}]}
TOLD = {
    "type": "message",
    "id": "msg_1",
    "container": {"id": "container_1"},
    "content": [
        {"type": "tool_use", "id": "t", "name": "n", "input": {"file_id": "file_of_another"}},
        {"type": "bash_code_execution_tool_result", "content": RAN},
    ],
}
CODE = {
    "model": "gpt-4",
    "max_tokens": 5,
    "messages": [HELLO],
    "tools": [{"type": "code_execution_20250825", "name": "code_execution"}],
}


def _message_events() -> list[bytes]:
    return [
        _event("message_start", message={"id": "msg_1", "container": None, "content": []}),
        *(_event("content_block_start", index=index, content_block=each) for index, each in enumerate(TOLD["content"])),
        _event("message_delta", delta={"container": TOLD["container"]}),
    ]


@pytest.mark.parametrize("stream", [False, True])
async def test_the_container_and_the_files_of_a_message_come_back(staged: ObjectsSetup, stream: bool) -> None:
    staged.upstream.script = streams(*_message_events()) if stream else answers(200, orjson.dumps(TOLD))
    assert (await staged.call("POST", "/v1/messages", CODE | {"stream": stream})).status == 200
    assert _bound(staged) == [("cited_file", "file_1"), ("container", "container_1")]
    messages = [HELLO, {"role": "assistant", "content": TOLD["content"]}, HELLO]
    again = CODE | {"container": "container_1", "messages": messages}
    staged.upstream.script = answers(200, orjson.dumps(TOLD))
    assert (await staged.call("POST", "/v1/messages", again)).status == 200
    staged.asks_as("t2")
    assert (await staged.call("POST", "/v1/messages", again)).status == 404
    assert (await staged.call("POST", "/v1/messages", CODE | {"messages": messages})).status == 404


async def test_a_message_without_such_tools_binds_nothing(staged: ObjectsSetup) -> None:
    staged.upstream.script = answers(200, orjson.dumps(TOLD))
    staged.store.down = True
    asked = {key: value for key, value in CODE.items() if key != "tools"}
    assert (await staged.call("POST", "/v1/messages", asked)).status == 200
