"""`/v1/realtime`: judged as it opens, and with every frame that asks for anything."""

import asyncio
import json
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from gateway.sockets.service import SocketService
from harness.process import eventually

REALTIME = "/v1/realtime?model=allowed"


async def test_an_allowed_model_reaches_the_upstream_under_its_own_name(service: SocketService) -> None:
    key = service.gateway.new_key(models=["allowed"])
    async with service.socket(REALTIME, key, openai_beta="realtime=v1", x_secret="mine") as socket:
        assert await socket.ask(type="input_audio_buffer.append", audio="AAAA") == {
            "type": "input_audio_buffer.append",
            "audio": "AAAA",
        }
    (dial,) = service.provider.dials
    assert dial.path == "/v1/realtime?model=up-allowed"
    assert dial.headers["authorization"] == "Bearer provider-secret"
    assert dial.headers["openai-beta"] == "realtime=v1"
    assert "x-secret" not in dial.headers
    assert key not in str(dial.headers)


@pytest.mark.parametrize("mount", ["", "/openai/v1", "/openai", "/azure/openai/v1", "/azure/openai"])
async def test_every_mount_is_served(service: SocketService, mount: str) -> None:
    async with service.socket(f"{mount}/realtime?model=allowed", service.gateway.new_key()) as socket:
        assert await socket.ask(type="input_audio_buffer.clear") == {"type": "input_audio_buffer.clear"}


async def test_what_the_upstream_says_travels_byte_for_byte(service: SocketService) -> None:
    service.provider.greeting = ('{"type": "session.created",  "session":{"model":"up-allowed"}}', b"\x00\xff")
    async with service.socket(REALTIME, service.gateway.new_key()) as socket:
        assert [await socket.connection.recv(), await socket.connection.recv()] == list(service.provider.greeting)


async def test_no_frame_repeats_the_key_that_the_upstream_was_opened_with(service: SocketService) -> None:
    service.provider.greeting = ('{"type": "error", "error": {"message": "wrong provider-secret"}}', b"provider-secret")
    async with service.socket(REALTIME, service.gateway.new_key()) as socket:
        assert (await socket.receive())["error"]["message"] == "wrong ***************"
        assert await socket.connection.recv() == b"***************"


async def test_a_forbidden_model_is_refused_and_reaches_nobody(service: SocketService) -> None:
    end = await service.end("/v1/realtime?model=other", service.gateway.new_key(models=["allowed"]))
    assert (end.code, end.reason) == (1008, "key_model_access_denied")
    assert (end.error["type"], end.error["code"], end.error["param"]) == ("key_model_access_denied", "403", "model")
    assert "`other`" in end.error["message"]
    assert end.event["event_id"].removeprefix("event_") in end.error["message"]
    assert not service.provider.dials


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("/v1/realtime", "400"),
        ("/v1/realtime?model=", "400"),
        ("/v1/realtime?model=allowed&model=other", "400"),
        ("/v1/realtime?model=..%2Fallowed", "400"),
        ("/v1/realtime?MODEL=allowed", "400"),
        ("/v1/realtime?model=ghost", "model_not_found"),
        ("/v1/realtime/?model=allowed", "404"),
        ("/v1/Realtime?model=allowed", "404"),
        ("/v1/chat/completions?model=allowed", "404"),
        ("/health/liveliness", "404"),
    ],
)
async def test_a_handshake_of_a_wrong_form_is_refused(service: SocketService, target: str, code: str) -> None:
    end = await service.end(target, service.gateway.new_key())
    assert (end.code, end.error["code"], end.error["type"]) == (1008, code, "invalid_request_error")
    assert not service.provider.dials


async def test_each_value_of_a_repeated_model_is_judged(service: SocketService) -> None:
    key = service.gateway.new_key(models=["allowed"])
    assert (await service.end(f"{REALTIME}&model=other", key)).error["code"] == "403"


