"""Where deployments go: which providers there are, and what takes a deployment out of service (E5, K1)."""

import re
from pathlib import Path

import pytest
import yaml

from config.reading import Problems, Read
from docs.pages import table
from harness.tables import for_each
from modelward.config import read
from modelward.config.words import litellm_words, words_of_maps
from modelward.providers import providers

ADDRESS = "api_base: https://x.example"
KEY = "api_key: os.environ/K"
SAY_API_BASE = "say `api_base`, the address of a server that speaks OpenAI's API"
NO_CALLS = "this deployment takes no calls"
_MAPS = words_of_maps()
IN_DEPLOYMENTS = _MAPS["model_list[].litellm_params"].destinations
IN_DEFAULTS = _MAPS["router_settings.default_litellm_params"].destinations
IN_SECTIONS = {place: words.destinations for place, words in _MAPS.items() if re.fullmatch(r"(\w+_settings)?", place)}


def served_by(params: str) -> str:
    """A config with one deployment of these `litellm_params`, which stand in line 6."""
    model = f"  - model_name: a\n    litellm_params:\n      {params}\n"
    return f"\ngeneral_settings: {{master_key: sk-1}}\nmodel_list:\n{model}"


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ("model: anthropicc/claude-x", "6:14: `anthropicc` is no provider; did you mean `anthropic`?"),
        ("model: OpenAI/gpt-4", "6:14: `OpenAI` is no provider; did you mean `openai`?"),
        ("model: meta-llama/llama-3", "6:14: `meta-llama` is no provider; did you mean `meta_llama`?"),
        ("model: our-server/x", f"6:14: `our-server` is no provider; {SAY_API_BASE}"),
        ("model: my-own", "6:14: `my-own` tells no provider; write `PROVIDER/my-own`, or set `api_base`"),
        ("model: '*'", "6:14: `*` tells no provider; write `PROVIDER/*`, or set `api_base`"),
        ("model: openai/", "6:14: `openai/` names no model; write it behind the `/`"),
        ("model: openai/x\n      custom_llm_provider: opnai", "7:28: `opnai` is no provider; did you mean `openai`?"),
    ],
)
def test_a_word_that_is_no_provider_is_an_error_with_its_place(problems: Problems, params: str, expected: str) -> None:
    assert problems(served_by(f"{params}\n      {KEY}"), {"K": "sk-k"}) == [f"config.yaml:{expected}"]


def test_at_an_address_of_its_own_any_word_is_a_provider(read_text: Read) -> None:
    config = read_text(served_by(f"model: acme/org/x\n      {ADDRESS}"))
    assert config.models[0].provider == "acme"
    assert config.models[0].upstream_model == "org/x"
    assert config.warnings == ()


@pytest.mark.parametrize("params", [f"model: zai/glm-4.6\n      {KEY}", f"model: zai/*\n      {KEY}"])
def test_a_provider_that_is_not_spoken_is_warned_of_and_takes_no_calls(read_text: Read, params: str) -> None:
    config = read_text(served_by(params), {"K": "sk-k"})
    assert config.models[0].out_of_service == "provider_not_spoken"
    (warning,) = config.warnings
    assert (warning.line, warning.column) == (6, 14)
    assert warning.message == f"provider `zai` is not spoken here: {NO_CALLS}; {SAY_API_BASE}"


@for_each("provider", sorted(providers().rows.keys() - providers().spoken.keys()))
def test_no_provider_that_is_not_spoken_takes_calls(read_text: Read, provider: str) -> None:
    config = read_text(served_by(f"model: {provider}/x\n      {KEY}"), {"K": "sk-k"})
    assert config.models[0].out_of_service == "provider_not_spoken"


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ("model: openai/gpt-4", "no `api_key` is set, such as `api_key: os.environ/OPENAI_API_KEY`"),
        ("model: gpt-4", "no `api_key` is set, such as `api_key: os.environ/OPENAI_API_KEY`"),
        ("model: openai/gpt-4\n      api_key: ''", "no `api_key` is set, such as `api_key: os.environ/OPENAI_API_KEY`"),
        ("model: xai/*", "no `api_key` is set, such as `api_key: os.environ/XAI_API_KEY`"),
        (
            f"model: azure/x\n      {KEY}",
            "provider `azure` needs an `api_base` such as `https://NAME.openai.azure.com`",
        ),
        (f"model: hosted_vllm/x\n      {KEY}", "provider `hosted_vllm` needs an `api_base`"),
    ],
)
def test_without_key_or_address_a_deployment_takes_no_calls(read_text: Read, params: str, message: str) -> None:
    config = read_text(served_by(params), {"K": "sk-k"})
    assert config.models[0].out_of_service == "provider_not_configured"
    assert [warning.message for warning in config.warnings] == [f"{message}: {NO_CALLS}"]


