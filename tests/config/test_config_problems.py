"""Wrong types, missing settings and names that mean two things: all reported at once."""

import pytest

from config.reading import Problems, Read, with_deployment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("model_list: {}\n", "1:13: `model_list` must be a list"),
        ("model_list: [1]\n", "1:14: item 1 of `model_list` must be a map, not a number"),
        ("model_list:\n  - {litellm_params: {model: a}}\n", "2:5: `model_name` is missing"),
        ("model_list:\n  - {model_name: a}\n", "2:5: `litellm_params` is missing"),
        ("model_list:\n  - {model_name: a, litellm_params: x}\n", "2:37: `litellm_params` must be a map, not text"),
        (
            "model_list:\n  - {model_name: 4, litellm_params: {model: a}}\n",
            "2:18: `model_name` must be text, not a number",
        ),
        (with_deployment("model_info: []"), "4:17: `model_info` must be a map, not a list"),
        (with_deployment("model_info: {access_groups: beta}"), "4:33: `access_groups` must be a list, not text"),
        (
            with_deployment("model_info: {access_groups: [1]}"),
            "4:34: item 1 of `access_groups` must be text, not a number",
        ),
        (
            with_deployment("model_info: {access_groups: [~]}"),
            "4:34: item 1 of `access_groups` must be text, not nothing",
        ),
        (with_deployment("model_info: {id: {}}"), "4:22: `id` must be text, not a map"),
        ("router_settings: []\n", "1:18: `router_settings` must be a map, not a list"),
        ("router_settings: {model_group_alias: [a]}\n", "1:38: `model_group_alias` must be a map, not a list"),
        ("router_settings: {model_group_alias: {a: 1}}\n", "1:42: `a` must be a map, not a number"),
        ("router_settings: {model_group_alias: {a: {hidden: true}}}\n", "1:42: `model` is missing"),
        (
            "router_settings: {model_group_alias: {a: {model: b, hidden: maybe}}}\n",
            "1:61: `hidden` must be true or false, not text",
        ),
        ("litellm_settings: {model_alias_map: {a: {}}}\n", "1:41: `a` must be text, not a map"),
        ("general_settings: {allowed_routes: /x}\n", "1:36: `allowed_routes` must be a list, not text"),
        ("general_settings: {master_key: {}}\n", "1:32: `master_key` must be text, not a map"),
        ("general_settings: {completion_model: [a]}\n", "1:38: `completion_model` must be text, not a list"),
        ("modelward_settings: {empty_list: open}\n", "1:34: `empty_list` must be one of `allow` or `deny`"),
        ("modelward_settings: {model_fields: x.model}\n", "1:36: `model_fields` must be a list, not text"),
        ("modelward_settings: {model_fields: [1]}\n", "1:37: item 1 of `model_fields` must be text, not a number"),
        *(
            (
                f'modelward_settings: {{model_fields: ["{place}"]}}\n',
                f"1:37: item 1 of `model_fields`: `{place}` is no place of a body; write one such as",
            )
            for place in (
                "",
                " x",
                "x..y",
                ".x",
                "x.",
                "x[",
                "x[0].y",
                "x[][].y",
                "*",
                "*.x",
                "x.**.y",
                "x.*.y",
                "x[]?.y",
            )
        ),
        (
            "modelward_settings: {model_fields: [extra_body.x]}\n",
            "1:37: item 1 of `model_fields`: `extra_body.x` names no field of its own",
        ),
        ("teams: {}\n", "1:8: `teams` must be a list"),
        ("teams: [{}]\n", "1:9: `team_id` is missing"),
        ("users: [{user_id: u, user_role: boss}]\n", "1:33: `user_role` must be one of `proxy_admin`"),
        ("teams: [{team_id: t, blocked: 7}]\n", "1:31: `blocked` must be true or false, not a number"),
        ("teams: [{team_id: t, metadata: []}]\n", "1:32: `metadata` must be a map, not a list"),
        (
            f"teams: [{{team_id: t, metadata: {{n: {'9' * 30}}}}}]\n",
            "1:32: `metadata`: holds what JSON has no form",
        ),
    ],
)
def test_a_wrong_type_is_reported_at_its_place(problems: Problems, text: str, expected: str) -> None:
    assert problems(text)[0].startswith(f"config.yaml:{expected}")


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("timeout: soon", "`timeout` must be a number, not text"),
        ("timeout: yes", "`timeout`: must be a number, not a boolean"),
        ("timeout: 0", "`timeout` must be more than 0"),
        ("weight: -1", "`weight` must be at least 0"),
        ("weight: .inf", "`weight` must be a finite number"),
        ("api_base: x.example", "`api_base`: must be an address that begins with `https://` or `http://`"),
        ("mock_response: {}", "`mock_response` must be text, not a map"),
    ],
)
def test_a_deployment_s_setting_is_checked(problems: Problems, setting: str, expected: str) -> None:
    text = f"model_list:\n  - model_name: a\n    litellm_params: {{model: openai/a, {setting}}}\n"
    assert expected in problems(text)[0]