@pytest.mark.parametrize(("key", "kind"), [(None, "auth_error"), ("sk-nobody", "token_not_found_in_db")])
async def test_who_is_not_known_is_refused(service: SocketService, key: str | None, kind: str) -> None:
    end = await service.end(REALTIME, key)
    assert (end.code, end.error["type"], end.error["code"]) == (1008, kind, "401")


async def test_a_key_among_the_subprotocols_is_no_credential(service: SocketService) -> None:
    key = service.gateway.new_key()
    offered = ["realtime", f"openai-insecure-api-key.{key}"]
    async with service.socket(REALTIME, None, subprotocols=offered) as socket:
        assert socket.connection.subprotocol == "realtime"
        assert (await socket.end()).error["code"] == "401"
    assert key not in service.gateway.process.output


async def test_other_headers_with_a_key_count_as_on_any_route(service: SocketService) -> None:
    async with service.socket(REALTIME, None, api_key=service.gateway.new_key()) as socket:
        assert await socket.ask(type="input_audio_buffer.clear") == {"type": "input_audio_buffer.clear"}


async def test_a_customer_in_a_header_is_judged(service: SocketService) -> None:
    service.gateway.manage("/customer/new", {"user_id": "stopped", "blocked": True})
    end = await service.end(REALTIME, service.gateway.new_key(), x_litellm_end_user_id="stopped")
    assert (end.code, end.error["code"]) == (1008, "401")


async def test_a_model_without_an_upstream_is_no_socket(service: SocketService) -> None:
    end = await service.end("/v1/realtime?model=offline", service.gateway.new_key())
    assert (end.code, end.error["code"]) == (1008, "upstream_mock_missing")


async def test_an_upstream_that_cannot_be_reached_may_be_tried_again(service: SocketService) -> None:
    end = await service.end("/v1/realtime?model=gone", service.gateway.new_key())
    assert (end.code, end.error["code"]) == (1011, "upstream_unreachable")


@pytest.mark.parametrize("status", [401, 429, 500])
async def test_an_upstream_that_opens_no_socket_ends_it(service: SocketService, status: int) -> None:
    service.provider.refuses = status, {}
    end = await service.end(REALTIME, service.gateway.new_key())
    assert (end.code, end.error["code"]) == (1008, "upstream_refused")


async def test_a_redirect_is_not_followed(service: SocketService) -> None:
    service.provider.refuses = 307, {"Location": service.provider.base("/elsewhere")}
    end = await service.end(REALTIME, service.gateway.new_key())
    assert (end.code, end.error["code"]) == (1008, "upstream_refused")
    assert service.provider.asked == ["/v1/realtime?model=up-allowed"]


async def test_a_session_may_name_its_own_model_again(service: SocketService) -> None:
    async with service.socket(REALTIME, service.gateway.new_key(models=["allowed"])) as socket:
        told = await socket.ask(type="session.update", session={"model": "allowed", "voice": "alloy"})
    assert told == {"type": "session.update", "session": {"model": "up-allowed", "voice": "alloy"}}


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "session.update", "session": {"model": "other"}},
        {"type": "session.update", "session": {"input_audio_transcription": {"model": "other"}}},
        {"type": "session.update", "session": {"audio": {"input": {"transcription": {"model": "other"}}}}},
        {"type": "session.update", "session": {"tools": [{"type": "x", "model": "other"}]}},
        {"type": "session.update", "session": {"fallbacks": ["other"]}},
        {"type": "response.create", "response": {"model": "other"}},
        {"type": "response.create", "response": {"tools": [{"model": "other"}]}},
        {"type": "response.create", "fallbacks": [{"allowed": ["other"]}]},
        {"type": "transcription_session.update", "input_audio_transcription": {"model": "other"}},
        {"type": "conversation.item.create", "model": "other"},
        {"type": "session.update", "session": {"audio": {"output": {"model": "other"}}}},
        {"type": "conversation.item.create", "item": {"tools": [{"type": "image_generation", "model": "other"}]}},
        {"type": "conversation.item.create", "items": [{"tools": [{"model": "other"}]}]},
    ],
)
async def test_a_forbidden_model_in_a_frame_ends_the_socket(service: SocketService, frame: dict[str, object]) -> None:
    async with service.socket(REALTIME, service.gateway.new_key(models=["allowed"])) as socket:
        await socket.send(**frame)
        end = await socket.end()
    assert (end.code, end.error["type"], end.error["code"]) == (1008, "key_model_access_denied", "403")
    assert not any(dial.frames for dial in service.provider.dials)
    assert eventually(lambda: any(dial.closed is not None for dial in service.provider.dials), 30)


