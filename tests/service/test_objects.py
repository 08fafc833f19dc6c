"""An object is its owner's from before anybody learns its id, and exists for nobody else."""

import json
import re
from collections.abc import Iterator, Mapping

import pytest

from harness.upstream import Reply
from harness.wire import Answer, exchange
from service.objects import Owned, owned, reply

RESPONSE = {"model": "allowed", "input": "hello"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owned]:
    """One service for all tests of this file; each makes keys of its own."""
    with owned(tmp_path_factory.mktemp("owned")) as running:
        yield running


@pytest.fixture(autouse=True)
def no_special_answers(service: Owned) -> None:
    """What a test scripted is gone with it."""
    service.objects.special.clear()


def _words(text: str, id_: str) -> str:
    return re.sub(r"\(decision \w+\)", "", text.replace(id_, "ID"))


def test_a_response_is_its_callers_own(service: Owned) -> None:
    key, other = service.key(), service.key()
    made = service.make("responses", key, **RESPONSE)
    assert service.call("GET", f"/v1/responses/{made}", key).json()["id"] == made
    refused = service.call("GET", f"/v1/responses/{made}", other)
    assert (refused.status, refused.error_type) == (404, "invalid_request_error")
    assert not service.provider.calls


def test_an_id_of_another_and_one_of_nobody_are_refused_in_the_same_words(service: Owned) -> None:
    made = service.make("responses", service.key(), **RESPONSE)
    other = service.key()
    existing = service.call("GET", f"/v1/responses/{made}", other)
    absent = service.call("GET", "/v1/responses/resp_none", other)
    words = [_words(existing.json()["error"]["message"], made), _words(absent.json()["error"]["message"], "resp_none")]
    assert words[0] == words[1]
    assert [existing.status, absent.status] == [404, 404]


def test_all_keys_of_a_team_share_its_objects(service: Owned) -> None:
    team = service.team("sharing")
    made = service.make("vector_stores", service.key(team_id=team), name="notes")
    assert service.call("GET", f"/v1/vector_stores/{made}", service.key(team_id=team)).status == 200
    assert service.call("GET", f"/v1/vector_stores/{made}", service.key(team_id=service.team("apart"))).status == 404


def test_all_keys_of_a_user_share_its_objects(service: Owned) -> None:
    service.served.manage("/user/new", {"user_id": "ann"})
    made = service.make("conversations", service.key(user_id="ann"))
    assert service.call("GET", f"/v1/conversations/{made}", service.key(user_id="ann")).status == 200
    assert service.call("GET", f"/v1/conversations/{made}", service.key()).status == 404


def test_the_master_key_has_objects_of_its_own(service: Owned) -> None:
    made = service.make("containers", service.served.master_key, name="box")
    assert service.call("GET", f"/v1/containers/{made}", service.served.master_key).status == 200
    assert service.call("GET", f"/v1/containers/{made}", service.key()).status == 404


@pytest.mark.parametrize(
    ("collection", "field"), [("responses", "previous_response_id"), ("conversations", "conversation")]
)
def test_state_of_another_caller_cannot_be_continued(service: Owned, collection: str, field: str) -> None:
    key = service.key()
    made = service.make(collection, key, **RESPONSE if collection == "responses" else {})
    refused = service.call("POST", "/v1/responses", service.key(), RESPONSE | {field: made})
    assert refused.status == 404
    assert not service.provider.calls
    assert service.call("POST", "/v1/responses", key, RESPONSE | {field: made}).status == 200


def test_a_refusal_of_the_rules_comes_before_any_look_at_ids(service: Owned) -> None:
    key = service.key(models=["other"])
    refused = service.call("POST", "/v1/responses", key, RESPONSE | {"previous_response_id": "resp_none"})
    assert (refused.status, refused.error_type) == (403, "key_model_access_denied")


def test_an_item_of_nobody_is_not_found_by_its_id_alone(service: Owned) -> None:
    content = RESPONSE | {"input": [{"type": "item_reference", "id": "msg_1"}]}
    refused = service.call("POST", "/v1/responses", service.key(), content)
    assert (refused.status, refused.error_type) == (404, "invalid_request_error")
    assert not service.provider.calls


@pytest.mark.parametrize(
    "word", ["container_file_citation", "file_citation", "file_path", "tool_use", "item_reference"]
)
@pytest.mark.parametrize("place", ["vector store", "chat", "mask", "message"])
def test_no_word_beside_an_id_switches_the_look_at_it_off(service: Owned, word: str, place: str) -> None:
    file = service.made_file(service.key())
    key, named = service.key(), {"type": word, "file_id": file}
    store = service.make("vector_stores", key)
    path, content = {
        "vector store": (f"/v1/vector_stores/{store}/files", named),
        "chat": ("/v1/chat/completions", {"model": "allowed", "messages": [{"role": "user", "content": [named]}]}),
        "mask": ("/v1/images/edits", {"model": "allowed", "prompt": "x", "mask": named}),
        "message": ("/v1/responses", RESPONSE | {"input": [{"content": [{"annotations": [named]}], "role": "user"}]}),
    }[place]
    assert service.call("POST", path, key, content).status == 404
    assert not service.provider.calls


