"""What the official `openai` SDK raises when a call is refused, endpoint by endpoint (E1, E3)."""

from collections.abc import Callable

import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from harness.gateway import Gateway
from harness.upstream import Upstream
from sdk.fronted import FORBIDDEN
from sdk.refusals import assert_refused_once
from sdk.test_openai_endpoints import PICTURE, SPOKEN

Ask = Callable[[OpenAI], object]

ENDPOINTS: dict[str, Ask] = {
    "chat": lambda client: client.chat.completions.create(
        model=FORBIDDEN, messages=[{"role": "user", "content": "hello"}]
    ),
    "chat stream": lambda client: client.chat.completions.create(
        model=FORBIDDEN, messages=[{"role": "user", "content": "hello"}], stream=True
    ),
    "completions": lambda client: client.completions.create(model=FORBIDDEN, prompt="hello"),
    "embeddings": lambda client: client.embeddings.create(model=FORBIDDEN, input="hello"),
    "moderations": lambda client: client.moderations.create(model=FORBIDDEN, input="hello"),
    "images": lambda client: client.images.generate(model=FORBIDDEN, prompt="a house"),
    "image edits": lambda client: client.images.edit(model=FORBIDDEN, image=PICTURE, prompt="a door"),
    "speech": lambda client: client.audio.speech.create(model=FORBIDDEN, voice="alloy", input="hello"),
    "transcriptions": lambda client: client.audio.transcriptions.create(model=FORBIDDEN, file=SPOKEN),
    "responses": lambda client: client.responses.create(model=FORBIDDEN, input="hello"),
    "responses stream": lambda client: client.responses.create(model=FORBIDDEN, input="hello", stream=True),
    "a tool's model": lambda client: client.responses.create(
        model="gpt", input="hello", tools=[{"type": "image_generation", "model": FORBIDDEN}]
    ),
    "a fallback": lambda client: client.chat.completions.create(
        model="gpt", messages=[{"role": "user", "content": "hello"}], extra_body={"fallbacks": [FORBIDDEN]}
    ),
    "a client secret": lambda client: client.realtime.client_secrets.create(
        session={"type": "realtime", "model": FORBIDDEN}
    ),
}


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_forbidden_model_is_a_permission_error(
    endpoint: str, openai_client: OpenAI, front: Gateway, key: str, asked: Upstream
) -> None:
    with pytest.raises(openai.PermissionDeniedError) as caught:
        ENDPOINTS[endpoint](openai_client)
    assert_refused_once(front, key, str(caught.value))
    assert caught.value.request_id
    assert caught.value.request_id in str(caught.value)
    assert (caught.value.type, caught.value.param) == ("key_model_access_denied", "model")
    assert asked.calls == []


async def test_the_async_client_raises_the_same(front: Gateway, key: str, asked: Upstream) -> None:
    async with AsyncOpenAI(base_url=f"{front.url}/v1", api_key=key) as client:
        with pytest.raises(openai.PermissionDeniedError) as caught:
            await client.responses.create(model=FORBIDDEN, input="hello")
    assert_refused_once(front, key, str(caught.value))
    assert asked.calls == []


def test_a_teams_refusal_names_the_team_as_the_layer(front: Gateway) -> None:
    team = front.manage("/team/new", {"models": ["gpt"]})["team_id"]
    key = front.new_key(team_id=team)
    with (
        OpenAI(base_url=f"{front.url}/v1", api_key=key) as client,
        pytest.raises(openai.PermissionDeniedError) as caught,
    ):
        client.embeddings.create(model=FORBIDDEN, input="hello")
    assert caught.value.type == "team_model_access_denied"
    assert_refused_once(front, key, str(caught.value), layer="the team of this caller")


def test_an_unknown_key_is_an_authentication_error(front: Gateway, asked: Upstream) -> None:
    with (
        OpenAI(base_url=f"{front.url}/v1", api_key="sk-nobody") as client,
        pytest.raises(openai.AuthenticationError) as caught,
    ):
        client.responses.create(model="gpt", input="hello")
    assert caught.value.type == "token_not_found_in_db"
    assert asked.calls == []


def test_a_field_that_redirects_is_a_bad_request(openai_client: OpenAI, asked: Upstream) -> None:
    with pytest.raises(openai.BadRequestError, match="api_base"):
        openai_client.responses.create(model="gpt", input="hello", extra_body={"api_base": "http://elsewhere"})
    assert asked.calls == []


def test_models_of_two_accounts_in_one_call_are_a_bad_request(openai_client: OpenAI, asked: Upstream) -> None:
    with pytest.raises(openai.BadRequestError, match="one provider account") as caught:
        openai_client.responses.create(
            model="gpt", input="hello", tools=[{"type": "image_generation", "model": "of-another-account"}]
        )
    assert (caught.value.code, caught.value.type) == ("models_apart", "invalid_request_error")
    assert asked.calls == []


def test_an_endpoint_that_is_not_served_is_not_found(openai_client: OpenAI, asked: Upstream) -> None:
    with pytest.raises(openai.NotFoundError):
        openai_client.beta.chatkit.sessions.create(user="u", workflow={"id": "wf_1"})
    assert asked.calls == []