async def test_a_session_may_not_change_to_another_model(service: SocketService) -> None:
    async with service.socket(REALTIME, service.gateway.new_key()) as socket:
        await socket.send(type="session.update", session={"model": "other"})
        end = await socket.end()
    assert (end.code, end.error["type"], end.error["code"]) == (1008, "invalid_request_error", "400")
    assert not any(dial.frames for dial in service.provider.dials)


async def test_a_transcription_model_travels_under_its_upstream_name(service: SocketService) -> None:
    async with service.socket(REALTIME, service.gateway.new_key(models=["allowed", "hearing"])) as socket:
        session = {"audio": {"input": {"transcription": {"model": "hearing"}}}, "fallbacks": ["hearing"]}
        told = await socket.ask(type="session.update", session=session)
    assert told["session"] == {"audio": {"input": {"transcription": {"model": "up-hearing"}}}}


async def test_a_model_of_another_account_has_no_name_there(service: SocketService) -> None:
    async with service.socket(REALTIME, service.gateway.new_key()) as socket:
        await socket.send(type="session.update", session={"input_audio_transcription": {"model": "apart"}})
        end = await socket.end()
    assert (end.code, end.error["code"]) == (1008, "400")
    assert "`apart`" in end.error["message"]
    assert not any(dial.frames for dial in service.provider.dials)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[]",
        "{}",
        '{"type": 1}',
        '{"type": "session.update", "session": []}',
        '{"type": "session.update", "session": {"model": ["allowed"]}}',
        '{"type": "session.update", "session": {"model": null}}',
        '{"type": "session.update", "session": {"api_base": "http://elsewhere"}}',
        '{"type": "session.update", "audio": {"input": {"transcription": {"model": "allowed"}}}}',
        '{"type": "response.create", "api_key": "sk-x"}',
        '{"type": "input_audio_buffer.clear"} {"type": "response.create"}',
        '{"type": "Response.Create"}',
        '{"type": "response.create "}',
        '{"type": "response.steer"}',
        '{"type": "input_audio_buffer.clear", "extra_body": {"type": "response.create"}}',
        '{"type": "session.update", "session": {"extra_body": {"model": "other"}}}',
        '{"type": "response.create", "response": {"extra_body": {}}}',
        '{"type": "session.update", "session": {"session": {"model": "other"}}}',
        '{"type": "session.update", "session": {"response": {"model": "other"}}}',
        '{"type": "session.update", "audio": [{"input": {"transcription": {"model": "other"}}}]}',
    ],
)
async def test_a_frame_of_a_wrong_form_ends_the_socket(service: SocketService, text: str) -> None:
    async with service.socket(REALTIME, service.gateway.new_key()) as socket:
        await socket.connection.send(text)
        end = await socket.end()
    assert (end.code, end.error["type"], end.error["code"]) == (1008, "invalid_request_error", "400")
    assert not any(dial.frames for dial in service.provider.dials)


async def test_a_frame_of_bytes_ends_the_socket(service: SocketService) -> None:
    async with service.socket(REALTIME, service.gateway.new_key()) as socket:
        await socket.connection.send(b'{"type": "input_audio_buffer.clear"}')
        assert (await socket.end()).error["code"] == "400"


async def test_of_a_repeated_field_the_last_is_judged_and_travels(service: SocketService) -> None:
    async with service.socket(REALTIME, service.gateway.new_key(models=["allowed"])) as socket:
        await socket.connection.send('{"type":"session.update","session":{"model":"other","model":"allowed"}}')
        assert (await socket.receive())["event"]["session"] == {"model": "up-allowed"}


