"""Every id of an object that a request names is found, and what cannot be bound is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.objects import ids_of
from modelward.gateway.objects.ids import run_in_body
from modelward.gateway.routes import Match, Router

_ROUTER = Router(ROUTES)


def _match(path: str, method: str = "POST") -> Match:
    match = _ROUTER.find(method, path)
    assert match is not None
    return match


def _ids(path: str, body: JsonObject, method: str = "POST") -> list[tuple[str, str]]:
    match = _match(path, method)
    return list(ids_of(match.route, match.variables, body).ids)


RESPONSES, CHAT, MESSAGES = "/v1/responses", "/v1/chat/completions", "/v1/messages"

NAMED: dict[str, tuple[str, JsonObject, list[tuple[str, str]]]] = {
    "the response before": (RESPONSES, {"previous_response_id": "r"}, [("response", "r")]),
    "no response before": (RESPONSES, {"previous_response_id": None}, []),
    "a conversation": (RESPONSES, {"conversation": "c"}, [("conversation", "c")]),
    "a conversation as an object": (RESPONSES, {"conversation": {"id": "c"}}, [("conversation", "c")]),
    "a file in the input": (
        RESPONSES,
        {"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "f"}]}]},
        [("file", "f")],
    ),
    "vector stores of a tool": (
        RESPONSES,
        {"tools": [{"type": "file_search", "vector_store_ids": ["a", "b"]}]},
        [("vector_store", "a"), ("vector_store", "b")],
    ),
    "1,000 objects, many times": (
        CHAT,
        {"messages": [{"file_id": f"f{number:03}"} for number in range(1_000)] * 2},
        [("file", f"f{number:03}") for number in range(1_000)],
    ),
    "a container": (RESPONSES, {"tools": [{"type": "code_interpreter", "container": "c"}]}, [("container", "c")]),
    "files for a new container": (
        RESPONSES,
        {"tools": [{"type": "code_interpreter", "container": {"type": "auto", "file_ids": ["f"]}}]},
        [("file", "f")],
    ),
    "a file of a container": (
        RESPONSES,
        {"x": {"type": "container_file_citation", "container_id": "c", "file_id": "cfile"}},
        [("container", "c"), ("file", "cfile")],
    ),
    "a file that is said to be cited": (
        "/v1/vector_stores/vs/files",
        {"type": "container_file_citation", "file_id": "f"},
        [("file", "f"), ("vector_store", "vs")],
    ),
    "a file that is said to be a tool's input": (
        MESSAGES,
        {"messages": [{"source": {"type": "tool_use", "input": {"file_id": "f"}}}]},
        [("file", "f")],
    ),
    "a source of another type": (
        CHAT,
        {"messages": [{"content": [{"source": {"type": "text", "id": "f"}}]}]},
        [("file", "f")],
    ),
    "an id in an object": (RESPONSES, {"tools": [{"vector_store_ids": [{"id": "a"}]}]}, [("vector_store", "a")]),
    "ids in lists": (
        RESPONSES,
        {"tools": [{"container": [["c"], {"id": "d"}]}]},
        [("container", "c"), ("container", "d")],
    ),
    "a name in another spelling": (
        CHAT,
        {"messages": [{"File-Id": "a", "fileId": "b", "FILEID": "c", "inputFileIds": ["d"]}]},
        [("file", "a"), ("file", "b"), ("file", "c"), ("file", "d")],
    ),
    "words before a name": (CHAT, {"mask_file_id": "a", "x": {"batch_id": "b"}}, [("batch", "b"), ("file", "a")]),
    "what is no tool's argument at Gemini": (
        "/v1beta/models/m:generateContent",
        {"args": {"fileId": "f"}, "contents": [{"response": {"file_id": "g"}}]},
        [("file", "f"), ("file", "g")],
    ),
    "an item by its id": (RESPONSES, {"input": [{"id": "msg_1"}]}, [("item", "msg_1")]),
    "an item reference": (RESPONSES, {"input": [{"type": "item_reference", "id": "msg_1"}]}, [("item", "msg_1")]),
    "reasoning by its id": (
        RESPONSES,
        {"input": [[{"type": "reasoning", "id": "rs_1", "summary": []}]]},
        [("item", "rs_1")],
    ),
    "an item without a list": (RESPONSES, {"input": {"type": "message", "id": "msg_1"}}, [("item", "msg_1")]),
    "an item put into a conversation": (
        "/v1/conversations/c/items",
        {"items": [{"id": "msg_1"}]},
        [("conversation", "c"), ("item", "msg_1")],
    ),
    "an item that a tool's call was asked with": (
        RESPONSES,
        {"input": [{"type": "mcp_approval_response", "approval_request_id": "mcpr_1", "approve": True}]},
        [("item", "mcpr_1")],
    ),
    "an item in another item": (
        RESPONSES,
        {"x": {"input": [{"id": "msg_1", "content": "hello"}]}},
        [("item", "msg_1")],
    ),
    "what an SDK would lay into the body": (
        RESPONSES,
        {"extra_body": {"previous_response_id": "r"}},
        [("response", "r")],
    ),
    "a file in a chat": (
        CHAT,
        {"messages": [{"content": [{"type": "file", "file": {"file_id": "f"}}]}]},
        [("file", "f")],
    ),
    "ids in mixed letters": (
        RESPONSES,
        {"x": {"fIle_id": "f", "coNtainerIds": ["c"]}},
        [("container", "c"), ("file", "f")],
    ),
    "an id in letters that some readers fold": (
        RESPONSES,
        {"tools": [{"vector_\u017ftore_id\u017f": ["v"]}]},
        [("vector_store", "v")],
    ),
    "an object's id in capitals": (RESPONSES, {"conversation": {"ID": "c"}}, [("conversation", "c")]),
    "an item's id in capitals": (RESPONSES, {"Input": [{"Id": "msg_1", "content": "hello"}]}, [("item", "msg_1")]),
    "a second id of an item": (
        RESPONSES,
        {"input": [{"id": None, "iD": "msg_1", "content": "x"}]},
        [("item", "msg_1")],
    ),
    "Anthropic's file": (
        MESSAGES,
        {"messages": [{"content": [{"source": {"type": "file", "file_id": "f"}}]}]},
        [("file", "f")],
    ),
    "Anthropic's container": (MESSAGES, {"container": {"id": "c", "skills": []}}, [("container", "c")]),
    "files to train with": (
        "/v1/fine_tuning/jobs",
        {"training_file": "a", "validation_file": "b"},
        [("file", "a"), ("file", "b")],
    ),
    "a batch's file": ("/v1/batches", {"input_file_id": "f"}, [("file", "f")]),
    "a run": ("/v1/threads/t/runs", {"assistant_id": "a"}, [("assistant", "a"), ("thread", "t")]),
    "a video": ("/v1/videos/edits", {"video": {"id": "v"}}, [("video", "v")]),
    "a video as a text": ("/v1/videos", {"video": "v"}, [("video", "v")]),
    "a picture for a video": ("/v1/videos", {"input_reference": {"file_id": "f"}}, [("file", "f")]),
    "the source of an eval's run": (
        "/v1/evals/e/runs",
        {"data_source": {"source": {"type": "file_id", "id": "f"}}},
        [("eval", "e"), ("file", "f")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", list(NAMED))
def test_an_object_is_found_wherever_it_stands(case: str) -> None:
    path, body, ids = NAMED[case]
    assert sorted(_ids(path, body)) == ids


REFUSED: dict[str, tuple[str, JsonObject]] = {
    "an item whose id is a list": (RESPONSES, {"input": [{"id": ["msg_1"], "content": "hello"}]}),
    "an id in an object of another form": (CHAT, {"messages": [{"file_id": {"value": "f"}}]}),
    "an id that is an object": (RESPONSES, {"conversation": {"id": {"id": "c"}}}),
    "cached content in an object": (
        "/v1beta/models/m:generateContent",
        {"cachedContent": {"name": "cachedContents/1"}},
    ),
    "cached content in another spelling": ("/v1beta/models/m:generateContent", {"CachedContent": "cachedContents/1"}),
    "a spoken answer whose id is a list": (CHAT, {"messages": [{"audio": {"id": ["a"]}}]}),
    "a picture that a provider keeps": (CHAT, {"messages": [{"content": [{"image_url": {"url": "ms://file"}}]}]}),
    "a picture in a list that a provider keeps": (CHAT, {"messages": [{"content": [{"image_url": ["ms://file"]}]}]}),
    "a spoken answer in a list": (CHAT, {"messages": [{"audio": [{"id": "a"}]}]}),
    "a bucket of Google's in another spelling": ("/v1beta/models/m:generateContent", {"x": {"File-URI": "gs://b/f"}}),
    "a model that a tool of Google's would choose, in another spelling": (
        "/v1beta/models/m:generateContent",
        {"generationConfig": {"RoutingConfig": {"automode": {}}}},
    ),
    "a file of the machine": (CHAT, {"messages": [{"content": [{"video_url": {"url": " file:///etc/passwd"}}]}]}),
    "a bucket as a picture": (RESPONSES, {"input": [{"content": [{"type": "input_image", "image_url": "gs://b/f"}]}]}),
    "a file in a text": (CHAT, {"messages": [{"role": "system", "content": "fileid://file-1"}]}),
    "a bucket in a list": ("/bedrock/model/m/invoke", {"x": {"S3Uri": ["s3://b/f"]}}),
    "a bucket as a text": ("/bedrock/model/m/converse", {"x": {"s3Location": "b/f"}}),
    "a source of an unknown type": ("/v1/evals/e/runs", {"data_source": {"source": {"type": "Logs"}}}),
    "a source without a type": ("/v1/evals", {"data_source_config": {"metadata": {}}}),
    "an id that is a number": (RESPONSES, {"previous_response_id": 7}),
    "a list with a number": (RESPONSES, {"tools": [{"vector_store_ids": [7]}]}),
    "a spoken answer by its id in capitals": (CHAT, {"messages": [{"audio": {"ID": "a"}}]}),
    "cached content in mixed letters": ("/v1beta/models/m:generateContent", {"cAchedContent": "cachedContents/1"}),
    "a picture in mixed letters": (CHAT, {"messages": [{"content": [{"imAge_url": {"url": "ms://file"}}]}]}),
    "a spoken answer by its id": (CHAT, {"messages": [{"role": "assistant", "audio": {"id": "a"}}]}),
    "a message kept at Anthropic": (MESSAGES, {"thread": {"type": "continue", "previous_message_id": "m"}}),
    "cached content": ("/v1beta/models/m:generateContent", {"cachedContent": "cachedContents/1"}),
    "a file of Gemini's": (
        "/v1beta/models/m:generateContent",
        {"contents": [{"parts": [{"fileData": {"fileUri": "https://generativelanguage.googleapis.com/v1beta/f"}}]}]},
    ),
    "a file of Gemini's, written otherwise": (
        "/v1beta/models/m:generateContent",
        {"x": {"file_uri": "https://GENERATIVELANGUAG%45.googleapis.com/v1beta/f"}},
    ),
    "a file by its name": ("/v1beta/models/m:generateContent", {"x": {"file_uri": "files/1"}}),
    "a bucket of Google's": (
        "/vertex_ai/v1/publishers/google/models/m:generateContent",
        {"x": {"fileUri": "gs://bucket/file"}},
    ),
    "a bucket of Amazon's": (
        "/bedrock/model/m/converse",
        {"messages": [{"content": [{"image": {"source": {"s3Location": {"uri": "s3://b/f"}}}}]}]},
    ),
    "stored completions": ("/v1/evals/e/runs", {"data_source": {"source": {"type": "stored_completions"}}}),
    "stored responses": ("/v1/evals/e/runs", {"data_source": {"source": {"type": "responses"}}}),
    "logs": ("/v1/evals", {"data_source_config": {"type": "logs"}}),
    "a batch file in parts": ("/v1/uploads", {"purpose": "batch", "filename": "x"}),
    "a purpose in other letters": ("/v1/uploads", {"purpose": "Batch", "filename": "x"}),
    "a purpose with white space": ("/v1/uploads", {"purpose": "batch ", "filename": "x"}),
    "more than 1,000 objects": (CHAT, {"messages": [{"file_id": f"f{number}"} for number in range(1_001)]}),
}  # fmt: skip


@pytest.mark.parametrize("case", list(REFUSED))
def test_what_cannot_be_bound_is_refused(case: str) -> None:
    path, body = REFUSED[case]
    with pytest.raises(Invalid):
        _ids(path, body)


PLAIN: dict[str, tuple[str, JsonObject]] = {
    "a tool's schema": (
        CHAT,
        {"tools": [{"function": {"parameters": {"properties": {"file_id": {"type": "string"}, "thread_id": True}}}}]},
    ),
    "the client's own notes": (RESPONSES, {"metadata": {"file_id": "f"}}),
    "a text about ids": (CHAT, {"messages": [{"role": "user", "content": '{"file_id": "f"}'}]}),
    "a tool's input at Anthropic": (
        MESSAGES,
        {"messages": [{"content": [{"type": "tool_use", "input": {"file_id": "f"}}]}]},
    ),
    "a tool's arguments at Gemini": (
        "/v1beta/models/m:generateContent",
        {"contents": [{"parts": [{"functionCall": {"name": "n", "args": {"file_id": "f"}}}]}]},
    ),
    "a public file": ("/v1beta/models/m:generateContent", {"x": {"fileUri": "https://example.org/a.pdf"}}),
    "a tool's schema of an object with an id": (
        CHAT,
        {"tools": [{"function": {"parameters": {"properties": {"conversation": {"properties": {"id": {}}}}}}}]},
    ),
    "a picture in the body": (
        CHAT,
        {"messages": [{"content": [{"image_url": {"url": "data:image/png;base64,eA=="}}]}]},
    ),
    "an item without an id": (RESPONSES, {"input": [{"role": "user", "content": "hello"}]}),
}  # fmt: skip


@pytest.mark.parametrize("case", list(PLAIN))
def test_what_only_looks_like_an_id_is_none(case: str) -> None:
    path, body = PLAIN[case]
    assert _ids(path, body) == []


def test_the_object_in_the_path_comes_first() -> None:
    found = _ids("/v1/vector_stores/vs/files", {"file_id": "f"})
    assert found == [("vector_store", "vs"), ("file", "f")]


_KEYS = st.sampled_from(
    [
        *(
            "file_id",
            "container",
            "conversation",
            "input",
            "items",
            "type",
            "id",
            "role",
            "source",
            "audio",
            "metadata",
        ),
        *("fileUri", "s3Location", "data_source_config", "vector_store_ids", "purpose", "x"),
    ]
)
_TEXTS = st.sampled_from(["f", "item_reference", "reasoning", "tool_use", "file_id", "logs", "gs://b", ""])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=20,
)
_PATHS = st.sampled_from(
    [RESPONSES, CHAT, MESSAGES, "/v1beta/models/m:generateContent", "/bedrock/model/m/converse", "/v1/evals"]
)


@given(_PATHS, st.dictionaries(_KEYS, _JSON))
def test_any_body_names_objects_by_texts_or_is_refused(path: str, body: dict[str, Any]) -> None:
    try:
        found = _ids(path, body)
    except Invalid:
        return
    assert all(isinstance(id_, str) for _, id_ in found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("id_", [7, "", None, ["v"], {"id": "v"}])
def test_what_is_run_is_named_by_a_text_that_is_not_empty(id_: object) -> None:
    with pytest.raises(Invalid, match="must be the id of what is to be run"):
        run_in_body("video.id", {"video": {"id": id_}})
    assert run_in_body("video.id", {"video": {"id": "v"}}) == ("video", "v")
