"""Tools whose own fields are called `model`: the official SDKs' requests pass as they are (M7)."""

from typing import Any, cast

import anthropic
import openai
import pytest
from anthropic import Anthropic
from google import genai
from google.genai import types
from openai import OpenAI

from harness.gateway import Gateway
from harness.upstream import Upstream
from sdk.fronted import FORBIDDEN

CAR: dict[str, Any] = {
    "type": "object",
    "properties": {
        "model": {"type": "string", "description": "the car's model"},
        "models": {"type": "array", "items": {"type": "object", "properties": {"model_id": {"type": "string"}}}},
        "engine": {"type": "string"},
        "adapter": {"type": "string"},
    },
    "required": ["model"],
}
ARGUMENTS = {"model": "Beetle", "models": [{"model_id": "1303"}], "engine": "boxer", "adapter": "none"}
FURTHER: list[dict[str, Any]] = [
    {"base_model": FORBIDDEN},
    {"lora_request": {"lora_name": FORBIDDEN}},
    {"providerOptions": {"x": {"models": [FORBIDDEN]}}},
    {"tools": [{"type": "openrouter:advisor"}]},
    {"engine": FORBIDDEN},
]


def test_chat_with_such_a_tool(openai_client: OpenAI, asked: Upstream) -> None:
    called = {"id": "c1", "type": "function", "function": {"name": "order", "arguments": '{"model": "Beetle"}'}}
    openai_client.chat.completions.create(
        model="gpt",
        messages=cast(
            Any,
            [
                {"role": "user", "content": "order a car"},
                {"role": "assistant", "tool_calls": [called]},
                {"role": "tool", "tool_call_id": "c1", "content": '{"model": "Beetle"}'},
            ],
        ),
        tools=[{"type": "function", "function": {"name": "order", "parameters": CAR}}],
        response_format={"type": "json_schema", "json_schema": {"name": "car", "schema": CAR}},
        metadata={"model": "Beetle"},
    )
    (call,) = asked.calls
    assert call.json()["tools"][0]["function"]["parameters"] == CAR
    assert call.json()["response_format"]["json_schema"]["schema"] == CAR


def test_a_response_with_such_a_tool(openai_client: OpenAI, asked: Upstream) -> None:
    openai_client.responses.create(
        model="gpt",
        input=cast(Any, [{"role": "user", "content": "order a car"}]),
        tools=[{"type": "function", "name": "order", "parameters": CAR, "strict": False}],
        text={"format": {"type": "json_schema", "name": "car", "schema": CAR}},
    )
    (call,) = asked.calls
    assert call.json()["tools"][0]["parameters"] == CAR


def test_a_message_with_such_a_tool(front: Gateway, key: str, asked: Upstream) -> None:
    with Anthropic(base_url=front.url, api_key=key) as client:
        client.messages.create(
            model="claude",
            max_tokens=9,
            messages=cast(
                Any,
                [
                    {"role": "user", "content": "order a car"},
                    {
                        "role": "assistant",
                        "content": [{"type": "tool_use", "id": "t1", "name": "order", "input": ARGUMENTS}],
                    },
                    {
                        "role": "user",
                        "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "ordered"}],
                    },
                ],
            ),
            tools=cast(Any, [{"name": "order", "input_schema": CAR, "input_examples": [ARGUMENTS]}]),
        )
    (call,) = asked.calls
    assert call.json()["tools"][0] == {"name": "order", "input_schema": CAR, "input_examples": [ARGUMENTS]}


def test_content_with_such_a_tool(front: Gateway, key: str, asked: Upstream) -> None:
    options = types.HttpOptions(base_url=front.url, api_version="v1beta")
    order = types.FunctionDeclaration(name="order", parameters_json_schema=CAR)
    said = types.Content(role="model", parts=[types.Part.from_function_call(name="order", args=ARGUMENTS)])
    given = types.Part.from_function_response(name="order", response={"model": "Beetle"})
    with genai.Client(api_key=key, http_options=options) as client:
        client.models.generate_content(
            model="gemini",
            contents=cast(Any, ["order a car", said, types.Content(role="user", parts=[given])]),
            config=types.GenerateContentConfig(
                tools=[types.Tool(function_declarations=[order])],
                response_mime_type="application/json",
                response_json_schema=CAR,
            ),
        )
    (call,) = asked.calls
    assert call.json()["contents"][1]["parts"][0]["functionCall"]["args"] == ARGUMENTS


@pytest.mark.parametrize("further", FURTHER, ids=str)
def test_a_further_model_that_is_not_judged_is_a_bad_request(
    openai_client: OpenAI, asked: Upstream, further: dict[str, Any]
) -> None:
    with pytest.raises(openai.BadRequestError, match=r"may not be sent|names no model"):
        openai_client.chat.completions.create(
            model="gpt", messages=[{"role": "user", "content": "hello"}], extra_body=further
        )
    assert asked.calls == []


def test_a_further_model_of_a_provider_is_judged(openai_client: OpenAI, asked: Upstream) -> None:
    def ask(model: str) -> None:
        tool = {"type": "openrouter:advisor", "parameters": {"model": model}}
        openai_client.chat.completions.create(model="gpt", messages=[], tools=cast(Any, [tool]))

    with pytest.raises(openai.PermissionDeniedError):
        ask(FORBIDDEN)
    assert asked.calls == []
    ask("painter")
    (call,) = asked.calls
    assert call.json()["tools"] == [{"type": "openrouter:advisor", "parameters": {"model": "real-painter"}}]


def test_a_further_model_in_a_message_batch_is_a_bad_request(front: Gateway, key: str, asked: Upstream) -> None:
    params = {"model": "claude", "max_tokens": 9, "messages": [], "x": {"base_model": FORBIDDEN}}
    with Anthropic(base_url=front.url, api_key=key) as client, pytest.raises(anthropic.BadRequestError):
        client.messages.batches.create(requests=cast(Any, [{"custom_id": "1", "params": params}]))
    assert asked.calls == []


def test_a_further_model_in_a_form_is_a_bad_request(openai_client: OpenAI, asked: Upstream) -> None:
    for further in ({"x": {"base_model": FORBIDDEN}}, {"x": f'{{"base_model": "{FORBIDDEN}"}}'}):
        with pytest.raises(openai.BadRequestError, match="may not be sent"):
            openai_client.images.edit(model="painter", image=b"\x89PNG", prompt="x", extra_body=further)
    assert asked.calls == []
