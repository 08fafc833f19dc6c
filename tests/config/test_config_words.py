"""Misspelt and misplaced words, and those without bearing (K1)."""

import pytest

from config.reading import Problems, Read, with_deployment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("model_lst: []\n", "1:1: `model_lst` is unknown; did you mean `model_list`?"),
        ("uzers: []\n", "1:1: `uzers` is unknown; did you mean `users`?"),
        ("Model_List: []\n", "1:1: `Model_List` is unknown; did you mean `model_list`?"),
        ("genral_settings: {}\n", "1:1: `genral_settings` is unknown; did you mean `general_settings`?"),
        ("general_settings: {master-key: x}\n", "1:20: `master-key` is unknown; did you mean `master_key`?"),
        ("general_settings: {allowed_route: []}\n", "1:20: `allowed_route` is unknown; did you mean `allowed_routes`?"),
        (
            with_deployment("model_info: {acess_groups: [a]}"),
            "4:18: `acess_groups` is unknown; did you mean `access_groups`?",
        ),
        (
            with_deployment("model_info: {access_group: [a]}"),
            "4:18: `access_group` is unknown; did you mean `access_groups`?",
        ),
        (with_deployment("model_info: {teamid: t}"), "4:18: `teamid` is unknown; did you mean `team_id`?"),
        (with_deployment("modelinfo: {}"), "4:5: `modelinfo` is unknown; did you mean `model_info`?"),
        ("keys: [{key_hsh: x}]\n", "1:9: `key_hsh` is unknown; did you mean `key_hash`?"),
        ("teams: [{team_id: t, modles: []}]\n", "1:22: `modles` is unknown; did you mean `models`?"),
        ("organisations: []\n", "1:1: `organisations` is unknown; did you mean `organizations`?"),
        (
            with_deployment("access_group: [a]"),
            "4:5: `access_group` is unknown; did you mean `access_groups` in `model_info`?",
        ),
        (
            "model_list:\n  - model_name: a\n    litellm_params: {model: openai/a, acess_groups: [a]}\n",
            "3:39: `acess_groups` is unknown; did you mean `access_groups` in `model_info`?",
        ),
        (with_deployment("api_ky: x"), "4:5: `api_ky` is unknown; did you mean `api_key` in `litellm_params`?"),
        (
            "general_settings: {model_group_alais: {a: b}}\n",
            "1:20: `model_group_alais` is unknown; did you mean `model_group_alias` in `router_settings`?",
        ),
        (
            "router_settings: {allowed_rutes: []}\n",
            "1:19: `allowed_rutes` is unknown; did you mean `allowed_routes` in `general_settings`?",
        ),
        (
            "router_settings: {model_group_alias: {a: {model: b, hiden: true}}}\n",
            "1:53: `hiden` is unknown; did you mean `hidden`?",
        ),
        ("mater_key: x\n", "1:1: `mater_key` is unknown; did you mean `master_key` in `general_settings`?"),
    ],
)
def test_a_near_miss_is_an_error_with_the_right_word(problems: Problems, text: str, expected: str) -> None:
    assert f"config.yaml:{expected}" in problems(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (with_deployment("access_groups: [a]"), "4:5: `access_groups` belongs in `model_info`"),
        (with_deployment("team_id: t"), "4:5: `team_id` belongs in `model_info`"),
        (with_deployment("api_key: x"), "4:5: `api_key` belongs in `litellm_params`"),
        ("litellm_settings: {allowed_routes: []}\n", "1:20: `allowed_routes` belongs in `general_settings`"),
        ("master_key: sk-1\n", "1:1: `master_key` belongs in `general_settings`"),
        ("enable_jwt_auth: true\n", "1:1: `enable_jwt_auth` belongs in `general_settings`"),
        (
            "general_settings: {enforce_rbac: true}\n",
            "1:20: `enforce_rbac` belongs in `general_settings.litellm_jwtauth`",
        ),
        (
            "general_settings: {litellm_jwtauth: {role_permissions: []}}\n",
            "1:38: `role_permissions` belongs in `general_settings`",
        ),
    ],
)
def test_a_setting_in_the_wrong_place_is_an_error(problems: Problems, text: str, expected: str) -> None:
    assert problems(text) == [f"config.yaml:{expected}"]


