"""The official `google-genai` SDK on Gemini's endpoints, and the same calls for Vertex AI and Bedrock (E1)."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from google import genai
from google.genai import errors, types

from harness.gateway import Gateway
from harness.provider_replies import TEXT
from harness.upstream import Upstream
from sdk.fronted import FORBIDDEN
from sdk.refusals import assert_refused_once


@pytest.fixture
def client_of(front: Gateway) -> Callable[[str], genai.Client]:
    """A client with any credential. The SDK closes it with its transport."""
    return lambda key: genai.Client(
        api_key=key, http_options=types.HttpOptions(base_url=front.url, api_version="v1beta")
    )


@pytest.fixture
def client(client_of: Callable[[str], genai.Client], key: str) -> Iterator[genai.Client]:
    """A client whose key may use every model but `forbidden`."""
    with client_of(key) as running:
        yield running


def test_content_is_generated_and_the_model_stands_in_the_providers_path_alone(
    client: genai.Client, key: str, asked: Upstream
) -> None:
    assert client.models.generate_content(model="gemini", contents="hello").text == TEXT
    (call,) = asked.calls
    assert call.path == "/v1beta/models/real-gemini:generateContent"
    assert "model" not in call.json()
    assert call.headers["x-goog-api-key"] == "provider-secret"
    assert key not in str(call)


def test_a_stream_of_content_is_whole(client: genai.Client, asked: Upstream) -> None:
    parts = list(client.models.generate_content_stream(model="gemini", contents="hello"))
    assert [part.text for part in parts] == [TEXT, TEXT]
    assert asked.calls[0].path == "/v1beta/models/real-gemini:streamGenerateContent?alt=sse"


async def test_the_async_client_generates(front: Gateway, key: str) -> None:
    async with httpx.AsyncClient() as transport:  # the SDK's own aiohttp session warns
        options = types.HttpOptions(base_url=front.url, api_version="v1beta", httpx_async_client=transport)
        with genai.Client(api_key=key, http_options=options) as client:
            answer = await client.aio.models.generate_content(model="gemini", contents="hello")
    assert answer.text == TEXT


def test_tokens_are_counted(client: genai.Client) -> None:
    assert client.models.count_tokens(model="gemini", contents="hello").total_tokens == 7


def test_content_is_embedded_and_the_model_in_each_request_is_the_providers_own(
    client: genai.Client, asked: Upstream
) -> None:
    answer = client.models.embed_content(model="gemini", contents="hello")
    assert answer.embeddings
    assert answer.embeddings[0].values == [0.0, 1.0]
    assert [each["model"] for each in asked.calls[0].json()["requests"]] == ["models/real-gemini"]


def test_a_key_in_the_query_does_not_travel(front: Gateway, key: str, asked: Upstream) -> None:
    target = f"/v1beta/models/gemini:streamGenerateContent?alt=sse&key={key}"
    assert front.call("POST", target, content={"contents": []}).status == 200
    assert asked.calls[0].path == "/v1beta/models/real-gemini:streamGenerateContent?alt=sse"


def test_gemini_calls_reach_vertex_in_its_own_place(client: genai.Client, asked: Upstream) -> None:
    assert client.models.generate_content(model="vertex", contents="hello").text == TEXT
    (call,) = asked.calls
    assert call.path == "/v1/projects/p/locations/l/publishers/google/models/real-vertex:generateContent"
    assert call.headers["authorization"] == "Bearer provider-secret"


def test_vertex_calls_keep_their_publisher(front: Gateway, key: str, asked: Upstream) -> None:
    target = "/vertex_ai/v1/projects/mine/locations/here/publishers/google/models/vertex:generateContent"
    assert front.call("POST", target, key=key, content={"contents": []}).status == 200
    assert asked.calls[0].path == ("/v1/projects/p/locations/l/publishers/google/models/real-vertex:generateContent")


def test_bedrock_is_asked_with_its_own_id_as_one_segment(front: Gateway, key: str, asked: Upstream) -> None:
    answer = front.call("POST", "/bedrock/model/nova/converse", key=key, content={"messages": []})
    assert answer.json()["output"]["message"]["content"] == [{"text": TEXT}]
    (call,) = asked.calls
    assert call.path == "/model/arn:aws:bedrock:us-east-1:1:inference-profile%2Freal-nova/converse"
    assert call.headers["authorization"] == "Bearer provider-secret"
    assert "model" not in call.json()


@pytest.mark.parametrize("streams", [False, True])
def test_a_forbidden_model_is_a_client_error_of_403(
    streams: bool, client: genai.Client, front: Gateway, key: str, asked: Upstream
) -> None:
    with pytest.raises(errors.ClientError) as caught:
        if streams:
            list(client.models.generate_content_stream(model=FORBIDDEN, contents="hello"))
        else:
            client.models.generate_content(model=FORBIDDEN, contents="hello")
    assert (caught.value.code, caught.value.status) == (403, "PERMISSION_DENIED")
    assert_refused_once(front, key, str(caught.value))
    assert asked.calls == []


def test_an_unknown_key_is_a_client_error_of_401(client_of: Callable[[str], genai.Client]) -> None:
    with client_of("sk-nobody") as client, pytest.raises(errors.ClientError) as caught:
        client.models.generate_content(model="gemini", contents="hello")
    assert (caught.value.code, caught.value.status) == (401, "UNAUTHENTICATED")
    assert "sk-nobody" not in str(caught.value)


def test_an_endpoint_that_is_not_served_is_a_client_error_of_404(client: genai.Client, asked: Upstream) -> None:
    with pytest.raises(errors.ClientError) as caught:
        client.caches.create(model="gemini")
    assert (caught.value.code, caught.value.status) == (404, "NOT_FOUND")
    assert asked.calls == []


def test_another_model_in_the_body_is_a_client_error_of_400(front: Gateway, key: str, asked: Upstream) -> None:
    target = "/v1beta/models/gemini:generateContent"
    answer = httpx.post(
        f"{front.url}{target}", headers={"x-goog-api-key": key}, json={"model": "models/vertex", "contents": []}
    )
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert asked.calls == []


def test_a_model_that_does_not_speak_gemini_is_a_client_error_that_says_so(
    client: genai.Client, asked: Upstream
) -> None:
    with pytest.raises(errors.ClientError, match="`nova` does not answer on this endpoint") as caught:
        client.models.generate_content(model="nova", contents="hello")
    assert caught.value.code == 400
    assert asked.calls == []
