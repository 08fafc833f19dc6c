"""Settings of LiteLLM that restrict access and are not supported."""

import pytest

from config.reading import Problems, Read, with_deployment


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("general_settings: {user_header_name: x-user}\n", "user_header_name"),
        ("general_settings: {user_header_mappings: [{header_name: x-user}]}\n", "user_header_mappings"),
        ("general_settings: {allowed_ips: [10.0.0.1]}\n", "allowed_ips"),
        ("litellm_settings: {default_internal_user_params: {models: [a]}}\n", "default_internal_user_params"),
        ("litellm_settings: {default_key_generate_params: {team_id: t}}\n", "default_key_generate_params"),
        ("litellm_settings: {upperbound_key_generate_params: {duration: 30d}}\n", "upperbound_key_generate_params"),
        ("litellm_settings: {blocked_user_list: [u]}\n", "blocked_user_list"),
        ("router_settings: {enable_tag_filtering: true}\n", "enable_tag_filtering"),
        ("general_settings: {custom_key_generate: hooks.generate}\n", "custom_key_generate"),
        ("general_settings: {embedding_model: openai/e}\n", "embedding_model"),
        ("general_settings: {image_generation_model: openai/i}\n", "image_generation_model"),
        ("general_settings: {moderation_model: openai/m}\n", "moderation_model"),
        ("general_settings: {enforce_user_param: true}\n", "enforce_user_param"),
        ("general_settings: {enforced_params: [user]}\n", "enforced_params"),
        ("general_settings: {service_account_settings: {enforced_params: [user]}}\n", "service_account_settings"),
        (with_deployment("model_info: {supported_environments: [production]}"), "supported_environments"),
        (with_deployment("model_info: {supported_environments: []}"), "supported_environments"),
        ("litellm_settings: {default_key_generate_params: {key_type: read_only}}\n", "default_key_generate_params"),
        (
            "litellm_settings: {default_internal_user_params: {user_role: proxy_admin_viewer}}\n",
            "default_internal_user_params",
        ),
    ],
)
def test_a_restriction_that_is_not_supported_is_refused(problems: Problems, text: str, word: str) -> None:
    (problem,) = problems(text)
    assert problem.endswith(f"`{word}` is not supported yet, and ignoring it could widen access; remove it")


@pytest.mark.parametrize(
    "text",
    [
        "general_settings: {litellm_jwtauth: {custom_validate: , oidc_userinfo_enabled: false}}\n",
        "general_settings: {litellm_jwtauth: {public_allowed_routes: [public_routes]}}\n",
        "litellm_settings: {default_internal_user_params: {max_budget: 1}}\n",
        "litellm_settings: {upperbound_key_generate_params: {max_budget: 100, tpm_limit: 1000}}\n",
        "router_settings: {enable_tag_filtering: false}\n",
        "general_settings: {enforce_user_param: false, enforced_params: [], service_account_settings: {}}\n",
        "litellm_settings: {enable_tag_filtering: false}\n",
        "litellm_settings: {default_key_generate_params: {key_type: default}}\n",
    ],
)
def test_an_unsupported_setting_that_restricts_nothing_is_accepted(read_text: Read, text: str) -> None:
    assert read_text(text).models == ()


def test_a_deployment_for_no_environment_in_particular_is_accepted(read_text: Read) -> None:
    deployment = "{model_name: a, litellm_params: {model: openai/a, mock_response: hi}, model_info: {%s: }}"
    assert len(read_text(f"model_list: [{deployment % 'supported_environments'}]\n").models) == 1


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("litellm_settings: {enable_tag_filtering: true}\n", "enable_tag_filtering"),
        ("enforce_user_param: true\n", "enforce_user_param"),
        ("general_settings: {custom_validate: hooks.validate}\n", "custom_validate"),
        (with_deployment("supported_environments: [production]"), "supported_environments"),
    ],
)
def test_such_a_setting_is_refused_in_the_wrong_place_too(problems: Problems, text: str, word: str) -> None:
    (problem,) = problems(text)
    assert problem.endswith(f"`{word}` is not supported yet, and ignoring it could widen access; remove it")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "router_settings: {enable_tag_filterng: true}\n",
            "1:19: `enable_tag_filterng` is unknown, and `enable_tag_filtering`, which it resembles, "
            "is not supported yet; remove it",
        ),
        (
            with_deployment("model_info: {supported_environment: [production]}"),
            "4:18: `supported_environment` is unknown, and `supported_environments`, which it resembles, "
            "is not supported yet; remove it",
        ),
        (
            "general_settings: {litellm_jwtauth: {custom_valdate: x}}\n",
            "1:38: `custom_valdate` is unknown; remove it",
        ),
    ],
)
def test_a_setting_that_is_refused_is_never_proposed(problems: Problems, text: str, expected: str) -> None:
    assert f"config.yaml:{expected}" in problems(text)
