"""`/v1/responses` as a socket: each `response.create` is a call."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.sockets.service import SocketService
from harness.process import eventually
from harness.upstream_socket import Said

RESPONSES = "/v1/responses"


def making(id_: str) -> Any:
    """A provider whose responses have that id."""

    def script(event: dict[str, Any]) -> Iterator[Said]:
        yield json.dumps({"type": "response.created", "response": {"id": id_, "model": "up"}})
        yield json.dumps({"type": "echo", "event": event})

    return script


async def test_a_response_is_asked_for_under_the_upstreams_own_name(service: SocketService) -> None:
    key = service.gateway.new_key(models=["allowed"])
    async with service.socket(RESPONSES, key) as socket:
        told = await socket.ask(type="response.create", model="allowed", input="hello")
    assert told == {"type": "response.create", "model": "up-allowed", "input": "hello"}
    (dial,) = service.provider.dials
    assert dial.path == "/v1/responses"
    assert dial.headers["authorization"] == "Bearer provider-secret"


@pytest.mark.parametrize("mount", ["", "/openai/v1", "/openai"])
async def test_every_mount_is_served(service: SocketService, mount: str) -> None:
    async with service.socket(f"{mount}/responses", service.gateway.new_key()) as socket:
        assert (await socket.ask(type="response.create", model="allowed"))["model"] == "up-allowed"


async def test_no_upstream_is_opened_before_it_is_needed(service: SocketService) -> None:
    async with service.socket(RESPONSES, service.gateway.new_key()):
        await asyncio.sleep(0.1)
    assert not service.provider.dials


@pytest.mark.parametrize(("key", "kind"), [(None, "auth_error"), ("sk-nobody", "token_not_found_in_db")])
async def test_who_is_not_known_is_refused_at_once(service: SocketService, key: str | None, kind: str) -> None:
    end = await service.end(RESPONSES, key)
    assert (end.code, end.error["type"], end.error["code"]) == (1008, kind, "401")


async def test_a_key_for_other_routes_opens_no_socket(service: SocketService) -> None:
    end = await service.end(RESPONSES, service.gateway.new_key(allowed_routes=["/v1/chat/completions"]))
    assert (end.code, end.error["code"]) == (1008, "403")


async def test_a_forbidden_model_in_the_query_opens_no_socket(service: SocketService) -> None:
    end = await service.end(f"{RESPONSES}?model=other", service.gateway.new_key(models=["allowed"]))
    assert (end.code, end.error["type"]) == (1008, "key_model_access_denied")


@pytest.mark.parametrize(
    "fields",
    [
        {"model": "other"},
        {"model": "allowed", "tools": [{"type": "image_generation", "model": "other"}]},
        {"model": "allowed", "moderation": {"model": "other"}},
        {"model": "allowed", "fallbacks": ["other"]},
        {"model": "allowed", "response": {"model": "other"}},
        {"model": "allowed", "input": [{"tools": [{"type": "image_generation", "model": "other"}]}]},
    ],
)
async def test_a_forbidden_model_ends_the_socket(service: SocketService, fields: dict[str, object]) -> None:
    async with service.socket(RESPONSES, service.gateway.new_key(models=["allowed"])) as socket:
        await socket.send(type="response.create", **fields)
        end = await socket.end()
    assert (end.code, end.error["type"]) == (1008, "key_model_access_denied")
    assert not service.provider.dials


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "response.create", "input": "hello"},
        {"type": "response.create", "tools": [{"type": "image_generation", "model": "allowed"}]},
        {"type": "response.create", "model": "allowed", "response": {"model": "other"}},
        {"type": "response.create", "model": "allowed", "api_base": "http://elsewhere"},
        {"type": "response.create", "model": "allowed", "input": [{"type": "message", "id": ["msg_1"]}]},
        {"type": "response.steer", "input": "more"},
        {"type": "response.cancel"},
        {"type": "response.create", "model": "allowed", "extra_body": {"model": "allowed"}},
        {"type": "input_audio_buffer.clear"},
    ],
)
async def test_a_frame_of_a_wrong_form_ends_the_socket(service: SocketService, frame: dict[str, object]) -> None:
    async with service.socket(RESPONSES, service.gateway.new_key()) as socket:
        await socket.send(**frame)
        end = await socket.end()
    assert (end.code, end.error["type"], end.error["code"]) == (1008, "invalid_request_error", "400")
    assert not service.provider.dials


async def test_the_query_must_agree_with_the_frame(service: SocketService) -> None:
    async with service.socket(f"{RESPONSES}?model=allowed", service.gateway.new_key()) as socket:
        assert (await socket.ask(type="response.create", model="allowed"))["model"] == "up-allowed"
        await socket.send(type="response.create", model="other")
        assert (await socket.end()).error["code"] == "400"


async def test_a_model_that_the_query_names_alone_is_written_into_the_frame(service: SocketService) -> None:
    async with service.socket(f"{RESPONSES}?model=allowed", service.gateway.new_key()) as socket:
        assert (await socket.ask(type="response.create"))["model"] == "up-allowed"


async def test_another_model_of_the_same_account_may_follow(service: SocketService) -> None:
    async with service.socket(RESPONSES, service.gateway.new_key(models=["allowed", "other"])) as socket:
        assert (await socket.ask(type="response.create", model="allowed"))["model"] == "up-allowed"
        assert (await socket.ask(type="response.create", model="other"))["model"] == "up-other"
        await asyncio.sleep(1.1)
        assert await socket.ask(type="response.steer") == {"type": "response.steer"}
    assert len(service.provider.dials) == 1


async def test_a_forbidden_model_may_not_follow(service: SocketService) -> None:
    async with service.socket(RESPONSES, service.gateway.new_key(models=["allowed"])) as socket:
        await socket.ask(type="response.create", model="allowed")
        await socket.send(type="response.create", model="other")
        assert (await socket.end()).error["type"] == "key_model_access_denied"
    assert len(service.provider.dials[0].frames) == 1


async def test_a_model_of_another_account_may_not_follow(service: SocketService) -> None:
    async with service.socket(RESPONSES, service.gateway.new_key()) as socket:
        await socket.ask(type="response.create", model="allowed")
        await socket.send(type="response.create", model="apart")
        end = await socket.end()
    assert (end.code, end.error["code"]) == (1008, "400")
    assert len(service.provider.dials[0].frames) == 1


async def test_another_event_that_names_a_model_is_judged(service: SocketService) -> None:
    async with service.socket(RESPONSES, service.gateway.new_key(models=["allowed"])) as socket:
        await socket.ask(type="response.create", model="allowed")
        await socket.send(type="response.steer", model="other")
        assert (await socket.end()).error["type"] == "key_model_access_denied"


async def test_a_response_may_follow_ones_own(service: SocketService) -> None:
    service.provider.script = making("resp_own")
    async with service.socket(RESPONSES, service.gateway.new_key(user_id="anna")) as socket:
        await socket.ask(type="response.create", model="allowed")
    async with service.socket(RESPONSES, service.gateway.new_key(user_id="anna")) as socket:
        told = await socket.ask(type="response.create", model="allowed", previous_response_id="resp_own")
        assert told["previous_response_id"] == "resp_own"
        assert (await socket.ask(type="response.steer", response_id="resp_own"))["response_id"] == "resp_own"


async def test_a_response_may_not_follow_one_that_lives_beyond_the_groups_of_the_key(service: SocketService) -> None:
    service.provider.script = making("resp_near")
    async with service.socket(RESPONSES, service.gateway.new_key(user_id="nora", models=["near"])) as socket:
        await socket.ask(type="response.create", model="grouped")
    async with service.socket(RESPONSES, service.gateway.new_key(user_id="nora", models=["far"])) as socket:
        await socket.send(type="response.create", model="grouped", previous_response_id="resp_near")
        assert (await socket.end()).error["code"] == "400"
    assert len(service.provider.dials) == 1


async def test_a_container_that_an_item_shows_is_ones_own(service: SocketService) -> None:
    shown = {"type": "response.output_item.added", "item": {"type": "code_interpreter_call", "container_id": "cntr_1"}}
    service.provider.script = lambda event: iter((json.dumps(shown), json.dumps({"type": "echo", "event": event})))
    tools = [{"type": "code_interpreter", "container": "cntr_1"}]
    async with service.socket(RESPONSES, service.gateway.new_key(user_id="frida")) as socket:
        await socket.ask(type="response.create", model="allowed")
        assert (await socket.ask(type="response.create", model="allowed", tools=tools))["tools"] == tools
    async with service.socket(RESPONSES, service.gateway.new_key(user_id="gerda")) as socket:
        await socket.send(type="response.create", model="allowed", tools=tools)
        assert (await socket.end()).error["code"] == "404"


async def test_an_item_that_a_response_shows_is_ones_own(service: SocketService) -> None:
    shown = {"type": "response.output_item.added", "item": {"type": "message", "id": "msg_own"}}
    service.provider.script = lambda event: iter((json.dumps(shown), json.dumps({"type": "echo", "event": event})))
    reference: list[dict[str, Any]] = [{"type": "item_reference", "id": "msg_own"}]
    whole: list[dict[str, Any]] = [{"type": "message", "id": "msg_own", "content": "hello"}]
    async with service.socket(RESPONSES, service.gateway.new_key(user_id="hanna")) as socket:
        await socket.ask(type="response.create", model="allowed")
        for sent in (reference, whole):
            assert (await socket.ask(type="response.create", model="allowed", input=sent))["input"] == sent
    for sent in (reference, whole):
        async with service.socket(RESPONSES, service.gateway.new_key(user_id="ida")) as socket:
            await socket.send(type="response.create", model="allowed", input=sent)
            assert (await socket.end()).error["code"] == "404"


async def test_an_item_of_nobody_travels_without_its_id(service: SocketService) -> None:
    async with service.socket(RESPONSES, service.gateway.new_key()) as socket:
        sent = [{"type": "message", "id": "msg_none", "content": "hello"}]
        told = await socket.ask(type="response.create", model="allowed", input=sent)
        assert told["input"] == [{"type": "message", "content": "hello"}]


@pytest.mark.parametrize(
    "fields",
    [
        {"previous_response_id": "resp_hers"},
        {"conversation": "conv_hers"},
        {"input": [{"type": "item_reference", "id": "msg_hers"}]},
        {"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "file-hers"}]}]},
    ],
)
async def test_what_belongs_to_another_caller_does_not_exist(service: SocketService, fields: dict[str, object]) -> None:
    service.provider.script = making("resp_hers")
    async with service.socket(RESPONSES, service.gateway.new_key(user_id="berta")) as socket:
        await socket.ask(type="response.create", model="allowed")
    service.provider.dials.clear()
    async with service.socket(RESPONSES, service.gateway.new_key(user_id="carla")) as socket:
        await socket.send(type="response.create", model="allowed", **fields)
        end = await socket.end()
    assert (end.code, end.error["code"], end.error["type"]) == (1008, "404", "invalid_request_error")
    assert not service.provider.dials


async def test_another_callers_response_cannot_be_steered(service: SocketService) -> None:
    service.provider.script = making("resp_kept")
    async with service.socket(RESPONSES, service.gateway.new_key(user_id="dora")) as socket:
        await socket.ask(type="response.create", model="allowed")
    service.provider.script = making("resp_else")
    async with service.socket(RESPONSES, service.gateway.new_key(user_id="emma")) as socket:
        await socket.ask(type="response.create", model="allowed")
        await socket.send(type="response.steer", response_id="resp_kept")
        assert (await socket.end()).error["code"] == "404"


async def test_a_customer_in_a_frame_is_judged(service: SocketService) -> None:
    service.gateway.manage("/customer/new", {"user_id": "halted", "blocked": True})
    async with service.socket(RESPONSES, service.gateway.new_key()) as socket:
        await socket.send(type="response.create", model="allowed", user="halted")
        assert (await socket.end()).error["code"] == "401"
    assert not service.provider.dials


async def test_a_revoked_key_creates_nothing_more(service: SocketService) -> None:
    key = service.gateway.new_key()
    async with service.socket(RESPONSES, key) as socket:
        await socket.ask(type="response.create", model="allowed")
        service.gateway.manage("/key/delete", {"keys": [key]})
        await socket.send(type="response.create", model="allowed")
        end = await socket.end()
    assert (end.code, end.error["code"]) == (1008, "401")
    assert len(service.provider.dials[0].frames) == 1


@pytest.mark.parametrize(
    ("model", "code", "error"), [("offline", 1008, "upstream_mock_missing"), ("gone", 1011, "upstream_unreachable")]
)
async def test_a_model_that_no_upstream_serves_ends_the_socket(
    service: SocketService, model: str, code: int, error: str
) -> None:
    async with service.socket(RESPONSES, service.gateway.new_key()) as socket:
        await socket.send(type="response.create", model=model)
        end = await socket.end()
    assert (end.code, end.error["code"]) == (code, error)


async def test_an_upstream_that_closes_ends_the_socket(service: SocketService) -> None:
    service.provider.script = lambda event: iter(('{"type": "response.in_progress"}', 1011))
    async with service.socket(RESPONSES, service.gateway.new_key()) as socket:
        await socket.send(type="response.create", model="allowed")
        end = await socket.end()
    assert (end.code, end.error["code"]) == (1011, "upstream_broken")


async def test_a_client_that_leaves_ends_the_upstreams_socket(service: SocketService) -> None:
    async with service.socket(RESPONSES, service.gateway.new_key()) as socket:
        await socket.ask(type="response.create", model="allowed")
    assert eventually(lambda: service.provider.dials[0].closed is not None, 30)


async def test_a_model_taken_away_ends_a_socket_that_asked_for_it_earlier(service: SocketService) -> None:
    key = service.gateway.new_key(models=["allowed", "other"])
    async with service.socket(RESPONSES, key) as socket:
        await socket.ask(type="response.create", model="allowed")
        await socket.ask(type="response.create", model="other")
        service.gateway.manage("/key/update", {"key": key, "models": ["other"]})
        await socket.send(type="response.steer", input="go on")
        assert (await socket.end()).error["type"] == "key_model_access_denied"
    assert len(service.provider.dials[0].frames) == 2


async def test_a_customer_that_is_blocked_meanwhile_gets_nothing_more(service: SocketService) -> None:
    service.gateway.manage("/customer/new", {"user_id": "halted-later"})
    async with service.socket(RESPONSES, service.gateway.new_key()) as socket:
        await socket.ask(type="response.create", model="allowed", user="halted-later")
        service.gateway.manage("/customer/update", {"user_id": "halted-later", "blocked": True})
        await socket.send(type="response.create", model="allowed")
        assert (await socket.end()).error["code"] == "401"


async def test_responses_of_one_socket_belong_to_one_owner(service: SocketService) -> None:
    key = service.gateway.new_key(user_id="moving")
    service.gateway.manage("/team/new", {"team_id": "their-team"})
    async with service.socket(RESPONSES, key) as socket:
        await socket.ask(type="response.create", model="allowed")
        service.gateway.manage("/key/update", {"key": key, "team_id": "their-team"})
        await socket.send(type="response.create", model="allowed")
        assert (await socket.end()).error["code"] == "400"


async def test_a_later_response_must_name_its_model_too(service: SocketService) -> None:
    async with service.socket(RESPONSES, service.gateway.new_key()) as socket:
        await socket.ask(type="response.create", model="allowed")
        await socket.send(type="response.create", input="more")
        assert (await socket.end()).error["code"] == "400"
