"""`POST /policy/explain`: for admins, the same report as the command's, and never a key in clear text."""

from collections.abc import Iterator
from typing import Any

import pytest

from harness.gateway import Gateway, gateway
from harness.process import eventually
from modelward.identity import key_hash

EXPLAIN = "/policy/explain"
CONFIG = """\
model_list:
  - {model_name: gpt-4o, litellm_params: {model: openai/gpt-4o, mock_response: hi}}
  - {model_name: gpt-4, litellm_params: {model: openai/gpt-4, mock_response: hi}}
general_settings:
  master_key: sk-master
  role_permissions:
    - {role: internal_user, models: [gpt-4]}
  enable_jwt_auth: true
  litellm_jwtauth: {user_id_jwt_field: sub, user_id_upsert: true, enforce_rbac: true}
teams:
  - {team_id: red, models: [gpt-4]}
"""
ENV = {"JWT_PUBLIC_KEY_URL": "http://127.0.0.1:9/keys", "JWT_AUDIENCE": "gateway"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A Modelward with that config, and SQLite."""
    folder = tmp_path_factory.mktemp("explain")
    config = folder / "config.yaml"
    config.write_text(CONFIG)
    with gateway(config, folder, master_key="sk-master", env=ENV) as started:
        yield started


def explained(running: Gateway, **fields: Any) -> Any:
    """The report."""
    answer = running.call("POST", EXPLAIN, key=running.master_key, content={"model": "gpt-4o", **fields})
    assert answer.status == 200, answer.text
    return answer.json()


def test_a_stored_key_is_refused_until_the_call_that_is_named_is_made(running: Gateway) -> None:
    key = running.new_key(models=["gpt-4"], key_alias="stored")
    refused = explained(running, key=key)
    (change,) = refused["changes"]
    assert (refused["allow"], refused["verified"]) == (False, True)
    assert change["words"] == "add `gpt-4o` to `models` of key `stored`"
    assert change["call"] == {
        "method": "POST",
        "path": "/key/update",
        "body": {"key": key_hash(key), "models": ["gpt-4", "gpt-4o"]},
    }
    assert [layer["place"] for layer in refused["layers"]] == ["database"]
    running.manage(change["call"]["path"], change["call"]["body"])
    assert explained(running, key=key)["allow"]
    assert running.chat("gpt-4o", key=key).status == 200


def test_a_declared_list_is_named_with_its_place(running: Gateway) -> None:
    (change,) = explained(running, team_id="red")["changes"]
    assert change["place"].endswith("config.yaml:11:28")


def test_a_change_of_the_catalogue_is_tried_beside_the_one_in_force(running: Gateway) -> None:
    report = explained(running, claims={"sub": "u"})
    assert [reason["rule"] for reason in report["reasons"]] == ["role_model_access"]
    (change,) = report["changes"]
    assert (report["verified"], change["call"]) == (True, None)
    assert change["place"].endswith("config.yaml:7:37")
    assert not explained(running, claims={"sub": "u"})["allow"]


def test_the_answer_is_that_of_the_call_itself(running: Gateway) -> None:
    key = running.new_key(team_id="red")
    for model in ("gpt-4", "gpt-4o", "unknown"):
        assert explained(running, key=key, model=model)["allow"] == (running.chat(model, key=key).status == 200)


def test_nobody_but_an_admin_may_ask(running: Gateway) -> None:
    key = running.new_key(models=["gpt-4"])
    for asking in (key, None, "sk-unknown"):
        answer = running.call("POST", EXPLAIN, key=asking, content={"key": key, "model": "gpt-4"})
        assert answer.status == 401
        assert "layers" not in answer.text


def test_a_proxy_admins_key_may_ask(running: Gateway) -> None:
    running.manage("/user/new", {"user_id": "root", "user_role": "proxy_admin", "auto_create_key": False})
    admin = running.new_key(user_id="root")
    assert running.call("POST", EXPLAIN, key=admin, content={"key": admin, "model": "gpt-4"}).status == 200


@pytest.mark.parametrize(
    "content", [{"model": "gpt-4"}, {"key": "sk-secret-a", "team_id": "red"}, {"key": ["sk-secret-b"]}, [1]]
)
def test_a_question_that_makes_no_sense_is_400(running: Gateway, content: object) -> None:
    answer = running.call("POST", EXPLAIN, key=running.master_key, content=content)
    assert (answer.status, answer.error_type) == (400, "invalid_request_error")
    assert "sk-secret" not in answer.text


def test_a_route_that_is_not_served_is_404(running: Gateway) -> None:
    content = {"key": "sk-secret-c", "model": "gpt-4", "route": "/nowhere"}
    assert running.call("POST", EXPLAIN, key=running.master_key, content=content).status == 404


def test_no_key_is_in_an_answer_or_in_the_log(running: Gateway) -> None:
    key = running.new_key(models=["gpt-4"])
    for asked in (key, "sk-secret-unknown"):
        answer = running.call("POST", EXPLAIN, key=running.master_key, content={"key": asked, "model": "gpt-4o"})
        assert answer.status == 200
        assert asked not in answer.text
    assert eventually(lambda: running.process.output.count(EXPLAIN) > 0, 30)
    assert key not in running.process.output
    assert "sk-secret" not in running.process.output
