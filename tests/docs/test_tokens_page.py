"""The examples of the tokens page are whole configs, and decide what the page says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from docs.pages import blocks, page
from harness.gateway import Gateway, gateway
from harness.issuer import Issuer, issuer
from modelward.config import read

MASTER_KEY = "sk-master"
CONFIGS = dict(zip(("Azure AD", "Keycloak", "several issuers"), blocks("docs/tokens.md", "yaml"), strict=True))
CLAIMS: dict[str, Any] = dict(
    zip(("Azure AD", "Keycloak"), map(json.loads, blocks("docs/tokens.md", "json")), strict=True)
)
ENV = {
    "LITELLM_MASTER_KEY": MASTER_KEY,
    "ANTHROPIC_API_KEY": "anthropic-secret",
    "OPENAI_API_KEY": "openai-secret",
    "JWT_AUDIENCE": "modelward",
}


@pytest.fixture(scope="module")
def idp() -> Iterator[Issuer]:
    """The provider of the tokens."""
    with issuer() as running:
        yield running


@pytest.fixture(scope="module", params=list(CLAIMS))
def example(request: pytest.FixtureRequest) -> str:
    """The name of an example that has a token."""
    return str(request.param)


@pytest.fixture(scope="module")
def serving(example: str, idp: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A Modelward with the config of the example."""
    folder = tmp_path_factory.mktemp("example")
    config = folder / "config.yaml"
    config.write_text(CONFIGS[example])
    env = ENV | {"JWT_PUBLIC_KEY_URL": idp.url}
    with gateway(config, folder, master_key=MASTER_KEY, env=env) as running:
        yield running


def test_the_role_of_the_example_may_use_one_of_the_two_models(example: str, serving: Gateway, idp: Issuer) -> None:
    token = idp.token({**CLAIMS[example], "aud": "modelward"})
    listed = serving.call("GET", "/v1/models", key=token).json()["data"]
    assert [model["id"] for model in listed] == ["anthropic-claude"]
    assert serving.chat("openai-gpt-4o", key=token).status == 403


def test_another_role_may_use_nothing(example: str, serving: Gateway, idp: Issuer) -> None:
    claims = json.loads(json.dumps(CLAIMS[example]).replace("basic_user", "guest"))
    assert serving.chat("anthropic-claude", key=idp.token({**claims, "aud": "modelward"})).status == 403


def test_the_example_with_several_issuers_is_a_config_without_problems(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(CONFIGS["several issuers"])
    assert [issuer.name for issuer in read(config, ENV).issuers] == [
        "https://keycloak.example.com/realms/people",
        "https://workloads.example.com",
    ]


def test_the_walkthroughs_example_is_a_config_without_problems(tmp_path: Path) -> None:
    (example,) = blocks("docs/walkthrough.md", "yaml")
    whole = {**yaml.safe_load(example), "model_list": []}
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump(whole))
    assert read(config, ENV | {"JWT_PUBLIC_KEY_URL": "https://idp.example.com/jwks"}).tokens.enforce_roles


def test_every_variable_that_is_read_is_named() -> None:
    assert all(
        f"| `{name}` |" in page("docs/tokens.md") for name in ("JWT_PUBLIC_KEY_URL", "JWT_AUDIENCE", "JWT_ISSUER")
    )
