"""Accounts that deployments take from `credential_list` by name."""

import pytest

from config.reading import Problems, Read

CREDENTIALS = """
credential_list:
  - credential_name: eu-account
    credential_values: {api_key: os.environ/EU_KEY, api_base: https://eu.example/v1, organization: org-eu}
    credential_info: {description: in Frankfurt}
model_list:
  - model_name: a
    litellm_params:
      model: openai/x
      litellm_credential_name: eu-account
"""
VARIABLES = {"EU_KEY": "sk-eu", "OWN_KEY": "sk-own"}


def test_a_deployment_has_the_settings_of_its_credential(read_text: Read) -> None:
    params = read_text(CREDENTIALS, VARIABLES).models[0].item.litellm_params
    assert (params.api_key, params.api_base, params.organization) == ("sk-eu", "https://eu.example/v1", "org-eu")


def test_a_deployment_s_own_settings_count_before_those_of_its_credential(read_text: Read) -> None:
    text = CREDENTIALS + "      api_key: os.environ/OWN_KEY\n      base_url: https://own.example\n"
    params = read_text(text, VARIABLES).models[0].item.litellm_params
    assert (params.api_key, params.api_base, params.base_url) == ("sk-own", None, "https://own.example")


def test_a_credential_with_a_key_takes_a_deployment_into_service(read_text: Read) -> None:
    text = CREDENTIALS.replace(", api_base: https://eu.example/v1", "")
    assert read_text(text, VARIABLES).models[0].out_of_service is None
    assert read_text(text, secrets="refuse").models[0].out_of_service is None


def test_a_credential_without_a_key_does_not(read_text: Read) -> None:
    text = CREDENTIALS.replace("{api_key: os.environ/EU_KEY, api_base: https://eu.example/v1, ", "{")
    assert read_text(text).models[0].out_of_service == "provider_not_configured"


@pytest.mark.parametrize(
    ("name", "advice"), [("eu-acount", "did you mean `eu-account`?"), ("elsewhere", "declare it there")]
)
def test_a_name_that_no_credential_has_is_an_error(problems: Problems, name: str, advice: str) -> None:
    text = CREDENTIALS.replace("litellm_credential_name: eu-account", f"litellm_credential_name: {name}")
    assert problems(text, VARIABLES) == [f"config.yaml:10:32: `{name}` is no credential of `credential_list`; {advice}"]


def test_a_name_without_any_credential_is_an_error(problems: Problems) -> None:
    text = "model_list: [{model_name: a, litellm_params: {model: openai/x, litellm_credential_name: e}}]\n"
    assert problems(text) == ["config.yaml:1:89: `e` is no credential of `credential_list`; declare it there"]


def test_two_credentials_of_one_name_are_an_error(problems: Problems) -> None:
    text = CREDENTIALS.replace("model_list:", "  - {credential_name: eu-account, credential_values: {}}\nmodel_list:")
    assert "config.yaml:6:23: this `credential_name` is declared twice; keep one" in problems(text, VARIABLES)


def test_a_variable_of_a_credential_must_be_set(problems: Problems) -> None:
    assert any("the environment variable `EU_KEY` is not set" in each for each in problems(CREDENTIALS))


@pytest.mark.parametrize("word", ["vertex_location", "aws_region_name", "azure_ad_token"])
def test_what_else_would_decide_where_calls_go_is_an_error(problems: Problems, word: str) -> None:
    text = CREDENTIALS.replace("organization: org-eu", f"{word}: somewhere")
    assert any(f"`{word}` decides where calls go or with which key" in each for each in problems(text, VARIABLES))


def test_a_word_that_a_credential_does_not_have_is_an_error(problems: Problems) -> None:
    assert any(
        "`api_ky` is unknown; did you mean `api_key`?" in each
        for each in problems(CREDENTIALS.replace("api_key:", "api_ky:"), VARIABLES)
    )


def test_to_build_a_key_in_clear_is_refused_and_not_shown(problems: Problems) -> None:
    found = problems(CREDENTIALS.replace("os.environ/EU_KEY", "hunter2"), secrets="refuse")
    assert any(each.startswith("config.yaml:4:34: `api_key` is a secret in clear") for each in found)
    assert "hunter2" not in str(found)


def test_a_resolved_key_is_not_shown(read_text: Read) -> None:
    assert "sk-eu" not in repr(read_text(CREDENTIALS, VARIABLES))


def test_values_that_are_no_map_are_an_error(problems: Problems) -> None:
    text = CREDENTIALS.replace(
        "{api_key: os.environ/EU_KEY, api_base: https://eu.example/v1, organization: org-eu}", "x"
    )
    assert "config.yaml:4:24: `credential_values` must be a map, not text" in problems(text)