@pytest.mark.parametrize("name", ['""', '" a"', '"a "', '"a\\tb"', '"a\\x7f"', "a/../b", "./a"])
def test_a_name_that_no_request_can_carry_is_refused(problems: Problems, name: str) -> None:
    text = f"model_list:\n  - model_name: {name}\n    litellm_params: {{model: openai/a}}\n"
    assert problems(text)[0].startswith("config.yaml:2:17: `model_name`: ")


def test_all_problems_are_reported_at_once_and_sorted(problems: Problems) -> None:
    found = problems("""\
        general_settings: {master_key: [], maxter_key: 1}
        model_list:
          - model_name: 4
            litellm_params: {modle: x}
        teams: [{team_id: t}, {team_id: t}]
        router_settings: {model_group_alias: {a: b, b: a}}
        """)
    assert [problem.split(": ")[0] for problem in found] == [
        "config.yaml:1:32",
        "config.yaml:1:36",
        "config.yaml:3:17",
        "config.yaml:4:21",
        "config.yaml:4:22",
        "config.yaml:5:33",
        "config.yaml:6:42",
    ]


def test_a_setting_left_empty_is_a_setting_left_out(read_text: Read) -> None:
    params = "{model: openai/a, mock_response: hi, api_key: , weight: , timeout: , api_base: , api_version: }"
    info = "{id: , access_groups: , team_id: , team_public_model_name: }"
    text = f"""
        router_settings: {{timeout: , model_group_alias: }}
        litellm_settings: {{request_timeout: , model_alias_map: }}
        general_settings: {{master_key: , completion_model: , allowed_routes: , admin_only_routes: }}
        model_list: [{{model_name: a, litellm_params: {params}, model_info: {info}}}]
        """
    config = read_text(text)
    general = config.general_settings
    assert (config.timeout, general.allowed_routes, general.admin_only_routes) == (None, None, [])
    assert config.models[0].item.litellm_params.timeout is None


def test_a_section_left_empty_is_a_section_left_out(read_text: Read) -> None:
    text = "model_list:\nrouter_settings:\ngeneral_settings:\nkeys:\nteams: ~\nenvironment_variables:\n"
    config = read_text(text)
    assert (config.models, config.general_settings.master_key, config.keys) == ((), None, {})


def test_a_model_named_only_by_its_team_s_public_name_is_refused(problems: Problems) -> None:
    found = problems(with_deployment("model_info: {team_public_model_name: x}"))
    assert found == [
        "config.yaml:4:17: `model_info`: `team_public_model_name` needs `team_id`: without it the model is everybody's"
    ]


def test_an_id_given_twice_is_refused(problems: Problems) -> None:
    one = "  - {model_name: a, litellm_params: {model: openai/a}, model_info: {id: x}}\n"
    assert problems("model_list:\n" + one + one) == ["config.yaml:3:73: the `id` `x` is given to two deployments"]


def test_a_team_s_name_with_two_meanings_is_refused(problems: Problems) -> None:
    found = problems("""\
        model_list:
          - model_name: x
            litellm_params: {model: openai/a}
            model_info: {team_id: t, team_public_model_name: one}
          - model_name: one
            litellm_params: {model: openai/b}
            model_info: {team_id: t, team_public_model_name: two}
        """)
    message = "for team `t` the name `one` already means another public name; choose another `model_name`"
    assert found == [f"config.yaml:5:17: {message}"]


def test_admin_routes_that_restrict_nothing_are_refused(problems: Problems) -> None:
    found = problems("general_settings: {admin_only_routes: [key/generate]}\n")
    assert found[0].startswith("config.yaml:1:40: item 1 of `admin_only_routes`: `key/generate` restricts no route;")


def test_admin_routes_that_are_encoded_are_refused(problems: Problems) -> None:
    found = problems("general_settings: {admin_only_routes: [/engines/a%2Fb/*]}\n")
    start = "config.yaml:1:40: item 1 of `admin_only_routes`: `/engines/a%2Fb/*` is percent-encoded"
    assert found == [f"{start}, and restricts no other spelling; write it decoded, as paths are compared"]


def test_litellm_s_names_of_route_groups_are_understood(read_text: Read) -> None:
    config = read_text("general_settings: {allowed_routes: [LiteLLMRoutes.openai_routes, /x]}\n")
    assert config.general_settings.allowed_routes == ["openai_routes", "/x"]


def test_a_file_of_a_kind_that_cannot_be_read_is_a_problem(problems: Problems) -> None:
    assert problems("!odd {}") == ["config.yaml:1:1: a value of the kind `!odd` cannot be read here"]
