"""At Vertex AI, publisher and model together are the model: only the deployment's own publisher is called."""

import pytest

from gateway.upstream.serving import deployment
from modelward.contract.deployment import publisher_and_model
from modelward.errors import OtherStyle
from modelward.gateway.routes import UpstreamCall
from modelward.gateway.upstream.providers import endpoint

CALL = UpstreamCall("vertex", "publishers/{publisher}/models/{model}:rawPredict")

OWN = [
    ("gemini-2.5-pro", "google", "gemini-2.5-pro"),
    ("text-embedding-005", "google", "text-embedding-005"),
    ("claude-sonnet-4@20250514", "anthropic", "claude-sonnet-4@20250514"),
    ("mistral-large@2411", "mistralai", "mistral-large@2411"),
    ("codestral@2405", "mistralai", "codestral@2405"),
    ("llama-3.1-405b-instruct-maas", "meta", "llama-3.1-405b-instruct-maas"),
    ("meta/llama-3.1-405b-instruct-maas", "meta", "llama-3.1-405b-instruct-maas"),
    ("deepseek-ai/deepseek-r1-0528-maas", "deepseek-ai", "deepseek-r1-0528-maas"),
    ("publishers/anthropic/models/claude-x", "anthropic", "claude-x"),
    ("llama3-8b", "meta", "llama3-8b"),
    ("metamodel", "google", "metamodel"),
    ("claudette", "google", "claudette"),
]


@pytest.mark.parametrize(("name", "publisher", "model"), OWN)
def test_a_name_tells_its_publisher(name: str, publisher: str, model: str) -> None:
    assert publisher_and_model(name) == (publisher, model)


@pytest.mark.parametrize(("name", "publisher", "model"), OWN)
def test_a_model_is_called_at_its_publisher(name: str, publisher: str, model: str) -> None:
    asked = deployment("https://host", provider="vertex_ai")
    url = endpoint(asked, name, CALL, {"publisher": publisher, "project": "p", "location": "l"}).url
    assert url == f"https://host/publishers/{publisher}/models/{model.replace('@', '%40')}:rawPredict"


OTHERS = [
    "anthropic",
    "Google",
    "google ",
    "",
    ".",
    "..",
    "google/models/x/publishers/a",
    "google\n",
    "google\0",
    "%67",
]


@pytest.mark.parametrize("publisher", OTHERS)
def test_another_publisher_than_the_models_is_refused(publisher: str) -> None:
    asked = deployment("https://host", provider="vertex_ai")
    with pytest.raises(OtherStyle, match="publisher"):
        endpoint(asked, "gemini-2.5-pro", CALL, {"publisher": publisher})