async def test_a_frame_that_is_too_large_ends_the_socket(service: SocketService) -> None:
    async with service.socket(REALTIME, service.gateway.new_key()) as socket:
        with suppress(ConnectionClosed):  # the rest of it is not read any more
            await socket.connection.send(
                json.dumps({"type": "input_audio_buffer.append", "audio": "A" * (17 * 1024 * 1024)})
            )
        assert (await socket.end()).code == 1009


async def test_a_large_frame_travels_whole_both_ways(service: SocketService) -> None:
    audio = "A" * (4 * 1024 * 1024)
    async with service.socket(REALTIME, service.gateway.new_key()) as socket:
        assert (await socket.ask(type="input_audio_buffer.append", audio=audio))["audio"] == audio


@pytest.mark.parametrize(("code", "told"), [(1000, 1000), (1001, 1011), (1011, 1011), (1008, 1011)])
async def test_an_upstream_that_closes_ends_the_socket(service: SocketService, code: int, told: int) -> None:
    service.provider.greeting = ('{"type": "session.created"}', code)
    end = await service.end(REALTIME, service.gateway.new_key())
    assert end.code == told
    assert end.event["type"] == ("session.created" if told == 1000 else "error")


async def test_a_client_that_leaves_ends_the_upstreams_socket(service: SocketService) -> None:
    async with service.socket(REALTIME, service.gateway.new_key()) as socket:
        await socket.ask(type="input_audio_buffer.clear")
    assert eventually(lambda: any(dial.closed is not None for dial in service.provider.dials), 30)


async def test_a_client_that_is_lost_ends_the_upstreams_socket(service: SocketService) -> None:
    async with service.socket(REALTIME, service.gateway.new_key()) as socket:
        await socket.ask(type="input_audio_buffer.clear")
        socket.connection.transport.abort()
    assert eventually(lambda: any(dial.closed is not None for dial in service.provider.dials), 30)


async def test_a_revoked_key_sends_nothing_more(service: SocketService) -> None:
    key = service.gateway.new_key()
    async with service.socket(REALTIME, key) as socket:
        await socket.ask(type="input_audio_buffer.clear")
        service.gateway.manage("/key/delete", {"keys": [key]})
        await asyncio.sleep(1.1)
        with suppress(ConnectionClosed):  # it may have ended by itself
            await socket.send(type="input_audio_buffer.append", audio="AAAA")
        end = await socket.end()
    assert (end.code, end.error["code"]) == (1008, "401")
    assert [frame["type"] for frame in service.provider.dials[0].frames] == ["input_audio_buffer.clear"]


async def test_a_frame_that_asks_for_an_answer_is_judged_at_once(service: SocketService) -> None:
    key = service.gateway.new_key()
    async with service.socket(REALTIME, key) as socket:
        await socket.ask(type="input_audio_buffer.clear")
        service.gateway.manage("/key/block", {"key": key})
        await socket.send(type="response.create")
        end = await socket.end()
    assert (end.code, end.error["code"]) == (1008, "401")
    assert [frame["type"] for frame in service.provider.dials[0].frames] == ["input_audio_buffer.clear"]


async def test_an_upstream_is_not_heard_long_after_a_key_is_revoked(service: SocketService) -> None:
    key = service.gateway.new_key()
    service.provider.script = lambda event: (json.dumps({"type": "delta"}) for _ in range(100))
    service.provider.pause = 0.05
    async with service.socket(REALTIME, key) as socket:
        await socket.send(type="response.create")
        assert (await socket.receive())["type"] == "delta"
        service.gateway.manage("/key/delete", {"keys": [key]})
        began = asyncio.get_running_loop().time()
        end = await socket.end()
    assert (end.code, end.error["code"]) == (1008, "401")
    assert asyncio.get_running_loop().time() - began < 2.5


