"""What the form holds beside a batch file, and how the form comes in (M1, A5)."""

import socket

import orjson
import pytest

from harness.process import eventually
from service.batching import FORM, BatchService, form, line, lines_of


@pytest.mark.parametrize("place", ["query", "header", "form", "target"])
def test_a_model_named_beside_the_lines_is_judged_too(running: BatchService, place: str) -> None:
    key = running.served.new_key(models=["allowed"])
    answer = running.upload(
        key,
        line("allowed"),
        target="/v1/files?model=other" if place == "query" else "/v1/files",
        headers={"x-litellm-model": "other"} if place == "header" else {},
        texts={"target_model_names": "other"} if place == "target" else {"model": "other"} if place == "form" else {},
    )
    assert (answer.status, answer.error_type) == (403, "key_model_access_denied")
    assert not running.sent()


def test_what_chooses_the_place_does_not_travel(running: BatchService) -> None:
    key = running.served.new_key()
    assert running.upload(key, line("allowed"), texts={"target_model_names": "allowed, other"}).status == 200
    (call,) = running.sent()
    assert b"target_model_names" not in call.body
    assert lines_of(call) == [line("up-allowed")]


UNCLEAR: list[dict[str, str]] = [
    {"extra_body": '{"purpose":["batch"]}'},
    {"purpose[]": "x"},
    {"purpose": "Batch"},
    {"purpose": "batch "},
    {"purpose": "other"},
]


@pytest.mark.parametrize("texts", UNCLEAR)
def test_a_file_without_a_clear_purpose_is_refused(running: BatchService, texts: dict[str, str]) -> None:
    assert running.upload(running.served.new_key(), line("allowed"), texts=texts).status == 400
    assert not running.sent()


def test_the_form_of_another_file_names_no_object(running: BatchService) -> None:
    key = running.served.new_key()
    file_id = running.uploaded(key, line("allowed"))
    running.sent()
    texts = {"purpose": "user_data", "input_file_id": file_id}
    answer = running.upload(key, line("other"), target="/v1/files?model=allowed", texts=texts)
    assert answer.status == 400
    assert not running.sent()


def test_a_purpose_that_is_another_in_extra_body_is_refused(running: BatchService) -> None:
    key = running.served.new_key(models=["allowed"])
    answer = running.upload(key, line("other"), texts={"purpose": "user_data", "extra_body": '{"purpose":"batch"}'})
    assert answer.status == 400
    assert not running.sent()


def test_a_purpose_in_extra_body_alone_is_the_one_that_counts(running: BatchService) -> None:
    key = running.served.new_key(models=["allowed"])
    answer = running.upload(key, line("other"), texts={"extra_body": '{"purpose":"batch"}'})
    assert answer.status == 403
    assert not running.sent()


def test_a_key_that_is_deleted_while_its_file_comes_in_uploads_nothing(running: BatchService) -> None:
    key = running.served.new_key()
    body = form(orjson.dumps(line("allowed")), {})
    head = f"POST /v1/files HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\nconnection: close\r\n"
    head += f"content-type: {FORM}\r\ncontent-length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", running.served.port), timeout=10) as connection:
        connection.sendall(head.encode() + body[:-1])
        assert eventually(lambda: running.served.call("GET", "/v1/models", key=key).status == 200, 30)
        running.served.manage("/key/delete", {"keys": [key]})
        connection.sendall(body[-1:])
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert not running.sent()
