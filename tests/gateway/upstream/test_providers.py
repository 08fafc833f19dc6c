"""Addresses and keys of providers."""

import pytest

from gateway.upstream.serving import deployment
from modelward.errors import Unusable
from modelward.gateway.routes import UpstreamCall
from modelward.gateway.upstream.providers import check, endpoint
from modelward.providers import providers

CHAT = UpstreamCall("openai", "chat/completions", per_deployment=True)
EMBEDDINGS = UpstreamCall("openai", "embeddings", per_deployment=True)
RESPONSE = UpstreamCall("openai", "responses/{response_id}")
MESSAGES = UpstreamCall("anthropic", "messages")
GEMINI = UpstreamCall("google", "models/{model}:generateContent")
VERTEX = UpstreamCall("vertex", "publishers/{publisher}/models/{model}:predict")
BEDROCK = UpstreamCall("bedrock", "model/{model}/invoke")
WATSONX = UpstreamCall("watsonx", "ml/v1/text/chat")

ADDRESSES = {
    "openai": "https://api.openai.com/v1/chat/completions",
    "anthropic": "https://api.anthropic.com/v1/chat/completions",
    "gemini": "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
    "mistral": "https://api.mistral.ai/v1/chat/completions",
    "groq": "https://api.groq.com/openai/v1/chat/completions",
    "fireworks_ai": "https://api.fireworks.ai/inference/v1/chat/completions",
    "together_ai": "https://api.together.xyz/v1/chat/completions",
    "deepseek": "https://api.deepseek.com/v1/chat/completions",
    "openrouter": "https://openrouter.ai/api/v1/chat/completions",
    "xai": "https://api.x.ai/v1/chat/completions",
    "perplexity": "https://api.perplexity.ai/chat/completions",
    "ollama": "http://localhost:11434/v1/chat/completions",
}


@pytest.mark.parametrize(("provider", "url"), ADDRESSES.items())
def test_a_provider_has_its_own_address(provider: str, url: str) -> None:
    assert endpoint(deployment(provider=provider), "m", CHAT).url == url


@pytest.mark.parametrize(
    ("provider", "api_base", "url"),
    [
        ("openai", "http://host:8000/v1", "http://host:8000/v1/embeddings"),
        ("openai", "http://host/v1/", "http://host/v1/embeddings"),
        ("hosted_vllm", "http://host/v1", "http://host/v1/embeddings"),
        ("ollama", "http://host:11434", "http://host:11434/v1/embeddings"),
        ("ollama", "http://host:11434/v1", "http://host:11434/v1/embeddings"),
        ("of_our_own", "https://host/llm", "https://host/llm/embeddings"),
        ("azure", "https://host", "https://host/openai/deployments/m/embeddings?api-version=2024-10-21"),
    ],
)
def test_an_api_base_takes_the_place_of_the_providers_address(provider: str, api_base: str, url: str) -> None:
    assert endpoint(deployment(api_base, provider=provider), "m", EMBEDDINGS).url == url


def test_the_table_holds_only_plain_addresses() -> None:
    assert (
        check(deployment(entry=name, provider=name) for name, row in providers().spoken.items() if row.api_base) == []
    )


@pytest.mark.parametrize("provider", ["azure", "hosted_vllm", "bedrock", ""])
def test_a_provider_without_an_address_is_a_problem_that_says_what_to_set(provider: str) -> None:
    (message,) = check([deployment(entry="my-model", provider=provider)])
    assert message.startswith(f"`my-model`: provider `{provider}` ")
    assert message.endswith("set it in `litellm_params`")


@pytest.mark.parametrize(
    "api_base",
    ["ftp://h/v1", "h/v1", "http://", "http://h/v1?key=1", "http://u:p@h", "http://h/ v1", "http://[", "//h"],
)
def test_an_address_that_is_none_is_a_problem_that_does_not_repeat_it(api_base: str) -> None:
    (message,) = check([deployment(api_base)])
    assert message.startswith("`gpt-4o`: `api_base` must be ")
    assert api_base not in message


@pytest.mark.parametrize("key", ["sk-1\n", "sk-1\r\nx: y", "sk-é", "sk-\x00"])
def test_a_key_that_no_header_can_carry_is_a_problem_that_does_not_repeat_it(key: str) -> None:
    (message,) = check([deployment(api_key=key)])
    assert message.startswith("`gpt-4o`: `api_key` holds a character")
    assert key not in message


@pytest.mark.parametrize(("entry", "model"), [("gpt", "*"), ("my/*", "*-*")])
def test_a_star_that_nothing_fills_is_a_problem(entry: str, model: str) -> None:
    (message,) = check([deployment(entry=entry, model=model)])
    assert message.startswith(f"`{entry}`: the upstream model holds more `*`")


def test_a_deployment_that_answers_offline_needs_no_address() -> None:
    assert check([deployment(provider="bedrock", mock_response="hello")]) == []


