"""The deployments the service forwards to."""

from pathlib import Path
from typing import Any

import pytest

from compiler.configs import deployment, read_values
from modelward.compiler import deployments
from modelward.contract import Deployment


def deployments_of(folder: Path, *models: dict[str, Any], **sections: Any) -> tuple[Deployment, ...]:
    """The deployments of a config with these models."""
    return deployments(read_values(folder, {"model_list": list(models), **sections}, {"K": "sk-k", "L": "sk-l"}))


def served_by(folder: Path, **params: Any) -> Deployment:
    """The one deployment with these `litellm_params` and a key."""
    return deployments_of(folder, {"model_name": "a", "litellm_params": {"api_key": "os.environ/K", **params}})[0]


def test_every_setting_of_a_deployment_is_carried_over(tmp_path: Path) -> None:
    params = {
        "model": "azure/dep",
        "api_key": "os.environ/K",
        "api_base": "https://x.example",
        "api_version": "2024-02-01",
        "weight": 3,
        "organization": "org-1",
        "order": 2,
        "timeout": 5,
        "mock_response": "hi",
    }
    info = {"id": "d1", "access_groups": ["z", "b"], "team_id": "t", "team_public_model_name": "pub"}
    (found,) = deployments_of(tmp_path, {"model_name": "a", "litellm_params": params, "model_info": info})
    assert found == Deployment(
        id="d1",
        entry="pub",
        provider="azure",
        model="dep",
        api_key="sk-k",
        api_base="https://x.example",
        api_version="2024-02-01",
        mock_response="hi",
        organization="org-1",
        weight=3.0,
        order=2,
        timeout=5.0,
        groups=("b", "z"),
        team_id="t",
    )


@pytest.mark.parametrize(
    ("params", "provider", "model"),
    [
        ({"model": "openai/gpt-4"}, "openai", "gpt-4"),
        ({"model": "openai/*"}, "openai", "*"),
        ({"model": "fireworks_ai/accounts/f/models/m"}, "fireworks_ai", "accounts/f/models/m"),
        ({"model": "claude-opus-5"}, "anthropic", "claude-opus-5"),
        ({"model": "gemini-2.5-flash", "api_base": "https://x.example"}, "vertex_ai", "gemini-2.5-flash"),
        ({"model": "my-own", "api_base": "https://x.example"}, "openai", "my-own"),
        ({"model": "*", "api_base": "https://x.example"}, "openai", "*"),
        ({"model": "meta-llama/llama", "api_base": "https://x.example"}, "meta-llama", "llama"),
        ({"model": "openai/org/llama", "api_base": "https://x.example"}, "openai", "org/llama"),
        ({"model": "zai/glm-4.6", "api_base": "https://x.example"}, "zai", "glm-4.6"),
        ({"model": "x/y", "custom_llm_provider": "acme", "api_base": "https://x.example"}, "acme", "x/y"),
        ({"model": "anthropicc/a", "mock_response": "hi"}, "anthropicc", "a"),
        ({"model": "meta/llama", "custom_llm_provider": "groq"}, "groq", "meta/llama"),
        ({"model": "groq/llama", "custom_llm_provider": "groq"}, "groq", "llama"),
    ],
)
def test_the_provider_is_told_by_the_model_s_name(
    tmp_path: Path, params: dict[str, Any], provider: str, model: str
) -> None:
    found = served_by(tmp_path, **params)
    assert (found.provider, found.model) == (provider, model)


def test_base_url_is_another_word_for_api_base(tmp_path: Path) -> None:
    assert served_by(tmp_path, model="openai/a", base_url="https://x.example").api_base == "https://x.example"


def test_a_weight_of_zero_stays_zero_and_none_is_one(tmp_path: Path) -> None:
    assert served_by(tmp_path, model="openai/a", weight=0).weight == 0.0
    assert served_by(tmp_path, model="openai/a").weight == 1.0


@pytest.mark.parametrize(
    ("params", "sections", "timeout"),
    [
        ({"timeout": 1, "request_timeout": 2}, {"router_settings": {"timeout": 3}}, 1.0),
        ({"request_timeout": 2}, {"router_settings": {"timeout": 3}}, 2.0),
        ({}, {"router_settings": {"timeout": 3}, "litellm_settings": {"request_timeout": 4}}, 3.0),
        ({}, {"litellm_settings": {"request_timeout": 4}}, 4.0),
        ({}, {}, None),
    ],
)
def test_the_nearest_timeout_counts(
    tmp_path: Path, params: dict[str, Any], sections: dict[str, Any], timeout: float | None
) -> None:
    model = {"model_name": "a", "litellm_params": {"model": "openai/a", "api_key": "os.environ/K", **params}}
    assert deployments_of(tmp_path, model, **sections)[0].timeout == timeout


def test_ids_are_unique_for_items_that_say_the_same(tmp_path: Path) -> None:
    first, second, third = deployments_of(tmp_path, *[deployment("a", group) for group in "xyz"])
    assert (second.id, third.id) == (f"{first.id}-2", f"{first.id}-3")


def test_a_number_as_id_is_its_text(tmp_path: Path) -> None:
    assert deployments_of(tmp_path, deployment("a", id=7))[0].id == "7"


def test_an_id_depends_on_what_the_file_says_and_not_on_credentials_or_the_environment(tmp_path: Path) -> None:
    def id_of(key: str, base: str, environ: dict[str, str]) -> str:
        params = {"model": "openai/a", "api_key": key, "api_base": base}
        values = {"model_list": [{"model_name": "a", "litellm_params": params}]}
        return deployments(read_values(tmp_path, values, environ))[0].id

    here = id_of("os.environ/K", "os.environ/B", {"K": "1", "B": "https://one.example"})
    there = id_of("sk-other", "os.environ/B", {"B": "https://two.example"})
    assert here == there
    assert here != id_of("os.environ/K", "https://one.example", {"K": "1"})


def test_a_deployment_does_not_show_its_credential(tmp_path: Path) -> None:
    assert "sk-k" not in repr(served_by(tmp_path, model="openai/a", api_key="os.environ/K"))


@pytest.mark.parametrize("params", [{"model": "zai/x", "api_key": "os.environ/K"}, {"model": "openai/x"}])
def test_a_deployment_that_takes_no_calls_is_none_that_the_service_knows(
    tmp_path: Path, params: dict[str, Any]
) -> None:
    assert deployments_of(tmp_path, {"model_name": "a", "litellm_params": params}) == ()
