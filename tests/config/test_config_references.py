"""`os.environ/NAME` and credentials."""

import pytest

from config.reading import Problems, Read

UPSTREAM = """
model_list:
  - model_name: gpt-4
    litellm_params:
      model: azure/x
      api_key: os.environ/API_KEY
      api_base: os.environ/API_BASE
"""
VARIABLES = {"API_KEY": "sk-secret", "API_BASE": "https://x.example"}


def test_references_become_values(read_text: Read) -> None:
    params = read_text(UPSTREAM, VARIABLES).models[0].item.litellm_params
    assert (params.api_key, params.api_base) == ("sk-secret", "https://x.example")


def test_a_resolved_credential_is_not_shown(read_text: Read) -> None:
    assert "sk-secret" not in repr(read_text(UPSTREAM, VARIABLES))


def test_every_missing_variable_is_reported_at_its_place(problems: Problems) -> None:
    advice = "is not set; set it, or name it in `environment_variables`"
    assert problems(UPSTREAM) == [
        f"config.yaml:6:16: `api_key`: the environment variable `API_KEY` {advice}",
        f"config.yaml:7:17: `api_base`: the environment variable `API_BASE` {advice}",
    ]


def test_a_deployment_that_answers_by_itself_needs_no_variable(read_text: Read) -> None:
    params = read_text(UPSTREAM + "      mock_response: hi\n").models[0].item.litellm_params
    assert (params.api_key, params.api_base) == (None, None)


def test_to_build_no_credential_is_looked_up(read_text: Read) -> None:
    params = read_text(UPSTREAM, VARIABLES, secrets="refuse").models[0].item.litellm_params
    assert params.api_key == "os.environ/API_KEY"


def test_to_build_the_upstream_s_variables_may_be_unset(read_text: Read) -> None:
    assert read_text(UPSTREAM, secrets="refuse").models[0].item.litellm_params.api_base is None


@pytest.mark.parametrize("name", ["api_key", "aws_secret_access_key", "azure_ad_token", "client_secret"])
def test_to_build_a_secret_in_clear_is_refused_and_not_shown(problems: Problems, name: str) -> None:
    text = "model_list:\n  - model_name: gpt-4\n    litellm_params:\n      model: azure/x\n"
    found = problems(f"{text}      {name}: hunter2\n", secrets="refuse")
    advice = "write `os.environ/NAME` and set that variable for the service"
    assert f"config.yaml:5:{9 + len(name)}: `{name}` is a secret in clear; {advice}" in found
    assert "hunter2" not in str(found)


def test_to_check_a_secret_in_clear_is_a_warning_and_not_shown(read_text: Read) -> None:
    text = "model_list:\n  - {model_name: a, litellm_params: {model: openai/a, api_key: hunter2}}\n"
    (warning, _) = sorted(read_text(text, secrets="keep").warnings, reverse=True)
    assert (warning.line, warning.column) == (2, 64)
    assert warning.message.startswith("`api_key` is a secret in clear; write `os.environ/NAME`")


def test_to_serve_a_secret_in_clear_works(read_text: Read) -> None:
    text = "model_list:\n  - {model_name: a, litellm_params: {model: openai/a, api_key: hunter2}}\n"
    assert read_text(text).models[0].item.litellm_params.api_key == "hunter2"


def test_a_credential_of_a_wrong_type_is_not_shown(problems: Problems) -> None:
    text = "model_list:\n  - {model_name: a, litellm_params: {model: openai/a, api_key: 4711}}\n"
    assert problems(text) == ["config.yaml:2:64: `api_key` must be text, not a number; put it in quotes"]


def test_the_config_s_own_variables_count_before_the_process_s(read_text: Read) -> None:
    own = "environment_variables:\n  API_KEY: sk-own\n  API_BASE: os.environ/OTHER\n"
    params = read_text(own + UPSTREAM, {**VARIABLES, "OTHER": "https://o.example"}).models[0].item.litellm_params
    assert (params.api_key, params.api_base) == ("sk-own", "https://o.example")


