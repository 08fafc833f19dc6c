"""Which spellings of a name providers take for one model (M8)."""

import pytest

from modelward.config.model_names import frames, inner, key, spellings


def key_at(provider: str, name: str) -> str | None:
    """The key of an upstream's own name at a provider."""
    table = spellings()
    return key(table.folding(table.family(provider)), name)


@pytest.mark.parametrize(
    ("provider", "one", "other"),
    [
        ("azure", "gpt-4o", "GPT-4o"),
        ("azure_text", "gpt-4o", "GPT-4O"),
        ("ollama", "llama3", "library/llama3"),
        ("ollama", "llama3", "registry.ollama.ai/library/LLAMA3:latest"),
        ("ollama_chat", "llama3", "llama3:8b"),
        ("bedrock", "anthropic.claude-x-v1:0", "us.anthropic.claude-x-v1:0"),
        ("bedrock", "anthropic.claude-x-v1:0", "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-x-v1:0"),
        ("bedrock", "anthropic.claude-x", "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.anthropic.claude-x"),
        ("bedrock_converse", "anthropic.claude-x", "converse/global.anthropic.claude-x"),
        ("vertex_ai", "claude-x", "anthropic/claude-x"),
        ("vertex_ai", "claude-x", "publishers/anthropic/models/claude-x@default"),
        ("vertex_ai", "claude-x", "models/claude-x"),
        ("vertex_ai", "claude-x", "projects/p/locations/l/publishers/anthropic/models/claude-x"),
        ("vertex_ai", "meta/llama-4", "publishers/meta/models/llama-4"),
        ("vertex_ai", "gemini-x", "gemini-x-001"),
        ("gemini", "gemini-x", "models/gemini-x"),
        ("fireworks_ai", "llama", "accounts/fireworks/models/llama"),
        ("openrouter", "openai/gpt-4o", "openai/gpt-4o:free"),
        ("huggingface", "Org/Model", "org/model:groq"),
    ],
)
def test_two_spellings_are_the_same(provider: str, one: str, other: str) -> None:
    assert key_at(provider, one) == key_at(provider, other) is not None


@pytest.mark.parametrize(
    ("provider", "one", "other"),
    [
        ("openai", "gpt-4o", "GPT-4o"),
        ("azure", "gpt-4o", "gpt-4o-mini"),
        ("ollama", "llama3", "acme/llama3"),
        ("bedrock", "anthropic.claude-x", "amazon.claude-x"),
        ("vertex_ai", "claude-x", "meta/claude-x"),
        ("vertex_ai", "claudette", "anthropic/claudette"),
        ("gemini", "gemini-x", "tunedModels/gemini-x"),
    ],
)
def test_two_names_are_not_the_same(provider: str, one: str, other: str) -> None:
    assert key_at(provider, one) != key_at(provider, other)


@pytest.mark.parametrize(
    "name", ["", "gpt 4", "gpt%2D4", "gpt-4.", "\uff47pt-4", "gpt\\4", "gpt\n", "gpt-4/", "/gpt-4", "x//y"]
)
def test_what_no_model_is_called_has_no_key_where_names_are_folded(name: str) -> None:
    assert key_at("azure", name) is None
    assert key_at("ollama", name) is None
    assert key_at("openai", name) == name


@pytest.mark.parametrize(
    ("entry", "model", "around"),
    [
        ("azure/*", "*", (("azure/", ""), ("", ""))),
        ("azure/gpt-*", "gpt-*", (("azure/", ""), ("", ""))),
        ("cloud/g-*-x", "gpt-*", (("cloud/g-", "-x"), ("gpt-", ""))),
        ("*", "*", (("", ""), ("", ""))),
        ("a/*/*", "*", (("", ""), ("", ""))),
    ],
)
def test_a_name_s_open_place_is_found(entry: str, model: str, around: tuple[tuple[str, str], tuple[str, str]]) -> None:
    assert frames(entry, model) == around


def test_what_stands_at_the_open_place_may_be_found_in_any_case() -> None:
    assert inner(("Azure/", ""), "azure/x", case=True) == "x"
    assert inner(("Azure/", ""), "azure/x", case=False) is None
    assert inner(("azure/", ""), "azure/", case=True) is None


def test_every_provider_that_is_like_another_has_its_models() -> None:
    table = spellings()
    assert table.members("ollama") == ["ollama", "ollama_chat"]
    assert all(table.family(family) == family for family in table.families.values())
