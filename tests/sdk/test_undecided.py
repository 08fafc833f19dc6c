"""Where no decision can be had, the official SDKs raise at once and ask no second time (E4)."""

from collections.abc import Iterator

import anthropic
import openai
import pytest
from anthropic import Anthropic
from google import genai
from google.genai import errors, types
from openai import OpenAI

from harness.bundles import POLICIES, write_bundle
from harness.gateway import Gateway
from harness.opa import opa_server
from harness.upstream import Upstream
from sdk.fronted import ALLOWED, decisions, fronted, write_config

Undecided = tuple[Gateway, str]


@pytest.fixture(scope="module")
def undecided(running_provider: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undecided]:
    """A Modelward whose OPA is gone, and a key."""
    folder = tmp_path_factory.mktemp("undecided")
    write_bundle(write_config(running_provider, folder), folder / "bundle")
    with (
        opa_server([POLICIES, folder / "bundle"], folder) as opa,
        fronted(running_provider, folder, opa_url=opa.url) as running,
    ):
        key = running.new_key(models=ALLOWED)
        opa.process.stop()
        yield running, key


def times_asked(undecided: Undecided, path: str) -> int:
    """How often the path was asked for."""
    return [each["path"] for each in decisions(*undecided)].count(path)


def test_openais_sdk_raises_its_error_of_the_server(undecided: Undecided, asked: Upstream) -> None:
    front, key = undecided
    with (
        OpenAI(base_url=f"{front.url}/v1", api_key=key) as client,
        pytest.raises(openai.InternalServerError) as caught,
    ):
        client.responses.create(model="gpt", input="hello")
    assert (caught.value.status_code, times_asked(undecided, "/v1/responses")) == (503, 1)
    assert asked.calls == []


def test_anthropics_sdk_raises_its_error_of_the_server(undecided: Undecided, asked: Upstream) -> None:
    front, key = undecided
    with (
        Anthropic(base_url=front.url, api_key=key) as client,
        pytest.raises(anthropic.InternalServerError) as caught,
    ):
        client.messages.create(model="claude", max_tokens=9, messages=[{"role": "user", "content": "hello"}])
    assert (caught.value.status_code, times_asked(undecided, "/v1/messages")) == (503, 1)
    assert asked.calls == []


def test_googles_sdk_raises_its_error_of_the_server(undecided: Undecided, asked: Upstream) -> None:
    front, key = undecided
    options = types.HttpOptions(base_url=front.url, api_version="v1beta")
    with genai.Client(api_key=key, http_options=options) as client, pytest.raises(errors.ServerError) as caught:
        client.models.generate_content(model="gemini", contents="hello")
    asked_for = "/v1beta/models/gemini:generateContent"
    assert (caught.value.code, times_asked(undecided, asked_for)) == (503, 1)
    assert asked.calls == []