def test_each_problem_is_told_once_in_order() -> None:
    twice = [deployment(entry=entry, provider="azure") for entry in ("b", "a", "b")]
    assert [message.partition(":")[0] for message in check(twice)] == ["`a`", "`b`"]


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_would_leave_its_place_in_a_path_is_refused(name: str) -> None:
    with pytest.raises(Unusable, match="cannot be part of an address"):
        endpoint(deployment("https://host", provider="azure"), name, CHAT)


def test_no_secret_shows_in_the_repr_of_an_endpoint() -> None:
    assert "sk-upstream-secret" not in repr(endpoint(deployment(), "m", CHAT))


def test_a_deployment_without_a_key_sends_none() -> None:
    assert endpoint(deployment(api_key=None), "m", CHAT).credential == ()


STYLES = [
    ("azure", "https://host", RESPONSE, "https://host/openai/responses/r1?api-version=2024-10-21"),
    ("openai", None, RESPONSE, "https://api.openai.com/v1/responses/r1"),
    ("anthropic", None, MESSAGES, "https://api.anthropic.com/v1/messages"),
    ("anthropic", "https://host/v1", MESSAGES, "https://host/v1/messages"),
    ("gemini", None, GEMINI, "https://generativelanguage.googleapis.com/v1beta/models/m%2F1:generateContent"),
    ("gemini", "https://host/v1beta/openai", GEMINI, "https://host/v1beta/models/m%2F1:generateContent"),
    ("vertex_ai", "https://host/v1/p", VERTEX, "https://host/v1/p/publishers/m/models/1:predict"),
    ("bedrock", "https://host", BEDROCK, "https://host/model/m%2F1/invoke"),
    ("watsonx", "https://host", WATSONX, "https://host/ml/v1/text/chat"),
    ("of_our_own", "https://host/x", MESSAGES, "https://host/x/messages"),
]


@pytest.mark.parametrize(("provider", "api_base", "call", "url"), STYLES)
def test_a_call_of_each_style_has_its_address(
    provider: str, api_base: str | None, call: UpstreamCall, url: str
) -> None:
    variables = {"response_id": "r1", "publisher": "m"}
    assert endpoint(deployment(api_base, provider=provider), "m/1", call, variables).url == url


@pytest.mark.parametrize(("provider", "call"), [("openai", MESSAGES), ("mistral", GEMINI), ("anthropic", BEDROCK)])
def test_a_style_that_a_provider_does_not_speak_cannot_be_called(provider: str, call: UpstreamCall) -> None:
    with pytest.raises(Unusable, match=f"`{provider}` does not answer calls of {call.dialect}'s style"):
        endpoint(deployment(provider=provider), "m", call)


HEADERS = [
    ("openai", CHAT, (b"authorization", b"Bearer sk-upstream-secret")),
    ("azure", CHAT, (b"api-key", b"sk-upstream-secret")),
    ("anthropic", MESSAGES, (b"x-api-key", b"sk-upstream-secret")),
    ("anthropic", CHAT, (b"authorization", b"Bearer sk-upstream-secret")),
    ("gemini", GEMINI, (b"x-goog-api-key", b"sk-upstream-secret")),
    ("bedrock", BEDROCK, (b"authorization", b"Bearer sk-upstream-secret")),
]


@pytest.mark.parametrize(("provider", "call", "header"), HEADERS)
def test_the_key_travels_in_the_header_of_the_style(
    provider: str, call: UpstreamCall, header: tuple[bytes, bytes]
) -> None:
    assert endpoint(deployment("https://host", provider=provider), "m", call).credential == (header,)


IDS = [
    ("a/b", "a%2Fb"),
    ("a?x=1", "a%3Fx%3D1"),
    ("a#b", "a%23b"),
    ("{model}", "%7Bmodel%7D"),
    ("%2e", "%252e"),
    ("é", "%C3%A9"),
]


@pytest.mark.parametrize(("id_", "segment"), IDS)
def test_an_id_stays_one_segment(id_: str, segment: str) -> None:
    url = endpoint(deployment("https://host"), "m", RESPONSE, {"response_id": id_}).url
    assert url == f"https://host/responses/{segment}"


@pytest.mark.parametrize("id_", ["", ".", ".."])
def test_an_id_that_would_leave_its_place_is_refused(id_: str) -> None:
    with pytest.raises(Unusable, match="cannot be part of an address"):
        endpoint(deployment("https://host"), "m", RESPONSE, {"response_id": id_})


def test_what_travels_in_the_query_stands_before_the_version() -> None:
    query = [("after", "a b&c"), ("include[]", "x")]
    url = endpoint(deployment("https://host", provider="azure"), "m", EMBEDDINGS, query=query).url
    assert url.partition("?")[2] == "after=a+b%26c&include%5B%5D=x&api-version=2024-10-21"
