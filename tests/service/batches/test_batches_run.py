"""What a file asks for is judged again when it is run: by the caller and the config as they are by then."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.process import eventually
from harness.upstream import Reply
from service.batching import CHAT, EMBEDDINGS, BatchService, Provider, batch_service, line


@pytest.fixture
def own(tmp_path: Path) -> Iterator[BatchService]:
    """A service whose config a test may change."""
    with batch_service(tmp_path) as started:
        yield started


def test_a_file_is_run_where_it_lies(running: BatchService) -> None:
    key = running.served.new_key()
    file_id = running.uploaded(key, line("far"))
    running.sent()
    answer = running.run(key, file_id, metadata={"a": "b"})
    assert answer.status == 200, answer.text
    (call,) = running.sent()
    assert call.path == "/far/v1/batches"
    assert call.json() == {
        "input_file_id": file_id,
        "endpoint": CHAT,
        "completion_window": "24h",
        "metadata": {"a": "b"},
    }


def test_a_batch_belongs_to_who_made_it(running: BatchService) -> None:
    owner, stranger = running.served.new_key(), running.served.new_key()
    batch_id = running.run(owner, running.uploaded(owner, line())).json()["id"]
    assert running.served.call("GET", f"/v1/batches/{batch_id}", key=owner).status == 200
    assert running.served.call("GET", f"/v1/batches/{batch_id}", key=stranger).status == 404


def test_a_file_that_lies_where_nothing_is_open_to_the_key_is_not_there(running: BatchService) -> None:
    file_id = running.uploaded(running.served.new_key(user_id="olga"), line("far"))
    running.sent()
    narrow = running.served.new_key(user_id="olga", models=["allowed"])
    assert running.run(narrow, file_id).status == 404
    assert running.served.call("GET", f"/v1/files/{file_id}", key=narrow).status == 404
    assert not running.sent()


def test_another_callers_file_reads_like_one_that_is_not_there(running: BatchService) -> None:
    owner, stranger = running.served.new_key(), running.served.new_key()
    file_id = running.uploaded(owner, line())
    running.sent()
    assert [running.run(stranger, each).status for each in (file_id, "file-none")] == [404, 404]
    assert not running.sent()


def test_a_name_given_beside_the_file_is_judged_before_the_file_is_looked_up(running: BatchService) -> None:
    key = running.served.new_key(models=["allowed"])
    by_query = running.run(key, "file-none", target="/v1/batches?model=other")
    by_body = running.run(key, "file-none", model="other")
    for answer in (by_query, by_body):
        assert (answer.status, answer.error_type) == (403, "key_model_access_denied")


def test_a_name_that_is_served_elsewhere_does_not_run_the_file(running: BatchService) -> None:
    key = running.served.new_key()
    file_id = running.uploaded(key, line("allowed"))
    running.sent()
    assert running.run(key, file_id, target="/v1/batches?model=far").status == 400
    assert not running.sent()
    assert running.run(key, file_id, target="/v1/batches?model=other").status == 200


def test_a_model_taken_from_the_key_since_the_upload_is_not_run(running: BatchService) -> None:
    key = running.served.new_key(models=["allowed", "other"])
    file_id = running.uploaded(key, line("allowed"), line("other"))
    running.served.manage("/key/update", {"key": key, "models": ["allowed"]})
    running.sent()
    answer = running.run(key, file_id)
    assert (answer.status, answer.error_type) == (403, "key_model_access_denied")
    assert not running.sent()


def test_a_customer_that_was_narrowed_since_the_upload_is_not_served(running: BatchService) -> None:
    running.served.manage("/customer/new", {"user_id": "wide"})
    key = running.served.new_key()
    file_id = running.uploaded(key, line("allowed"), line("other", user="wide"))
    running.served.manage("/customer/update", {"user_id": "wide", "models": ["allowed"]})
    answer = running.run(key, file_id)
    assert (answer.status, answer.error_type) == (403, "customer_model_access_denied")


def test_a_key_that_lost_the_url_since_the_upload_does_not_run_it(running: BatchService) -> None:
    key = running.served.new_key()
    file_id = running.uploaded(key, line())
    running.served.manage("/key/update", {"key": key, "allowed_routes": ["/v1/files", "/v1/batches"]})
    assert running.run(key, file_id).status == 403


@pytest.mark.parametrize("endpoint", [EMBEDDINGS, "/chat/completions", "/v1/files"])
def test_a_file_is_run_at_the_url_of_its_lines_alone(running: BatchService, endpoint: str) -> None:
    key = running.served.new_key()
    file_id = running.uploaded(key, line())
    running.sent()
    assert running.run(key, file_id, endpoint=endpoint).status == 400
    assert not running.sent()


def test_a_file_for_two_urls_is_run_at_neither(running: BatchService) -> None:
    key = running.served.new_key()
    file_id = running.uploaded(key, line(), line(url=EMBEDDINGS))
    assert [running.run(key, file_id, endpoint=each).status for each in (CHAT, EMBEDDINGS)] == [400, 400]


def test_a_file_of_another_purpose_is_not_run(running: BatchService) -> None:
    key = running.served.new_key()
    answer = running.upload(key, line("other"), target="/v1/files?model=allowed", texts={"purpose": "user_data"})
    assert answer.status == 200, answer.text
    running.sent()
    for endpoint in (CHAT, "/v1/files"):
        assert running.run(key, answer.json()["id"], endpoint=endpoint).status == 400
    assert not running.sent()


@pytest.mark.parametrize("fields", [{"input_file_id": None}, {"input_file_id": ["a"]}, {"endpoint": 1}])
def test_a_batch_without_a_file_or_endpoint_is_refused(running: BatchService, fields: dict[str, Any]) -> None:
    assert running.run(running.served.new_key(), "file-1", **fields).status == 400


def test_a_file_that_is_another_in_extra_body_is_refused(running: BatchService) -> None:
    owner, stranger = running.served.new_key(), running.served.new_key()
    theirs, mine = running.uploaded(stranger, line()), running.uploaded(owner, line())
    running.sent()
    assert running.run(owner, mine, extra_body={"input_file_id": theirs}).status == 400
    assert not running.sent()


def test_the_log_tells_what_a_batch_runs(running: BatchService) -> None:
    key = running.served.new_key()
    answer = running.run(key, running.uploaded(key, line("allowed"), line("other")))
    assert eventually(lambda: running.logged(answer) is not None, 30)
    entry = running.logged(answer)
    assert (entry["allow"], entry["models"], entry["route"]) == (True, ["allowed", "other"], "/v1/batches")


def test_a_model_that_has_another_name_at_the_provider_since_the_upload_is_not_run(own: BatchService) -> None:
    key = own.served.new_key()
    file_id = own.uploaded(key, line("allowed"))
    own.write(allowed="renamed", mark="mark")
    assert eventually(lambda: own.served.chat("mark", key=key).status == 200, 30)
    own.sent()
    answer = own.run(key, file_id)
    assert answer.status == 400
    assert "make it again" in answer.text
    assert not own.sent()


def test_a_completion_model_that_was_set_since_the_upload_is_not_passed_by(own: BatchService) -> None:
    key = own.served.new_key()
    file_id = own.uploaded(key, line("allowed"))
    own.write(general={"completion_model": "other"}, mark="mark")
    assert eventually(lambda: own.run(key, file_id).status == 400, 30)


def test_the_completion_model_answers_the_lines_that_ask_for_chat(own: BatchService) -> None:
    key = own.served.new_key(models=["allowed", "other"])
    narrow = own.served.new_key(models=["allowed"])
    own.write(general={"completion_model": "other"}, mark="mark")
    assert eventually(lambda: own.upload(narrow, line("allowed")).status == 403, 30)
    own.sent()
    assert own.run(key, own.uploaded(key, line("allowed"))).status == 200
    assert b'"model":"up-other"' in own.sent()[0].body


def test_a_file_made_of_parts_is_not_run_whatever_it_names_beside_them(running: BatchService) -> None:
    key = running.served.new_key()
    judged = running.uploaded(key, line("allowed"))
    content = {"purpose": "user_data", "filename": "x", "bytes": 1, "mime_type": "application/jsonl"}
    upload = running.served.call("POST", "/v1/uploads?model=allowed", key=key, content=content)
    assert upload.status == 200, upload.text
    running.provider.script = lambda _: Reply(body=b'{"id":"upload-1","file":{"id":"file-parts"}}')
    path = f"/v1/uploads/{upload.json()['id']}/complete"
    done = running.served.call("POST", path, key=key, content={"part_ids": [], "input_file_id": judged})
    running.provider.script = Provider()
    running.sent()
    assert done.status == 200, done.text
    assert running.run(key, "file-parts").status == 400
    assert not running.sent()