def test_a_deleted_object_is_forgotten(service: Owned) -> None:
    key = service.key()
    made = service.make("vector_stores", key)
    assert service.call("DELETE", f"/v1/vector_stores/{made}", key).status == 200
    assert service.call("GET", f"/v1/vector_stores/{made}", key).status == 404
    assert not service.provider.calls


def _stream(*events: Mapping[str, object]) -> Reply:
    chunks = tuple(f"event: {each['type']}\ndata: {json.dumps(each)}\n\n".encode() for each in events)
    return Reply(content_type="text/event-stream", chunks=chunks)


CREATED = {"type": "response.created", "response": {"id": "resp_streamed", "output": []}}
DONE = {"type": "response.completed", "response": {"id": "resp_streamed", "output": []}}


def test_a_streamed_response_is_its_callers_own_and_passes_byte_for_byte(service: Owned) -> None:
    streamed = _stream(CREATED, DONE)
    service.objects.special["responses"] = lambda _: streamed
    service.objects.made["resp_streamed"] = {"id": "resp_streamed"}
    key = service.key()
    answer = service.call("POST", "/v1/responses", key, RESPONSE | {"stream": True})
    assert answer.body == b"".join(streamed.chunks)
    assert service.call("GET", "/v1/responses/resp_streamed", key).status == 200
    assert service.call("GET", "/v1/responses/resp_streamed", service.key()).status == 404


def test_a_stream_that_makes_nothing_passes(service: Owned) -> None:
    streamed = _stream({"type": "error", "message": "overloaded"})
    service.objects.special["responses"] = lambda _: streamed
    answer = service.call("POST", "/v1/responses", service.key(), RESPONSE | {"stream": True})
    assert (answer.status, answer.body) == (200, streamed.chunks[0])


@pytest.mark.parametrize("body", [b"{}", b'{"id": 7}', b'{"id": null}', b"no JSON", b"[]", b""])
def test_an_answer_without_an_id_is_not_shown(service: Owned, body: bytes) -> None:
    service.objects.special["responses"] = lambda _: Reply(body=body)
    answer = service.call("POST", "/v1/responses", service.key(), RESPONSE)
    assert answer.status == 502
    assert answer.json()["error"]["code"] == "upstream_unowned"


def test_a_response_that_is_not_stored_needs_no_owner(service: Owned) -> None:
    service.objects.special["responses"] = lambda _: Reply(body=b'{"id": "resp_unstored"}')
    key = service.key()
    assert service.call("POST", "/v1/responses", key, RESPONSE | {"store": False}).status == 200
    assert service.call("GET", "/v1/responses/resp_unstored", key).status == 404


def test_a_file_in_a_chat_must_be_the_callers_own(service: Owned) -> None:
    part = {"type": "file", "file": {"file_id": "file_none"}}
    content = {"model": "allowed", "messages": [{"role": "user", "content": [part]}]}
    assert service.call("POST", "/v1/chat/completions", service.key(), content).status == 404
    assert not service.provider.calls


def test_a_remix_is_judged_as_the_video_was(service: Owned) -> None:
    team = service.team("films")
    made = service.make("videos", service.key(team_id=team, models=["allowed"]), model="allowed", prompt="a sea")
    path, content = f"/v1/videos/{made}/remix", {"prompt": "a lake"}
    service.objects.special[f"videos/{made}/remix"] = lambda _: reply({"id": "video_remixed"})
    refused = service.call("POST", path, service.key(team_id=team, models=["other"]), content)
    assert (refused.status, refused.error_type) == (403, "key_model_access_denied")
    assert not service.provider.calls
    assert service.call("POST", path, service.key(team_id=team, models=["allowed"]), content).status == 200


def test_an_edit_of_a_video_that_is_sent_along_names_no_model_and_is_refused(service: Owned) -> None:
    assert service.call("POST", "/v1/videos/edits", service.key(), {"prompt": "a lake"}).status == 400
    assert not service.provider.calls


def _edit(service: Owned, key: str, id_: str) -> Answer:
    fields = {"prompt": "a lake", "video[id]": id_}
    parts = [f'--b\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{fields[name]}\r\n' for name in fields]
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "multipart/form-data; boundary=b"}
    body = ("".join(parts) + "--b--\r\n").encode()
    return exchange(service.served.port, "POST", "/v1/videos/edits", headers=headers, body=body)


def test_a_video_named_in_a_form_must_be_the_callers_own(service: Owned) -> None:
    key = service.key()
    made = service.make("videos", key, model="allowed", prompt="a sea")
    service.objects.special["videos/edits"] = lambda _: reply({"id": "video_edited"})
    assert _edit(service, key, made).status == 200
    assert _edit(service, service.key(), made).status == 404