@pytest.mark.parametrize(
    "params", ["model: ollama/llama3", f"model: openai/x\n      {ADDRESS}", "model: zai/x\n      mock_response: hi"]
)
def test_what_needs_no_key_takes_calls_without_one(read_text: Read, params: str) -> None:
    config = read_text(served_by(params))
    assert config.models[0].out_of_service is None
    assert config.warnings == ()


def test_the_same_deployments_are_out_of_service_where_a_bundle_is_built(read_text: Read) -> None:
    text = served_by(f"model: azure/x\n      api_base: os.environ/B\n      {KEY}")
    built, served = read_text(text, secrets="refuse"), read_text(text, {"B": "https://x.example", "K": "sk-k"})
    (one,), (other,) = built.models, served.models
    assert (one.provider, one.upstream_model, one.address) == (other.provider, other.upstream_model, other.address)
    assert one.out_of_service == other.out_of_service


def test_a_provider_that_a_variable_tells_must_be_one_that_can_be_called(problems: Problems) -> None:
    text = served_by(f"model: os.environ/M\n      {KEY}")
    assert problems(text, {"M": "zai/x", "K": "sk-k"}) == [
        f"config.yaml:6:14: provider `zai` is not spoken here: {NO_CALLS}; {SAY_API_BASE}"
    ]


def test_to_build_a_provider_that_a_variable_tells_may_be_unset(read_text: Read) -> None:
    text = served_by(f"model: os.environ/M\n      {KEY}")
    assert read_text(text, secrets="refuse").models[0].out_of_service is None


@pytest.mark.parametrize("name", ["OPENAI_BASE_URL", "OPENAI_API_BASE"])
def test_a_variable_that_gives_another_address_is_not_ignored(problems: Problems, name: str) -> None:
    text = served_by(f"model: openai/x\n      {KEY}")
    expected = (
        f"config.yaml:6:14: `{name}` is set, which gives LiteLLM another address; "
        f"write `api_base: os.environ/{name}`, or unset it"
    )
    assert problems(text, {"K": "sk-k", name: "https://eu.example"}) == [expected]
    assert problems(f"environment_variables: {{{name}: https://eu.example}}\n{text[1:]}", {"K": "sk-k"}) == [expected]


def test_a_key_whose_variable_is_empty_is_an_error(problems: Problems) -> None:
    assert problems(served_by(f"model: openai/x\n      {KEY}"), {"K": ""}) == [
        "config.yaml:7:16: `api_key`: the environment variable `K` is empty; set it to the key"
    ]


@pytest.mark.parametrize("address", ["''", "os.environ/B"])
def test_an_empty_address_is_an_error(problems: Problems, address: str) -> None:
    found = problems(served_by(f"model: openai/x\n      api_base: {address}\n      {KEY}"), {"K": "sk-k", "B": ""})
    assert any("`api_base`: must be an address" in each for each in found)


def test_two_addresses_that_differ_are_an_error(problems: Problems) -> None:
    text = served_by(f"model: openai/x\n      {ADDRESS}\n      base_url: https://y.example\n      {KEY}")
    (problem,) = problems(text, {"K": "sk-k"})
    assert problem.endswith("`api_base` and `base_url` differ; keep one of the two")


def settings_of(section: str, word: str) -> str:
    """A config that sets `word` in a section of settings, or beside the sections."""
    values = {word: "somewhere"} if not section else {section: {word: "somewhere"}}
    return yaml.safe_dump({"general_settings": {"master_key": "sk-1"}, **values})


@pytest.mark.parametrize(
    ("section", "word"), [(section, word) for section, words in IN_SECTIONS.items() for word in words]
)
def test_a_setting_that_decides_where_calls_go_is_an_error(problems: Problems, section: str, word: str) -> None:
    word = word.replace("*", "some")
    (problem,) = problems(settings_of(section, word))
    assert f"`{word}` decides where calls go or with which key, and is not supported; " in problem