async def test_a_model_taken_away_ends_the_socket(service: SocketService) -> None:
    key = service.gateway.new_key(models=["allowed", "hearing"])
    async with service.socket(REALTIME, key) as socket:
        await socket.ask(type="session.update", session={"input_audio_transcription": {"model": "hearing"}})
        service.gateway.manage("/key/update", {"key": key, "models": ["allowed"]})
        await asyncio.sleep(1.1)
        with suppress(ConnectionClosed):  # it may have ended by itself
            await socket.send(type="input_audio_buffer.append", audio="AAAA")
        end = await socket.end()
    assert (end.code, end.error["type"]) == (1008, "key_model_access_denied")


async def test_each_decision_has_a_line_of_its_own(service: SocketService) -> None:
    key = service.gateway.new_key(key_alias="lines", models=["allowed", "hearing"])
    async with service.socket(REALTIME, key) as socket:
        await socket.ask(type="session.update", session={"input_audio_transcription": {"model": "hearing"}})
        await socket.ask(type="input_audio_buffer.clear")
        await socket.send(type="session.update", session={"model": "other"})
        end = await socket.end()
    assert eventually(lambda: len(service.decisions_of(key)) >= 3, 30)
    lines = service.decisions_of(key)
    assert [(line["models"], line["allow"], line["status"]) for line in lines] == [
        (["allowed"], True, 101),
        (["allowed", "hearing"], True, 200),
        (["allowed", "hearing", "other"], False, 403),
    ]
    assert len({line["id"] for line in lines}) == 3
    assert lines[2]["id"] in end.error["message"]
    assert all(line["route"] == "/v1/realtime" and line["caller"] for line in lines)


async def test_the_handshake_tells_the_decisions_id(service: SocketService) -> None:
    async with service.socket(REALTIME, service.gateway.new_key()) as socket:
        assert socket.connection.response is not None
        assert socket.connection.response.headers["x-modelward-decision-id"]


async def test_a_query_is_never_logged_by_the_server(service: SocketService) -> None:
    await service.end("/v1/realtime?model=allowed&key=sk-in-the-query", None)
    assert "sk-in-the-query" not in service.gateway.process.output


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "response.create", "response": {"previous_response_id": "resp_hers"}},
        {"type": "response.create", "response": {"conversation": "conv_hers"}},
        {"type": "session.update", "session": {"prompt": {"id": "p", "variables": {"v": {"file_id": "file-hers"}}}}},
    ],
)
async def test_what_belongs_to_another_caller_does_not_exist(service: SocketService, frame: dict[str, object]) -> None:
    async with service.socket(REALTIME, service.gateway.new_key(user_id="carla")) as socket:
        await socket.send(**frame)
        end = await socket.end()
    assert (end.code, end.error["code"]) == (1008, "404")
    assert not any(dial.frames for dial in service.provider.dials)


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "response.create", "response": {"conversation": "none"}},
        {"type": "response.create", "response": {"input": [{"type": "item_reference", "id": "item_1"}]}},
        {"type": "response.cancel", "response_id": "resp_1"},
        {"type": "conversation.item.delete", "item_id": "item_1"},
    ],
)
async def test_what_lives_in_the_session_alone_may_be_named(service: SocketService, frame: dict[str, object]) -> None:
    async with service.socket(REALTIME, service.gateway.new_key()) as socket:
        assert await socket.ask(**frame) == frame


async def test_a_silent_socket_ends_with_its_key(service: SocketService) -> None:
    key = service.gateway.new_key()
    async with service.socket(REALTIME, key) as socket:
        service.gateway.manage("/key/delete", {"keys": [key]})
        async with asyncio.timeout(30):
            end = await socket.end()
    assert (end.code, end.error["code"]) == (1008, "401")


async def test_another_customer_needs_another_socket(service: SocketService) -> None:
    async with service.socket(REALTIME, service.gateway.new_key()) as socket:
        await socket.ask(type="response.create", user="one")
        await socket.send(type="response.create", user="two")
        assert (await socket.end()).error["code"] == "400"