@pytest.mark.parametrize(
    ("section", "words"),
    [
        (
            "general_settings",
            "alerting alert_types background_health_checks custom_sso database_url database_connection_timeout "
            "enable_oauth2_auth "
            "global_max_parallel_requests health_check_interval key_management_settings "
            "litellm_key_header_name max_parallel_requests public_routes "
            "reject_clientside_metadata_tags store_model_in_db ui_access_mode",
        ),
        (
            "router_settings",
            "allowed_fails allowed_fails_policy caching_groups cooldown_time default_litellm_params "
            "enable_pre_call_checks max_fallbacks model_group_retry_policy num_retries provider_budget_config "
            "redis_host retry_policy routing_strategy stream_timeout tag_filtering_match_any",
        ),
        (
            "litellm_settings",
            "allowed_fails cache callbacks drop_params force_ipv4 json_logs key_generation_settings "
            "max_budget max_internal_user_budget mcp_aliases modify_params num_retries public_model_groups "
            "redact_user_api_key_info success_callback default_team_settings",
        ),
    ],
)
def test_settings_of_litellm_that_limit_no_models_stay_notes(read_text: Read, section: str, words: str) -> None:
    settings = ", ".join(f"{word}: 1" for word in words.split())
    notes = {note.message for note in read_text(f"{section}: {{{settings}}}\n").notes}
    assert notes == {f"`{section}.{word}` has no bearing here" for word in words.split()}


@pytest.mark.parametrize(
    ("section", "words"),
    [
        (
            "litellm_params",
            "base_model drop_params input_cost_per_token max_retries max_tokens mode rpm stream_timeout tags "
            "temperature tpm",
        ),
        ("model_info", "base_model db_model description max_input_tokens max_output_tokens mode supports_vision tier"),
    ],
)
def test_settings_of_a_deployment_that_limit_nobody_stay_notes(read_text: Read, section: str, words: str) -> None:
    maps = {"litellm_params": "model: openai/a, mock_response: hi", "model_info": "id: x"}
    maps[section] += "".join(f", {word}: os.environ/X" for word in words.split())
    deployment = (
        f"{{model_name: a, litellm_params: {{{maps['litellm_params']}}}, model_info: {{{maps['model_info']}}}}}"
    )
    notes = {note.message for note in read_text(f"model_list: [{deployment}]\n").notes}
    assert notes == {f"`model_list.{section}.{word}` has no bearing here" for word in words.split()}


def test_a_setting_of_modelward_s_own_that_does_not_exist_is_an_error(problems: Problems) -> None:
    assert problems("modelward_settings: {deny_empty: true}\n") == [
        "config.yaml:1:22: `deny_empty` is unknown; remove it"
    ]


def test_settings_without_bearing_are_named_once(read_text: Read, tmp_path: object) -> None:
    text = """\
        model_list:
          - model_name: a
            litellm_params: {model: openai/a, mock_response: hi, temperature: 1}
            model_info: {mode: chat}
            x_upstream: label
          - model_name: b
            litellm_params: {model: openai/b, mock_response: hi, temperature: 2}
        litellm_settings: {drop_params: true, cache_params: {password: os.environ/UNSET}}
        """
    notes = [str(note).replace(f"{tmp_path}/", "") for note in read_text(text).notes]
    assert notes == [
        "config.yaml:3:58: `model_list.litellm_params.temperature` has no bearing here",
        "config.yaml:4:18: `model_list.model_info.mode` has no bearing here",
        "config.yaml:5:5: `model_list.x_upstream` has no bearing here",
        "config.yaml:8:20: `litellm_settings.drop_params` has no bearing here",
        "config.yaml:8:39: `litellm_settings.cache_params` has no bearing here",
    ]
