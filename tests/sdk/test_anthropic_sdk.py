"""The official `anthropic` SDK: messages, streams, counts, and refusals as the SDK's own errors (E1)."""

from collections.abc import Iterator

import anthropic
import pytest
from anthropic import Anthropic, AsyncAnthropic
from anthropic.types import MessageParam

from harness.gateway import Gateway
from harness.provider_replies import TEXT
from harness.upstream import Upstream
from harness.wire import exchange
from sdk.fronted import FORBIDDEN
from sdk.refusals import assert_refused_once

_HELLO: list[MessageParam] = [{"role": "user", "content": "hello"}]


@pytest.fixture
def client(front: Gateway, key: str) -> Iterator[Anthropic]:
    """A client whose key may use every model but `forbidden`."""
    with Anthropic(base_url=front.url, api_key=key) as running:
        yield running


def _text(message: anthropic.types.Message) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


def test_a_message_answers_and_the_provider_reads_its_own_name(client: Anthropic, key: str, asked: Upstream) -> None:
    assert _text(client.messages.create(model="claude", max_tokens=9, messages=_HELLO)) == TEXT
    (call,) = asked.calls
    assert (call.path, call.json()["model"]) == ("/v1/messages", "real-claude")
    assert call.headers["x-api-key"] == "provider-secret"
    assert key not in str(call)


def test_a_version_is_sent_where_the_client_sends_none(front: Gateway, key: str, asked: Upstream) -> None:
    body = b'{"model": "claude", "max_tokens": 9, "messages": []}'
    assert exchange(front.port, "POST", "/v1/messages", headers={"x-api-key": key}, body=body).status == 200
    assert asked.calls[0].headers["anthropic-version"] == "2023-06-01"


def test_the_clients_own_version_travels(front: Gateway, key: str, asked: Upstream) -> None:
    with Anthropic(base_url=front.url, api_key=key, default_headers={"anthropic-version": "2024-01-01"}) as client:
        client.messages.create(model="claude", max_tokens=9, messages=_HELLO)
    assert asked.calls[0].headers["anthropic-version"] == "2024-01-01"


def test_a_stream_of_a_message_is_whole(client: Anthropic) -> None:
    with client.messages.stream(model="claude", max_tokens=9, messages=_HELLO) as stream:
        assert "".join(stream.text_stream) == TEXT
        assert stream.get_final_message().stop_reason == "end_turn"


async def test_the_async_client_streams(front: Gateway, key: str) -> None:
    async with (
        AsyncAnthropic(base_url=front.url, api_key=key) as client,
        client.messages.stream(model="claude", max_tokens=9, messages=_HELLO) as stream,
    ):
        assert "".join([text async for text in stream.text_stream]) == TEXT


def test_tokens_are_counted(client: Anthropic, asked: Upstream) -> None:
    assert client.messages.count_tokens(model="claude", messages=_HELLO).input_tokens == 7
    assert asked.calls[0].path == "/v1/messages/count_tokens"


def test_the_pass_through_answers_too(front: Gateway, key: str, asked: Upstream) -> None:
    with Anthropic(base_url=f"{front.url}/anthropic", api_key=key) as client:
        assert _text(client.messages.create(model="claude", max_tokens=9, messages=_HELLO)) == TEXT
    assert asked.calls[0].path == "/v1/messages"


def test_a_forbidden_model_is_a_permission_error(client: Anthropic, front: Gateway, key: str, asked: Upstream) -> None:
    with pytest.raises(anthropic.PermissionDeniedError) as caught:
        client.messages.create(model=FORBIDDEN, max_tokens=9, messages=_HELLO)
    assert_refused_once(front, key, str(caught.value))
    assert caught.value.request_id
    assert caught.value.request_id in str(caught.value)
    assert asked.calls == []


def test_a_forbidden_stream_is_a_permission_error(client: Anthropic, front: Gateway, key: str) -> None:
    with (
        pytest.raises(anthropic.PermissionDeniedError) as caught,
        client.messages.stream(model=FORBIDDEN, max_tokens=9, messages=_HELLO),
    ):
        pass
    assert_refused_once(front, key, str(caught.value))


def test_a_forbidden_model_may_not_even_count(client: Anthropic, front: Gateway, key: str) -> None:
    with pytest.raises(anthropic.PermissionDeniedError) as caught:
        client.messages.count_tokens(model=FORBIDDEN, messages=_HELLO)
    assert_refused_once(front, key, str(caught.value))


def test_a_forbidden_model_in_one_request_of_a_batch_refuses_it_whole(
    client: Anthropic, front: Gateway, key: str, asked: Upstream
) -> None:
    with pytest.raises(anthropic.PermissionDeniedError) as caught:
        client.messages.batches.create(
            requests=[
                {"custom_id": model, "params": {"model": model, "max_tokens": 9, "messages": _HELLO}}
                for model in ("claude", FORBIDDEN)
            ]
        )
    assert_refused_once(front, key, str(caught.value))
    assert asked.calls == []


def test_an_unknown_key_is_an_authentication_error(front: Gateway) -> None:
    with (
        Anthropic(base_url=front.url, api_key="sk-nobody") as client,
        pytest.raises(anthropic.AuthenticationError) as caught,
    ):
        client.messages.create(model="claude", max_tokens=9, messages=_HELLO)
    assert caught.value.request_id
    assert "sk-nobody" not in str(caught.value)


def test_a_field_that_redirects_is_a_bad_request(client: Anthropic, asked: Upstream) -> None:
    with pytest.raises(anthropic.BadRequestError, match="api_base"):
        client.messages.create(model="claude", max_tokens=9, messages=_HELLO, extra_body={"api_base": "http://x"})
    assert asked.calls == []


def test_an_endpoint_that_is_not_served_is_not_found(client: Anthropic, asked: Upstream) -> None:
    with pytest.raises(anthropic.NotFoundError):
        client.post("/anthropic/v1/nothing", cast_to=object, body={"model": "claude"})
    assert asked.calls == []


@pytest.mark.parametrize("model", ["nova", "vertex", "azure-gpt"])
def test_a_model_that_does_not_speak_messages_is_a_bad_request_that_says_so(
    model: str, client: Anthropic, asked: Upstream
) -> None:
    with pytest.raises(anthropic.BadRequestError, match=f"`{model}` does not answer on this endpoint"):
        client.messages.create(model=model, max_tokens=9, messages=_HELLO)
    assert asked.calls == []
