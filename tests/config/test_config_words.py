"""Misspelt, misplaced and unsupported words, and those without bearing (K1)."""

import pytest

from config.reading import Problems, Read, with_deployment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("model_lst: []\n", "1:1: `model_lst` is unknown; did you mean `model_list`?"),
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
    ],
)
def test_a_setting_in_the_wrong_place_is_an_error(problems: Problems, text: str, expected: str) -> None:
    assert problems(text) == [f"config.yaml:{expected}"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("organizations: [{organization_id: o, models: [a]}]\n", "organizations"),
        ("projects: [{project_id: p}]\n", "projects"),
        ("customers: [{user_id: c}]\n", "customers"),
        ("access_groups: [{access_group_id: a}]\n", "access_groups"),
        ("general_settings: {enable_jwt_auth: true}\n", "enable_jwt_auth"),
        ("general_settings: {litellm_jwtauth: {enforce_rbac: true}}\n", "litellm_jwtauth"),
        ("general_settings: {role_permissions: [{role: team}]}\n", "role_permissions"),
        ("general_settings: {allowed_ips: [10.0.0.1]}\n", "allowed_ips"),
        ("litellm_settings: {personal_key_model_access_from_teams: true}\n", "personal_key_model_access_from_teams"),
        ("litellm_settings: {default_internal_user_params: {models: [a]}}\n", "default_internal_user_params"),
        ("teams: [{team_id: t, organization_id: o}]\n", "organization_id"),
        ("users: [{user_id: u, blocked: true}]\n", "blocked"),
    ],
)
def test_a_restriction_that_is_not_supported_is_refused(problems: Problems, text: str, word: str) -> None:
    (problem,) = problems(text)
    assert problem.endswith(f"`{word}` is not supported yet, and ignoring it could widen access; remove it")


@pytest.mark.parametrize(
    "text",
    [
        "organizations: []\n",
        "general_settings: {enable_jwt_auth: false, litellm_jwtauth: {}}\n",
        "litellm_settings: {personal_key_model_access_from_teams: false}\n",
        "litellm_settings: {default_internal_user_params: {max_budget: 1}}\n",
    ],
)
def test_an_unsupported_setting_that_restricts_nothing_is_accepted(read_text: Read, text: str) -> None:
    assert read_text(text).models == ()


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
