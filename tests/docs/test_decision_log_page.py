"""The page about the decision log has every field that real requests log, and no other."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docs.pages import blocks, table
from harness.gateway import gateway
from harness.issuer import issuer
from harness.ports import free_port
from harness.process import eventually

PAGE = "docs/decision-log.md"
MASTER_KEY = "sk-master"
CONFIG = """
model_list:
  - model_name: answers
    litellm_params: {model: openai/answers, mock_response: hello}
  - model_name: forbidden
    litellm_params: {model: openai/forbidden, mock_response: hello}
  - model_name: fails
    litellm_params: {model: openai/fails, api_base: "http://127.0.0.1:PORT", api_key: none}
router_settings:
  fallbacks: [{fails: [forbidden, answers]}]
general_settings:
  master_key: sk-master
  enable_jwt_auth: true
  litellm_jwtauth: {user_id_jwt_field: sub, user_id_upsert: true}
"""
MAPS = {"grants", "fallbacks[].grants"}
TYPES = {str: "text", bool: "boolean", int: "number", list: "list", dict: "object", type(None): "null"}


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The decisions of a refused call, of one that falls back, of a token's, and of one by nobody."""
    folder = tmp_path_factory.mktemp("log")
    config = folder / "config.yaml"
    config.write_text(CONFIG.replace("PORT", str(free_port())))
    with issuer() as idp:
        env = {"JWT_PUBLIC_KEY_URL": idp.url, "JWT_AUDIENCE": "modelward"}
        with gateway(config, folder, master_key=MASTER_KEY, env=env) as running:
            key = running.new_key(models=["answers", "fails"])
            assert running.chat("forbidden", key=key).status == 403
            assert running.chat("fails", key=key).status == 200
            assert running.chat("answers", key=idp.token({"sub": "ada", "aud": "modelward"}), user="acme").status == 200
            assert running.chat("answers", key="sk-nobody").status == 401
            assert eventually(lambda: len(_decisions(folder)) == 5, 30)
    return _decisions(folder)


def _decisions(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "modelward.log").read_text().splitlines()
    return [json.loads(line)["decision"] for line in lines if line.startswith('{"decision":')]


def _fields(value: object, at: str = "") -> Iterator[tuple[str, str]]:
    """Every field below a value, with its type: `reasons[].rule`, `text`."""
    if at:
        yield at, TYPES[type(value)]
    if isinstance(value, list):
        for field in (each for item in value if isinstance(item, dict) for each in _fields(item, f"{at}[]")):
            if field[0] != f"{at}[]":
                yield field
    elif isinstance(value, dict) and at not in MAPS:
        for name, inner in value.items():
            yield from _fields(inner, f"{at}.{name}".strip("."))


def test_the_fields_of_the_page_are_those_that_requests_log(logged: list[dict[str, Any]]) -> None:
    found = {field for entry in logged for field, _ in _fields(entry)}
    assert {row[0] for row in table(PAGE, "field of the log")} == found


def test_every_field_has_a_type_that_the_page_gives(logged: list[dict[str, Any]]) -> None:
    types = {
        row[0]: {each.split(" of ")[0] for each in row[1].split(" or ")} for row in table(PAGE, "field of the log")
    }
    assert [field for entry in logged for field in _fields(entry) if field[1] not in types[field[0]]] == []


def test_the_line_of_the_page_is_that_of_a_refused_call(logged: list[dict[str, Any]]) -> None:
    (shown,) = (json.loads(block)["decision"] for block in blocks(PAGE, "json"))
    refused = next(entry for entry in logged if entry["status"] == 403)
    differing = {name for name in refused if refused[name] != shown[name]}
    assert list(shown) == list(refused)
    assert differing == {"id", "time", "models", "caller", "reasons", "revision"}
    assert [*_fields(shown)] == [*_fields(refused)]


def test_a_fallback_that_runs_and_one_that_does_not_are_logged(logged: list[dict[str, Any]]) -> None:
    (entry,) = (each for each in logged if each["fallbacks"])
    assert [each["model"] for each in entry["fallbacks"]] == ["answers"]
    assert entry["skipped_fallbacks"] == [{"model": "forbidden", "rule": "key_model_access"}]
