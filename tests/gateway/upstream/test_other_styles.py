"""Which styles of calls a provider answers, what it demands, and what a client is told where it answers none."""

import orjson
import pytest

from gateway.upstream.serving import deployment
from modelward.contract import Deployment
from modelward.errors import OtherStyle, ServedElsewhere, Unusable
from modelward.gateway.headers import to_upstream
from modelward.gateway.routes import UpstreamCall
from modelward.gateway.upstream.failures import APART, OTHER_STYLE, UNUSABLE, failure_of
from modelward.gateway.upstream.providers import check, endpoint
from modelward.providers import Dialect

_PATHS: dict[Dialect, str] = {
    "openai": "responses",
    "anthropic": "messages",
    "google": "models/{model}:generateContent",
    "bedrock": "model/{model}/converse",
}


def _url(asked: Deployment, dialect: Dialect) -> str:
    return endpoint(asked, "m", UpstreamCall(dialect, _PATHS[dialect])).url


@pytest.mark.parametrize(
    ("provider", "api_base", "dialect"),
    [
        ("openai", None, "anthropic"),
        ("openai", "https://api.openai.com/v1", "anthropic"),
        ("openai", "https://api.openai.com/v1/", "google"),
        ("mistral", None, "google"),
        ("azure", "https://host", "anthropic"),
        ("bedrock", "https://host", "anthropic"),
        ("vertex_ai", "https://host", "bedrock"),
        ("watsonx", "https://host", "openai"),
        ("hosted_vllm", None, "anthropic"),
        ("of_our_own", None, "anthropic"),
    ],
)
def test_a_style_that_a_provider_does_not_answer_is_told(provider: str, api_base: str | None, dialect: Dialect) -> None:
    with pytest.raises(OtherStyle):
        _url(deployment(api_base, provider=provider), dialect)


@pytest.mark.parametrize(
    ("provider", "api_base", "dialect", "url"),
    [
        ("openai", "http://host/v1", "anthropic", "http://host/v1/messages"),
        ("hosted_vllm", "http://host/v1", "anthropic", "http://host/v1/messages"),
        ("of_our_own", "http://host", "google", "http://host/models/m:generateContent"),
        ("anthropic", None, "anthropic", "https://api.anthropic.com/v1/messages"),
        ("bedrock", "http://host", "openai", "http://host/openai/v1/responses"),
        ("bedrock", "http://host", "bedrock", "http://host/model/m/converse"),
        ("vertex_ai", "http://host", "google", "http://host/publishers/google/models/m:generateContent"),
    ],
)
def test_an_address_of_ones_own_may_answer_any_style(
    provider: str, api_base: str | None, dialect: Dialect, url: str
) -> None:
    assert _url(deployment(api_base, provider=provider), dialect) == url


@pytest.mark.parametrize(
    ("provider", "example"),
    [
        ("bedrock", "`https://bedrock-runtime.REGION.amazonaws.com`"),
        ("vertex_ai", "`https://REGION-aiplatform.googleapis.com/v1/projects/PROJECT/locations/REGION`"),
        ("azure", "`https://NAME.openai.azure.com`"),
    ],
)
def test_an_address_that_is_missing_is_told_with_what_to_write(provider: str, example: str) -> None:
    (message,) = check([deployment(entry="mine", provider=provider)])
    needs = f"`mine`: provider `{provider}` needs an `api_base` such as {example}"
    assert message == f"{needs}; set it in `litellm_params`"


def test_anthropic_is_sent_a_version_in_its_own_style_alone() -> None:
    asked = deployment(provider="anthropic")
    assert endpoint(asked, "m", UpstreamCall("anthropic", "messages")).defaults == (
        (b"anthropic-version", b"2023-06-01"),
    )
    assert endpoint(asked, "m", UpstreamCall("openai", "chat/completions")).defaults == ()


def test_a_default_header_gives_way_to_the_clients() -> None:
    defaults = [(b"anthropic-version", b"2023-06-01")]
    sent = to_upstream([(b"Anthropic-Version", b"2024-01-01")], (), b"", defaults)
    assert [value for name, value in sent if name.lower() == "anthropic-version"] == ["2024-01-01"]
    assert ("anthropic-version", "2023-06-01") in to_upstream([], (), b"", defaults)


def test_each_reason_why_none_can_be_called_has_its_failure() -> None:
    assert failure_of(OtherStyle("x")) is OTHER_STYLE
    assert failure_of(ServedElsewhere("x")) is APART
    assert failure_of(Unusable("x")) is UNUSABLE


def test_what_the_client_can_mend_is_an_invalid_request() -> None:
    for failure in (OTHER_STYLE, APART):
        error = orjson.loads(failure.body("m", "d1"))["error"]
        assert (failure.status, error["type"], error["code"]) == (400, "invalid_request_error", failure.code)
        assert "`m`" in error["message"]
