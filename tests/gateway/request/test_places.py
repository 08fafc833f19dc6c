"""Places that look harmless and would choose a model (M1, M5)."""

import pytest

from gateway.configs import MASTER_KEY
from gateway.gates import CHAT, GateSetup, sent
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.request.footprint import footprint
from modelward.gateway.routes import SOCKET, Router

REFUSED: dict[str, dict[str, object]] = {
    "Azure's own data": {"data_sources": [{"parameters": {"embedding_dependency": {"deployment_name": "secret"}}}]},
    "a preset": {"preset": "secret"},
    "a list of models": {"models": ["secret"]},
    "a moderation that is no object": {"moderation": [{"model": "secret"}]},
    "an extra_body in extra_body": {"extra_body": {"extra_body": {"api_base": "http://elsewhere"}}},
}


@pytest.mark.parametrize("place", list(REFUSED))
async def test_such_a_place_is_refused(plain: GateSetup, place: str) -> None:
    answer = await plain.call("POST", CHAT, key=MASTER_KEY, content={"model": "gpt-4", **REFUSED[place]})
    assert (answer.status, answer.error_type) == (400, "invalid_request_error")
    assert not plain.forwarder.calls


async def test_what_extra_body_holds_is_laid_into_the_body(plain: GateSetup) -> None:
    answer = await plain.chat("gpt-4", extra_body={"top_k": 3, "model": "gpt-4"})
    assert answer.status == 200
    (call,) = plain.forwarder.calls
    assert sent(call)["top_k"] == 3
    assert "extra_body" not in sent(call)


@pytest.mark.parametrize("written", ["sk-of-somebody", "%73k-of-somebody", "s%6B%2Dof-somebody"])
async def test_a_key_in_a_path_is_neither_logged_nor_said(plain: GateSetup, written: str) -> None:
    answer = await plain.call("POST", f"/key/{written}/regenerate", key="sk-any")
    assert answer.status == 401
    (line,) = await plain.lines()
    assert "of-somebody" not in answer.text + str(line)


async def test_a_model_whose_name_holds_a_keys_beginning_keeps_its_route(plain: GateSetup) -> None:
    plain.people.add("sk-routed", allowed_routes=["/engines/desk-1/chat/completions"])
    answer = await plain.call("POST", "/engines/desk-1/chat/completions", key="sk-routed", content={})
    assert answer.status == 400
    (line,) = await plain.lines()
    assert line["path"] == "/engines/desk-1/chat/completions"
    assert line["reasons"][0]["rule"] == "model_known"


@pytest.mark.parametrize("field", ["auto", "low"])
async def test_how_strictly_an_image_is_moderated_is_no_model(plain: GateSetup, field: str) -> None:
    content = {"model": "gpt-4", "prompt": "a cat", "moderation": field}
    assert (await plain.call("POST", "/v1/images/generations", key="sk-any", content=content)).status == 200
    (call,) = plain.forwarder.calls
    assert sent(call)["moderation"] == field


async def test_watsonx_is_told_the_version_that_its_client_names(plain: GateSetup) -> None:
    target = "/watsonx/ml/v1/text/chat?version=2024-10-10&other=x"
    assert (await plain.call("POST", target, key="sk-any", content={"model_id": "gpt-4"})).status == 200
    (call,) = plain.forwarder.calls
    assert call.query == [("version", "2024-10-10")]


def test_azures_realtime_clients_name_the_model_as_a_deployment() -> None:
    match = Router(ROUTES).find(SOCKET, "/openai/realtime")
    assert match is not None
    assert footprint(match, b"api-version=1&deployment=gpt-4", {}).models == ["gpt-4"]
    assert footprint(match, b"model=gpt-4&deployment=gpt-4o", {}).differ