def test_a_variable_of_the_config_that_refers_to_no_text_is_an_error(problems: Problems) -> None:
    own = "environment_variables:\n  API_KEY: os.environ/OTHER\n"
    (problem,) = problems(own + "model_list: []\n", {"OTHER": "\udcff"})
    assert problem.startswith("config.yaml:2:12: `API_KEY`: the environment variable `OTHER` is not UTF-8")


def test_names_may_be_references(read_text: Read) -> None:
    text = """
        model_list:
          - model_name: os.environ/MODEL
            litellm_params: {model: openai/a, mock_response: hi, timeout: os.environ/TIMEOUT}
            model_info: {access_groups: [os.environ/GROUP]}
        general_settings: {master_key: os.environ/MASTER}
        """
    config = read_text(text, {"MODEL": "a", "GROUP": "g", "MASTER": "sk-m", "TIMEOUT": "2.5"})
    item = config.models[0].item
    assert (item.model_name, item.model_info.access_groups, config.general_settings.master_key) == ("a", ["g"], "sk-m")
    assert item.litellm_params.timeout == 2.5


def test_what_is_no_text_may_be_a_reference_too(read_text: Read) -> None:
    text = """
        modelward_settings: {empty_list: os.environ/EMPTY}
        keys: [{key_hash: os.environ/HASH, expires: os.environ/EXPIRES, blocked: os.environ/BLOCKED}]
        users: [{user_id: u, user_role: os.environ/ROLE}]
        """
    variables = {"EMPTY": "deny", "HASH": "sha256:" + "ab" * 32, "EXPIRES": "1970-01-01T00:00:01Z", "BLOCKED": "true"}
    config = read_text(text, {**variables, "ROLE": "internal_user"}, secrets="refuse")
    (key,) = config.keys.values()
    assert (key.token, key.expires_ns, key.blocked) == ("ab" * 32, 1_000_000_000, True)
    assert (config.modelward_settings.empty_list, config.users[0].user_role) == ("deny", "internal_user")


@pytest.mark.parametrize("field", ["key_hash", "expires"])
def test_a_reference_to_what_does_not_fit_is_refused_and_not_shown(problems: Problems, field: str) -> None:
    (problem,) = [each for each in problems(f"keys: [{{{field}: os.environ/X}}]\n", {"X": "sk-clear"}) if field in each]
    assert f"`{field}`: must be" in problem
    assert "sk-clear" not in problem


def test_to_build_a_name_s_variable_must_be_set(problems: Problems) -> None:
    text = "model_list:\n  - {model_name: os.environ/M, litellm_params: {model: openai/a}}\n"
    assert "the environment variable `M` is not set" in problems(text, secrets="refuse")[0]


def test_to_build_the_master_key_may_be_unset(read_text: Read) -> None:
    config = read_text("general_settings: {master_key: os.environ/M}\nmodel_list: []\n", secrets="refuse")
    assert config.general_settings.master_key is None


def test_to_serve_the_master_key_must_be_set(problems: Problems) -> None:
    text = "general_settings: {master_key: os.environ/M}\nmodel_list: []\n"
    assert "the environment variable `M` is not set" in problems(text)[0]


def test_a_variable_that_is_not_unicode_is_refused(problems: Problems) -> None:
    text = "model_list:\n  - {model_name: os.environ/M, litellm_params: {model: openai/a}}\n"
    assert "is not UTF-8" in problems(text, {"M": "\udcff"})[0]


@pytest.mark.parametrize("key", ['""', '" sk-1"', '"sk 1"', '"sk\\n1"'])
def test_a_master_key_that_nobody_can_send_is_refused_and_not_shown(problems: Problems, key: str) -> None:
    found = problems(f"general_settings:\n  master_key: {key}\nmodel_list: []\n")
    assert found == ["config.yaml:2:15: `master_key`: must be one word of printable characters, such as `sk-...`"]
