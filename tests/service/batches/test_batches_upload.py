"""A batch file is judged line by line before the provider has any of it (M1, M2)."""

from pathlib import Path

import orjson
import pytest

from harness.issuer import issuer
from harness.process import eventually
from service.batching import CHAT, EMBEDDINGS, BatchService, batch_service, line, lines_of


def test_an_allowed_file_reaches_the_provider_with_the_providers_names(running: BatchService) -> None:
    key = running.served.new_key(models=["allowed", "other"])
    answer = running.upload(key, line("allowed", n=1), line("other", url=EMBEDDINGS), line("allowed"))
    assert answer.status == 200, answer.text
    (call,) = running.sent()
    assert (call.path, call.headers["authorization"]) == ("/v1/files", "Bearer provider-secret")
    assert lines_of(call) == [line("up-allowed", n=1), line("up-other", url=EMBEDDINGS), line("up-allowed")]
    assert b'name="purpose"\r\n\r\nbatch\r\n' in call.body


def test_one_line_of_fifty_thousand_that_is_not_allowed_refuses_the_file(running: BatchService) -> None:
    key = running.served.new_key(models=["allowed"])
    good, bad = orjson.dumps(line("allowed")), orjson.dumps(line("other"))
    answer = running.upload(key, raw=b"\n".join([*[good] * 25_000, bad, *[good] * 24_999]), seconds=60)
    assert (answer.status, answer.error_type) == (403, "key_model_access_denied")
    assert not running.sent()


def test_one_line_of_fifty_thousand_that_is_no_call_is_named(running: BatchService) -> None:
    good = orjson.dumps(line("allowed"))
    answer = running.upload(running.served.new_key(), raw=b"\n".join([*[good] * 49_999, b"{}"]), seconds=60)
    assert answer.status == 400
    assert "line 50000" in answer.text
    assert not running.sent()


HIDDEN = {
    "a tool": line("allowed", url="/v1/responses", tools=[{"type": "image_generation", "model": "other"}]),
    "a fallback": line("allowed", fallbacks=["other"]),
    "extra_body": line("allowed", extra_body={"tools": [{"model": "other"}]}),
    "a moderation": line("allowed", moderation={"model": "other"}),
}


@pytest.mark.parametrize("place", HIDDEN)
def test_no_model_hides_in_a_line(running: BatchService, place: str) -> None:
    answer = running.upload(running.served.new_key(models=["allowed"]), line("allowed"), HIDDEN[place])
    assert (answer.status, answer.error_type) == (403, "key_model_access_denied")
    assert not running.sent()


def test_of_two_equal_keys_in_a_line_the_one_that_is_judged_is_sent(running: BatchService) -> None:
    key = running.served.new_key(models=["allowed"])
    raw = b'{"custom_id":"1","method":"POST","url":"%b","body":{"model":"%b","model":"%b"}}'
    assert running.upload(key, raw=raw % (CHAT.encode(), b"allowed", b"other")).status == 403
    assert running.upload(key, raw=raw % (CHAT.encode(), b"other", b"allowed")).status == 200
    (call,) = running.sent()
    assert lines_of(call) == [line("up-allowed")]


def test_a_key_that_may_not_call_one_of_the_urls_may_not_upload_lines_for_it(running: BatchService) -> None:
    key = running.served.new_key(allowed_routes=["/v1/files", CHAT])
    assert running.upload(key, line("allowed")).status == 200
    answer = running.upload(key, line("allowed"), line("allowed", url=EMBEDDINGS))
    assert (answer.status, answer.error_type) == (403, "auth_error")
    assert len(running.sent()) == 1


def test_a_key_that_may_not_upload_may_upload_nothing(running: BatchService) -> None:
    key = running.served.new_key(allowed_routes=[CHAT])
    assert running.upload(key, line("allowed")).status == 403
    assert not running.sent()


def test_each_customer_that_lines_name_is_judged(running: BatchService) -> None:
    running.served.manage("/customer/new", {"user_id": "narrow", "models": ["allowed"]})
    key = running.served.new_key()
    assert running.upload(key, line("allowed", user="narrow"), line("other", user="free"), line("other")).status == 200
    answer = running.upload(key, line("other", user="free"), line("other", user="narrow"))
    assert (answer.status, answer.error_type) == (403, "customer_model_access_denied")


