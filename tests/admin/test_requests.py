"""What a management request may hold."""

import pytest

from admin.client import DECISION, Client

MAKING = ["/key/generate", "/team/new"]


@pytest.mark.parametrize("path", MAKING)
@pytest.mark.parametrize(("fields", "said"), [
    ({"models": "gpt-4"}, "`models`"),
    ({"models": [1]}, "`models.0`"),
    ({"models": [None]}, "`models.0`"),
    ({"models": ["x" * 1_001]}, "`models.0`"),
    ({"models": ["a\nb"]}, "`models.0`"),
    ({"models": ["x"] * 1_001}, "`models`"),
    ({"models": {"gpt-4": True}}, "`models`"),
    ({"blocked": "false"}, "`blocked`"),
    ({"blocked": 0}, "`blocked`"),
    ({"metadata": []}, "`metadata`"),
    ({"metadata": {"a": "x" * 70_000}}, "`metadata`"),
    ({"team_id": ""}, "`team_id`"),
    ({"team_id": 7}, "`team_id`"),
    ({"modles": ["gpt-4"]}, "unknown field `modles`: did you mean `models`?"),
    ({"surprise": 1}, "unknown field `surprise`: leave it out"),
    ({"organization_id": ""}, "`organization_id`"),
    ({"access_group_ids": "ag"}, "`access_group_ids`"),
    ({"access_group_ids": [1]}, "`access_group_ids.0`"),
    ({"allowed_models": ["gpt-4"]}, "`allowed_models` is not supported yet"),
    ({"router_settings": {"model_list": []  , "api_key": "sk-secret"}}, "`router_settings` is not supported yet"),
    ({"secret_manager_settings": {"token": "secret"}}, "`secret_manager_settings` is not supported yet"),
    ({"enforced_params": ["user"]}, "`enforced_params` is not supported yet"),
    ({"logging": [{"callback_vars": {"langfuse_secret_key": "secret"}}]}, "unknown field `logging`"),
    ({"object_permission": {"models": ["a"]}}, "`object_permission` is not supported yet"),
    ({"allowed_model_region": "eu"}, "`allowed_model_region` is not supported yet"),
])  # fmt: skip
async def test_a_request_that_makes_no_sense_is_refused(
    admin: Client, path: str, fields: dict[str, object], said: str
) -> None:
    assert said in await admin.refused(path, **fields)


@pytest.mark.parametrize(("path", "name"), [("/key/generate", "aliases"), ("/team/new", "model_aliases")])
@pytest.mark.parametrize("aliases", [{"a": "a"}, {"a": "b", "b": "a"}, {"": "a"}, {"a": ""}, {"a": ["b"]}, ["a"]])
async def test_aliases_that_lead_nowhere_are_refused(admin: Client, path: str, name: str, aliases: object) -> None:
    assert f"`{name}" in await admin.refused(path, **{name: aliases})


@pytest.mark.parametrize("path", MAKING)
async def test_fields_that_are_not_supported_may_be_empty(admin: Client, path: str) -> None:
    empty: dict[str, object] = {
        "config": None,
        "allowed_models": [],
        "object_permission": {"mcp_servers": []},
        "organizations": [],
        "router_settings": {},
        "secret_manager_settings": None,
    }
    assert not empty.keys() & (await admin.made(path, **empty)).keys()


@pytest.mark.parametrize("path", MAKING)
async def test_any_list_of_text_is_kept_as_it_is(admin: Client, path: str) -> None:
    models = ["", " gpt-4", "gpt-*", "モデル", "x" * 1_000]
    assert (await admin.made(path, models=models))["models"] == models


@pytest.mark.parametrize("path", MAKING)
@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b'"text"', b"\xff", b'{"metadata": {"a": NaN}}', b'{"max_budget": 1e999}',
    rb'{"metadata": {"a": "\ud800"}}', rb'{"models": ["\ud800"]}', rb'{"\ud800": 1}', rb'{"metadata": {"\ud800": 1}}',
    b'{"metadata": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}", b'{"metadata": {"a": ' + b"9" * 5_000 + b"}}",
])  # fmt: skip
async def test_a_body_that_cannot_be_read_is_refused(admin: Client, path: str, body: bytes) -> None:
    answer = await admin.post_text(path, body)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error")


async def test_a_refusal_does_not_repeat_what_was_sent(admin: Client) -> None:
    assert "sk-secret" not in await admin.refused("/key/update", key=["sk-secret"])


async def test_a_route_that_is_missing_has_an_error_of_the_same_form(admin: Client) -> None:
    for answer in (await admin.post("/key/nothing", {}), await admin.get("/key/generate")):
        error = answer.json()["error"]
        assert (answer.status_code, error["type"], error["code"]) == (404, "invalid_request_error", "404")
        assert error["message"].endswith(f"(decision {DECISION})")
        assert "allow" not in answer.headers
