"""The official `openai` SDK against the sample: answers, and refusals as the SDK's own errors (E1)."""

import openai
import pytest
from openai import AsyncOpenAI, AzureOpenAI, OpenAI
from openai.types.chat import ChatCompletionUserMessageParam

from harness.gateway import Gateway
from sdk.conftest import NewClient

_HELLO: list[ChatCompletionUserMessageParam] = [{"role": "user", "content": "hello"}]


def test_an_allowed_model_answers(client: OpenAI) -> None:
    answer = client.chat.completions.create(model="gpt-4", messages=_HELLO)
    assert answer.choices[0].message.content
    assert answer.model == "gpt-4"


def test_a_stream_comes_in_chunks_and_ends_whole(client: OpenAI) -> None:
    with client.chat.completions.create(model="gpt-4", messages=_HELLO, stream=True) as stream:
        chunks = list(stream)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_a_stream_reports_usage_when_asked(client: OpenAI) -> None:
    options: openai.types.chat.ChatCompletionStreamOptionsParam = {"include_usage": True}
    with client.chat.completions.create(model="gpt-4", messages=_HELLO, stream=True, stream_options=options) as stream:
        last = list(stream)[-1]
    assert last.usage is not None
    assert last.usage.total_tokens > 0


def test_text_completions_answer(client: OpenAI) -> None:
    assert client.completions.create(model="gpt-4", prompt="hello").choices[0].text


def test_embeddings_answer_one_vector_for_each_input(client: OpenAI) -> None:
    answer = client.embeddings.create(model="gpt-4", input=["one", "two"])
    assert [each.index for each in answer.data] == [0, 1]
    assert all(isinstance(value, float) for value in answer.data[0].embedding)


def test_models_list_holds_what_the_key_may_call(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["gpt-4"]


def test_a_listed_model_can_be_retrieved(client: OpenAI) -> None:
    assert client.models.retrieve("gpt-4").id == "gpt-4"


async def test_the_async_client_answers(sample: Gateway) -> None:
    async with AsyncOpenAI(base_url=f"{sample.url}/v1", api_key=sample.new_key(models=["gpt-4"])) as client:
        answer = await client.chat.completions.create(model="gpt-4", messages=_HELLO)
    assert answer.choices[0].message.content


async def test_the_async_client_streams(sample: Gateway) -> None:
    client = AsyncOpenAI(base_url=f"{sample.url}/v1", api_key=sample.new_key(models=["gpt-4"]))
    async with client, await client.chat.completions.create(model="gpt-4", messages=_HELLO, stream=True) as stream:
        texts = [chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices]
    assert "".join(texts)


def test_the_azure_client_names_the_model_in_the_path(sample: Gateway) -> None:
    key = sample.new_key(models=["gpt-4"])
    with AzureOpenAI(azure_endpoint=sample.url, api_key=key, api_version="2024-10-21") as client:
        assert client.chat.completions.create(model="gpt-4", messages=_HELLO).choices[0].message.content
        with pytest.raises(openai.PermissionDeniedError):
            client.chat.completions.create(model="gpt-4o", messages=_HELLO)


def test_the_azure_client_is_refused_when_path_and_body_differ(sample: Gateway) -> None:
    key = sample.new_key(models=["gpt-4", "gpt-4o"])
    with (
        AzureOpenAI(
            azure_endpoint=sample.url, api_key=key, api_version="2024-10-21", azure_deployment="gpt-4"
        ) as client,
        pytest.raises(openai.BadRequestError),
    ):
        client.chat.completions.create(model="gpt-4o", messages=_HELLO)


def test_an_unknown_key_is_an_authentication_error(client_of: NewClient) -> None:
    with pytest.raises(openai.AuthenticationError) as caught:
        client_of("sk-nobody-knows-this-key").chat.completions.create(model="gpt-4", messages=_HELLO)
    assert caught.value.type == "token_not_found_in_db"
    assert "sk-nobody-knows-this-key" not in str(caught.value)


def test_a_forbidden_model_is_a_permission_error_that_names_it(client: OpenAI) -> None:
    with pytest.raises(openai.PermissionDeniedError) as caught:
        client.chat.completions.create(model="gpt-4o", messages=_HELLO)
    assert caught.value.type == "key_model_access_denied"
    assert caught.value.param == "model"
    assert "gpt-4o" in caught.value.message
    assert "GET /v1/models" in caught.value.message


def test_a_forbidden_stream_is_a_permission_error_before_it_begins(client: OpenAI) -> None:
    with pytest.raises(openai.PermissionDeniedError):
        client.chat.completions.create(model="gpt-4o", messages=_HELLO, stream=True)


def test_a_refusal_names_no_other_model(client: OpenAI) -> None:
    with pytest.raises(openai.PermissionDeniedError) as caught:
        client.chat.completions.create(model="fireworks-llama-v3-70b-instruct", messages=_HELLO)
    assert "gpt-4" not in caught.value.message


def test_a_refusal_carries_the_decision_id(client: OpenAI) -> None:
    with pytest.raises(openai.PermissionDeniedError) as caught:
        client.chat.completions.create(model="gpt-4o", messages=_HELLO)
    assert caught.value.request_id
    assert caught.value.request_id in str(caught.value)
    assert caught.value.response.headers["x-modelward-decision-id"] == caught.value.request_id


def test_an_answer_carries_its_decision_id(client: OpenAI) -> None:
    answer = client.chat.completions.with_raw_response.create(model="gpt-4", messages=_HELLO)
    assert answer.headers["x-modelward-decision-id"] == answer.request_id


def test_an_unknown_model_is_a_bad_request(free_client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        free_client.chat.completions.create(model="ghost", messages=_HELLO)
    assert caught.value.code == "model_not_found"


def test_an_unknown_model_reads_like_a_forbidden_one(client: OpenAI) -> None:
    with pytest.raises(openai.PermissionDeniedError) as caught:
        client.chat.completions.create(model="ghost", messages=_HELLO)
    assert caught.value.type == "key_model_access_denied"


def test_a_model_that_is_not_visible_cannot_be_retrieved(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-4o")


def test_hidden_and_absent_models_are_not_found_alike(client: OpenAI) -> None:
    texts = []
    for model in ("gpt-4o", "ghost"):
        with pytest.raises(openai.NotFoundError) as caught:
            client.models.retrieve(model)
        texts.append(caught.value.message.replace(model, "MODEL").replace(caught.value.request_id or "", "ID"))
    assert texts[0] == texts[1]


def test_an_unknown_route_is_not_found(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        client.post("/nothing/here", cast_to=object, body={"model": "gpt-4"})