def test_the_customer_of_the_upload_binds_lines_that_name_none(running: BatchService) -> None:
    running.served.manage("/customer/new", {"user_id": "bound", "models": ["allowed"]})
    headers = {"x-litellm-end-user-id": "bound"}
    key = running.served.new_key()
    assert running.upload(key, line("allowed"), headers=headers).status == 200
    assert running.upload(key, line("other"), headers=headers).status == 403
    assert running.upload(key, line("allowed", user="narrow"), headers=headers).status == 400


def test_models_of_two_accounts_do_not_share_a_file(running: BatchService) -> None:
    key = running.served.new_key()
    answer = running.upload(key, line("allowed"), line("far"))
    assert answer.status == 400
    assert "a file for each" in answer.text
    assert running.upload(key, line("far"), target="/v1/files?model=allowed").status == 400
    assert not running.sent()
    assert running.upload(key, line("far"), target="/v1/files?model=far").status == 200
    assert [call.path for call in running.sent()] == ["/far/v1/files"]


def test_an_unknown_model_in_a_line_is_400(running: BatchService) -> None:
    answer = running.upload(running.served.new_key(), line("allowed"), line("nothing"))
    assert answer.status == 400
    assert answer.json()["error"]["code"] == "model_not_found"


def test_the_form_of_a_line_is_judged_before_the_callers_lists(running: BatchService) -> None:
    assert running.upload(running.served.new_key(models=["allowed"]), line("other"), {}).status == 400


def test_the_log_tells_of_all_models_and_of_one_no(running: BatchService) -> None:
    key = running.served.new_key(models=["allowed", "other"])
    answer = running.upload(key, line("allowed"), line("other", url=EMBEDDINGS), target="/v1/files?model=allowed")
    assert eventually(lambda: running.logged(answer) is not None, 30)
    entry = running.logged(answer)
    assert (entry["allow"], entry["models"], entry["route"]) == (True, ["allowed", "other"], "/v1/files")
    assert set(entry["grants"]["key"]) == {"allowed", "other"}
    answer = running.upload(key, line("allowed"), line("far", url=EMBEDDINGS))
    assert eventually(lambda: running.logged(answer) is not None, 30)
    entry = running.logged(answer)
    assert (entry["allow"], entry["models"], entry["status"]) == (False, ["allowed", "far"], 403)


def test_an_object_of_another_in_a_line_is_not_found(running: BatchService) -> None:
    owner, stranger = running.served.new_key(), running.served.new_key()
    made = running.served.call("POST", "/v1/responses", key=owner, content={"model": "allowed", "input": "x"})
    asked = line("allowed", url="/v1/responses", previous_response_id=made.json()["id"])
    running.sent()
    assert running.upload(stranger, asked).status == 404
    assert not running.sent()
    assert running.upload(owner, asked).status == 200


def test_who_can_own_nothing_uploads_no_batch_file(tmp_path: Path) -> None:
    roles = {"enforce_rbac": True, "user_roles_jwt_field": "roles", "user_allowed_roles": ["internal_user"]}
    settings = {"enable_jwt_auth": True, "litellm_jwtauth": roles}
    with issuer() as idp:
        env = {"JWT_PUBLIC_KEY_URL": idp.url, "JWT_AUDIENCE": "modelward"}
        with batch_service(tmp_path, general=settings, env=env) as running:
            token = idp.token({"aud": "modelward", "roles": ["internal_user"]})
            assert running.served.chat("allowed", key=token).status == 200
            running.sent()
            answer = running.upload(token, line("allowed"))
            assert (answer.status, answer.error_type) == (403, "auth_error")
            assert "no team and no user who could own files" in answer.text
            assert not running.sent()


def test_a_key_sent_as_a_lines_model_is_not_in_the_log(running: BatchService) -> None:
    key = running.served.new_key()
    answer = running.upload(key, line("sk-of-somebody"), line("allowed"))
    assert answer.status == 400
    assert eventually(lambda: running.logged(answer) is not None, 30)
    assert "of-somebody" not in answer.text + str(running.logged(answer))
