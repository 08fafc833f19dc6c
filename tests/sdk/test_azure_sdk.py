"""The official `AzureOpenAI` client: it names the model in the path, and often in the body too."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import openai
import pytest
from openai import AzureOpenAI
from openai.types.chat import ChatCompletionUserMessageParam

from harness.gateway import Gateway
from harness.provider_openai import SOUND
from harness.provider_replies import TEXT
from harness.upstream import Upstream
from sdk.fronted import FORBIDDEN
from sdk.refusals import assert_refused_once

NewAzure = Callable[..., AzureOpenAI]

_HELLO: list[ChatCompletionUserMessageParam] = [{"role": "user", "content": "hello"}]


@pytest.fixture
def azure(front: Gateway, key: str) -> Iterator[NewAzure]:
    """A client, of one deployment where that is given; all are closed at the end."""

    def new(deployment: str | None = None) -> AzureOpenAI:
        client = AzureOpenAI(
            azure_endpoint=front.url, api_key=key, api_version="2024-10-21", azure_deployment=deployment
        )
        return stack.enter_context(client)

    with ExitStack() as stack:
        yield new


def test_a_deployment_answers_at_the_providers_own_place(azure: NewAzure, asked: Upstream) -> None:
    answer = azure().chat.completions.create(model="azure-gpt", messages=_HELLO)
    assert answer.choices[0].message.content == TEXT
    (call,) = asked.calls
    assert call.path == "/openai/deployments/real-azure/chat/completions?api-version=2025-01-01-preview"
    assert call.headers["api-key"] == "provider-secret"
    assert "authorization" not in call.headers


def test_a_deployment_whose_name_holds_a_slash_answers(azure: NewAzure, asked: Upstream) -> None:
    assert azure().chat.completions.create(model="team/azure-gpt", messages=_HELLO).choices
    assert asked.calls[0].path.startswith("/openai/deployments/real-team/chat/completions?")


def test_a_client_of_one_deployment_answers(azure: NewAzure, asked: Upstream) -> None:
    answer = azure("azure-gpt").chat.completions.create(model="azure-gpt", messages=_HELLO)
    assert answer.choices[0].message.content == TEXT
    assert asked.calls[0].path.startswith("/openai/deployments/real-azure/")


def test_another_vendors_model_is_asked_in_its_own_way(azure: NewAzure, asked: Upstream) -> None:
    assert azure().embeddings.create(model="gpt", input="hello").data
    assert (asked.calls[0].path, asked.calls[0].json()["model"]) == ("/v1/embeddings", "real-gpt")


def test_speech_and_images_answer_by_deployment(azure: NewAzure, asked: Upstream) -> None:
    assert azure().audio.speech.create(model="azure-gpt", voice="alloy", input="hello").read() == SOUND
    assert azure().images.generate(model="azure-gpt", prompt="a house").data
    assert [call.path.split("/")[3] for call in asked.calls] == ["real-azure", "real-azure"]


def test_a_file_is_transcribed_by_deployment(azure: NewAzure, asked: Upstream) -> None:
    spoken = ("speech.mp3", b"ID3 a question", "audio/mpeg")
    assert azure("azure-gpt").audio.transcriptions.create(model="azure-gpt", file=spoken).text == TEXT
    assert asked.calls[0].path.startswith("/openai/deployments/real-azure/audio/transcriptions?")


def test_responses_have_no_place_for_each_deployment(azure: NewAzure, asked: Upstream) -> None:
    assert azure().responses.create(model="azure-gpt", input="hello").output_text == TEXT
    (call,) = asked.calls
    assert call.path == "/openai/responses?api-version=2025-01-01-preview"
    assert call.json()["model"] == "real-azure"


@pytest.mark.parametrize("deployment", [None, FORBIDDEN])
def test_a_forbidden_deployment_is_a_permission_error(
    deployment: str | None, azure: NewAzure, front: Gateway, key: str, asked: Upstream
) -> None:
    with pytest.raises(openai.PermissionDeniedError) as caught:
        azure(deployment).chat.completions.create(model=FORBIDDEN, messages=_HELLO)
    assert_refused_once(front, key, str(caught.value))
    assert asked.calls == []


def test_a_forbidden_model_in_the_body_is_refused_before_the_difference(azure: NewAzure, asked: Upstream) -> None:
    with pytest.raises(openai.PermissionDeniedError):
        azure("azure-gpt").chat.completions.create(model=FORBIDDEN, messages=_HELLO)
    assert asked.calls == []


def test_two_allowed_models_that_differ_are_a_bad_request(azure: NewAzure, asked: Upstream) -> None:
    with pytest.raises(openai.BadRequestError):
        azure("azure-gpt").chat.completions.create(model="gpt", messages=_HELLO)
    assert asked.calls == []