@pytest.mark.parametrize("word", [*IN_DEPLOYMENTS, "vertex_location", "aws_region_name", "auto_router_default_model"])
def test_a_setting_of_a_deployment_that_decides_where_it_goes_is_an_error(problems: Problems, word: str) -> None:
    word = word.replace("*", "some")
    (problem,) = problems(served_by(f"model: openai/x\n      mock_response: hi\n      {word}: somewhere"))
    assert problem.startswith(f"config.yaml:8:7: `{word}` decides where calls go or with which key, ")


@pytest.mark.parametrize("word", [*IN_DEFAULTS])
def test_a_default_of_all_deployments_that_decides_where_they_go_is_an_error(problems: Problems, word: str) -> None:
    word = word.replace("*", "some")
    (problem,) = problems(f"router_settings:\n  default_litellm_params:\n    {word}: somewhere\n")
    assert problem.startswith(f"config.yaml:3:5: `{word}` decides where calls go or with which key, ")


@pytest.mark.parametrize("word", ["default_api_base", "base_url_of_ours", "llm_endpoint", "data_region", "proxy_url"])
def test_a_word_that_sounds_like_an_address_is_an_error_too(problems: Problems, word: str) -> None:
    (problem,) = problems(served_by(f"model: openai/x\n      mock_response: hi\n      {word}: somewhere"))
    assert f"`{word}` decides where calls go or with which key, " in problem


@pytest.mark.parametrize("name", [*litellm_words().variables, "https_proxy"])
def test_a_variable_of_the_config_that_decides_where_calls_go_is_an_error(problems: Problems, name: str) -> None:
    (problem,) = problems(f"environment_variables:\n  {name}: somewhere\n")
    assert problem.startswith(f"config.yaml:2:3: `{name}` decides where calls go or with which key, ")


def test_a_variable_that_a_deployment_refers_to_is_none_of_those(read_text: Read) -> None:
    text = served_by("model: openai/x\n      mock_response: hi\n      organization: os.environ/OPENAI_ORGANIZATION")
    config = read_text(f"{text}environment_variables: {{OPENAI_ORGANIZATION: org-1}}\n")
    assert config.models[0].item.litellm_params.organization == "org-1"


@pytest.mark.parametrize("word", ["use_in_pass_through", "use_litellm_proxy", "region_name"])
def test_such_a_setting_that_is_off_is_a_note(read_text: Read, word: str) -> None:
    config = read_text(served_by(f"model: openai/x\n      mock_response: hi\n      {word}: false"))
    assert [note.message for note in config.notes] == [f"`model_list.litellm_params.{word}` has no bearing here"]


def test_several_organizations_of_one_deployment_are_an_error(problems: Problems) -> None:
    (problem,) = problems(served_by("model: openai/x\n      mock_response: hi\n      organization: [org-1, org-2]"))
    assert problem == "config.yaml:8:21: `organization` must be text, not a list"


def test_the_sample_needs_no_variable() -> None:
    assert read(Path(__file__).parents[2] / "config.yaml", {}, secrets="refuse").warnings == ()


def test_the_page_lists_the_settings_that_decide_where_calls_go() -> None:
    listed = {row[0] for row in table("docs/config.md", "setting that decides where")}
    expected = {f"model_list[].litellm_params.{word}" for word in IN_DEPLOYMENTS}
    expected |= {f"{section}.{word}".lstrip(".") for section, words in IN_SECTIONS.items() for word in words}
    expected |= {f"environment_variables.{name}" for name in litellm_words().variables}
    assert listed == expected


def address(read_text: Read, params: str) -> str:
    """The address of a deployment with these `litellm_params`."""
    (model,) = read_text(served_by(f"{{{params}}}"), {"B": "http://h/v1"}).models
    return model.address


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("model: openai/x, api_key: k", "model: openai/x, api_key: k, api_base: 'https://api.openai.com/v1/'"),
        ("model: ollama/x", "model: ollama_chat/x, api_base: 'http://LOCALHOST:11434/v1'"),
        ("model: vllm/x, api_base: 'http://h:80/v1'", "model: hosted_vllm/x, base_url: 'http://H/v1/'"),
    ],
)
def test_an_address_is_the_same_in_each_spelling(read_text: Read, one: str, other: str) -> None:
    assert address(read_text, one) == address(read_text, other)


@pytest.mark.parametrize("other", ["http://h:81/v1", "https://h/v1", "http://h/V1", "http://h:x/v1", "os.environ/B"])
def test_another_address_is_another(read_text: Read, other: str) -> None:
    at = [f"model: vllm/x, api_base: '{base}'" for base in ("http://h/v1", other)]
    assert address(read_text, at[0]) != address(read_text, at[1])
