"""The providers of bare names (C4): what is published, what the config adds, and what a provider's pattern covers."""

import runpy
from typing import Any

import pytest

from config.reading import Problems, Read
from config.test_config_warnings import warnings
from harness.bundles import REPOSITORY
from modelward.config.model_names import published_names

TURBO = "{model_name: gpt-4-turbo, litellm_params: {model: azure/prod, mock_response: hi}}"


def config(*models: str, grant: str = "openai/*", settings: str = "") -> str:
    """A config with these items of `model_list`, one team with this grant, and these `modelward_settings`."""
    wildcard = "{model_name: openai/*, litellm_params: {model: openai/*, mock_response: hi}}"
    items = "".join(f"  - {model}\n" for model in (*models, wildcard))
    return (
        f"general_settings: {{master_key: sk-1}}\nmodel_list:\n{items}"
        f"teams: [{{team_id: t, models: ['{grant}']}}]\nmodelward_settings: {{{settings}}}\n"
    )


@pytest.mark.parametrize("name", ["gpt-4-eu", "o1secret", "claude-finance", "my-gpt", "gpt-"])
def test_a_name_that_only_begins_like_a_published_one_has_no_provider(name: str) -> None:
    assert published_names().of(name) == ()


@pytest.mark.parametrize(
    ("name", "owners"),
    [
        ("gpt-4o", ("openai",)),
        ("gpt-4o-2099-01-31", ("openai",)),
        ("gpt-4o-latest", ("openai",)),
        ("ft:gpt-4o-mini:org::id", ("openai",)),
        ("ft:babbage-002:org::id", ("text-completion-openai",)),
        ("gemini-2.5-pro", ("vertex_ai", "gemini")),
        ("amazon.nova-lite-v1:0", ("bedrock",)),
        ("deepseek-chat", ("deepseek",)),
    ],
)
def test_a_published_name_has_its_providers(name: str, owners: tuple[str, ...]) -> None:
    assert published_names().of(name) == owners


@pytest.mark.parametrize("name", ["fireworks-ai-default", "together-ai-4.1b-8b", "sample_spec"])
def test_a_class_of_price_is_no_name(name: str) -> None:
    assert name not in published_names().published


def test_a_word_that_is_almost_a_provider_is_an_error(problems: Problems) -> None:
    (found,) = problems(config(settings="provider_names: {anthropicc: [claude-eu]}"))
    assert found.endswith("`anthropicc` is no provider; did you mean `anthropic`?")


@pytest.mark.parametrize("name", ["openai/gpt-4-eu", "gpt-*"])
def test_an_added_name_is_bare_and_no_pattern(problems: Problems, name: str) -> None:
    (found,) = problems(config(settings=f"provider_names: {{openai: ['{name}']}}"))
    assert f"`{name}` must not hold" in found


def test_a_word_of_one_s_own_may_have_names(read_text: Read) -> None:
    found = read_text(config(settings="provider_names: {acme: [house]}"))
    assert found.modelward_settings.provider_names == {"acme": ["house"]}


def test_an_entry_that_a_provider_s_pattern_covers_by_name_alone_is_warned_of(read_text: Read) -> None:
    assert warnings(read_text, config(TURBO)) == [
        "`openai/*` covers `gpt-4-turbo` by name alone, which `openai` does not serve"
    ]


@pytest.mark.parametrize(
    ("model", "grant"),
    [
        (TURBO, "gpt-4-turbo"),
        (TURBO, "*"),
        (TURBO.replace("azure/prod", "openai/gpt-4-turbo"), "openai/*"),
        (TURBO.replace("azure/prod", "gpt-4-turbo"), "openai/*"),
        (TURBO.replace("gpt-4-turbo", "gpt-4-eu"), "openai/*"),
    ],
)
def test_an_entry_that_is_granted_otherwise_is_not_warned_of(read_text: Read, model: str, grant: str) -> None:
    assert warnings(read_text, config(model, grant=grant)) == []


def test_many_such_entries_are_counted(read_text: Read) -> None:
    names = ("gpt-4", "gpt-4o", "gpt-4.1", "gpt-5", "gpt-5.1")
    items = [TURBO.replace("gpt-4-turbo", name) for name in names]
    (found,) = warnings(read_text, config(*items))
    assert "`gpt-4`, `gpt-4o`, `gpt-4.1` and 2 more" in found


def test_a_name_that_the_config_adds_makes_a_grant_name_something(read_text: Read) -> None:
    added = "provider_names: {openai: [house]}"
    assert warnings(read_text, config(grant="house", settings=added)) == []
    assert warnings(read_text, config(grant="house")) != []


def test_the_published_names_are_the_bare_ones_of_a_model_map_with_its_providers() -> None:
    tool: dict[str, Any] = runpy.run_path(str(REPOSITORY / "tools/published_models.py"))
    rows = {
        "gpt-x": {"litellm_provider": "openai"},
        "openai/gpt-y": {"litellm_provider": "openai"},
        "us.acme.m-v1:0": {"litellm_provider": "bedrock_converse"},
        "gemini-x": {"litellm_provider": "gemini"},
        "gemini-y": {"litellm_provider": "vertex_ai-language-models"},
        "fireworks-ai-default": {"litellm_provider": "fireworks_ai"},
        "rules": {},
    }
    assert tool["published"](rows) == {
        "gpt-x": ["openai"],
        "us.acme.m-v1:0": ["bedrock"],
        "gemini-x": ["gemini", "vertex_ai"],
        "gemini-y": ["vertex_ai", "gemini"],
    }


def notes(read_text: Read, *models: str) -> list[str]:
    """What a config with these entries is told, each deployed as its name says."""
    items = [f"{{model_name: '{name}', litellm_params: {{model: '{name}', mock_response: hi}}}}" for name in models]
    return [note.message for note in read_text(config(*items)).notes]


def test_a_wildcard_entry_beside_narrower_ones_is_remarked(read_text: Read) -> None:
    assert notes(read_text, "azure/*", "azure/gpt-4o", "azure/o1-*") == [
        "`azure/*` answers no other spelling of `azure/gpt-4o`, `azure/o1-*`: `azure` takes it for the same model"
    ]


@pytest.mark.parametrize(
    "models",
    [("azure/*",), ("azure/gpt-4o",), ("openai/gpt-4o",), ("azure/*", "bedrock/x"), ("azure/o1-*", "azure/x")],
)
def test_a_wildcard_entry_alone_is_not_remarked(read_text: Read, models: tuple[str, ...]) -> None:
    assert notes(read_text, *models) == []
