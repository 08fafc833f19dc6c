"""What is allowed and probably not meant."""

import pytest

from config.reading import Read

BASE = """
general_settings: {master_key: sk-1}
model_list:
  - {model_name: gpt-4, litellm_params: {model: openai/gpt-4, mock_response: hi}, model_info: {access_groups: [beta]}}
  - {model_name: openai/*, litellm_params: {model: openai/*, mock_response: hi}}
"""


def warnings(read_text: Read, text: str) -> list[str]:
    """The messages of a config's warnings."""
    return [warning.message for warning in read_text(text).warnings]


def test_a_plain_config_has_no_warnings(read_text: Read) -> None:
    assert warnings(read_text, BASE) == []


def test_a_config_without_master_key_is_warned_of(read_text: Read) -> None:
    text = BASE.replace("general_settings: {master_key: sk-1}", "")
    assert warnings(read_text, text) == ["`general_settings.master_key` is not set: nobody can use the admin API"]


def test_a_config_without_models_is_warned_of(read_text: Read) -> None:
    assert warnings(read_text, "general_settings: {master_key: sk-1}\n") == [
        "there is no `model_list`: every model is unknown"
    ]


@pytest.mark.parametrize(
    "item",
    [
        "gpt-4",
        "beta",
        "*",
        "all-proxy-models",
        "no-default-models",
        "openai/x",
        "gpt-5",
        "gpt-*",
        "openai/o*",
        "short",
    ],
)
def test_a_grant_that_covers_something_is_fine(read_text: Read, item: str) -> None:
    alias = "litellm_settings: {model_alias_map: {short: gpt-4}}\n"
    messages = warnings(read_text, f"{BASE}{alias}teams: [{{team_id: t, models: ['{item}', beta]}}]\n")
    assert messages == []


@pytest.mark.parametrize("item", ["gtp-4", "gpt-9", "gpt-4-eu", "bedrock/*", "bedrock/x", "gamma", ""])
def test_a_grant_that_names_nothing_known_is_warned_of(read_text: Read, item: str) -> None:
    messages = warnings(read_text, f"{BASE}teams: [{{team_id: t, models: [beta, '{item}']}}]\n")
    assert messages == [f"`{item}` names no model, group or alias of this config: it covers nothing in it"]


@pytest.mark.parametrize("item", ["GPT-4", "gpt--4"])
def test_the_name_that_was_probably_meant_is_told(read_text: Read, item: str) -> None:
    (message,) = warnings(read_text, f"{BASE}teams: [{{team_id: t, models: [beta, '{item}']}}]\n")
    assert message.endswith(
        f"`{item}` names no model, group or alias of this config: it covers nothing in it; did you mean `gpt-4`?"
    )


def test_a_group_that_nobody_is_granted_is_warned_of(read_text: Read) -> None:
    messages = warnings(read_text, BASE + "teams: [{team_id: t, models: [gpt-4]}]\n")
    assert messages == ["no list of models in this config grants the group `beta`"]


def test_a_group_named_like_a_special_word_is_warned_of(read_text: Read) -> None:
    messages = warnings(read_text, BASE.replace("[beta]", "[all-team-models]"))
    assert messages == ["the group `all-team-models` can never be granted: the word has a meaning of its own"]


def test_a_wildcard_that_another_always_precedes_is_warned_of(read_text: Read) -> None:
    text = BASE + "  - {model_name: openai/**, litellm_params: {model: openai/x, mock_response: hi}}\n"
    messages = warnings(read_text, text)
    assert messages == ["`openai/**` never answers: `openai/*` matches the same names and is more specific"]


def test_the_same_pattern_of_a_team_shadows_nothing(read_text: Read) -> None:
    item = "{model_name: openai/**, litellm_params: {model: openai/x, mock_response: hi}, model_info: {team_id: t}}"
    assert warnings(read_text, f"{BASE}  - {item}\n") == []


def test_an_alias_of_an_unknown_model_is_warned_of(read_text: Read) -> None:
    messages = warnings(read_text, BASE + "router_settings: {model_group_alias: {a: b, b: nowhere, c: gpt-5}}\n")
    assert messages == ["the alias `b` leads to `nowhere`, which is no model of the catalogue"]


def test_a_route_that_is_encoded_is_warned_of(read_text: Read) -> None:
    text = BASE.replace("sk-1}", "sk-1, allowed_routes: [/engines/a%2Fb/*]}")
    message = "`/engines/a%2Fb/*` is percent-encoded: write it decoded, as paths are compared"
    assert warnings(read_text, text) == [message]


def test_a_route_that_allows_nothing_is_warned_of(read_text: Read) -> None:
    text = BASE.replace("sk-1}", "sk-1, allowed_routes: [chat/completions, /v1/models, info_routes]}")
    assert warnings(read_text, text) == [
        "`chat/completions` is no path that begins with `/` and no group of routes: it allows nothing"
    ]


KEY = f"key_hash: 'sha256:{'0' * 64}'"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"keys: [{{{KEY}, team_id: x}}]", "the team `x` is not declared here; it must be in the database"),
        (
            f"teams: [{{team_id: research}}]\nkeys: [{{{KEY}, team_id: reserch}}]",
            "the team `reserch` is not declared here; did you mean `research`?",
        ),
        (f"keys: [{{{KEY}, user_id: x}}]", "the user `x` is not declared here"),
        (f"keys: [{{{KEY}, organization_id: x}}]", "the organization `x` is not declared here"),
        (f"keys: [{{{KEY}, project_id: x}}]", "the project `x` is not declared here"),
        (f"keys: [{{{KEY}, access_group_ids: [x]}}]", "the access group `x` is not declared here"),
        (
            f"keys: [{{{KEY}, access_group_ids: [beta]}}]",
            "the access group `beta` is not declared here; it is a",
        ),
        ("teams: [{team_id: t, organization_id: x}]", "the organization `x` is not declared here"),
        ("teams: [{team_id: t, access_group_ids: [x]}]", "the access group `x` is not declared here"),
        (
            "users: [{user_id: ada}]\nteams: [{team_id: t, members_with_roles: [{user_id: adda}]}]",
            "the user `adda` is not declared here; did you mean `ada`?",
        ),
        ("users: [{user_id: u, teams: [x]}]", "the team `x` is not declared here"),
        ("projects: [{project_id: p, team_id: x}]", "the team `x` is not declared here"),
        (
            "access_groups: [{access_group_id: g, access_model_names: [gpt-4], assigned_team_ids: [x]}]",
            "the team `x` is not declared here",
        ),
        (
            "organizations: [{organization_id: o, models: [all-team-models]}]",
            "`all-team-models` covers nothing",
        ),
        ("users: [{user_id: u, models: [all-team-models]}]", "`all-team-models` covers nothing"),
        (
            "customers: [{user_id: u, models: [all-team-models]}]",
            "`all-team-models` covers nothing",
        ),
        (
            f"keys: [{{{KEY}, models: [all-team-models]}}]",
            "`all-team-models` restricts nothing here",
        ),
        (
            "teams: [{team_id: t, models: [openai/gpt-4-o]}]",
            "`openai/gpt-4-o` is no name that is known; did you mean `openai/gpt-4o`?",
        ),
        (
            "teams: [{team_id: t, models: [gpt--4]}]",
            "`gpt--4` names no model, group or alias of this config: it covers nothing in it; did you mean `gpt-4`?",
        ),
        ("router_settings: {model_group_alias: {fast: beta}}", "`beta` is a group of models or a special word"),
        ("teams: [{team_id: t, model_aliases: {fast: beta}}]", "`beta` is a group of models or a special word"),
        ("router_settings: {fallbacks: [{gpt-4: [beta]}]}", "`beta` is a group of models or a special word"),
        ("router_settings: {fallbacks: [{beta: [gpt-4]}]}", "`beta` is a group of models or a special word"),
        ("access_groups: [{access_group_id: g}]", "the access group `g` grants no model"),
        (f"keys: [{{{KEY}, expires: '2020-01-01'}}]", "this key has expired"),
    ],
)
def test_what_does_nothing_is_warned_of(read_text: Read, text: str, said: str) -> None:
    assert any(message.startswith(said) for message in warnings(read_text, f"{BASE}{text}\n"))


def test_what_is_declared_is_not_warned_of(read_text: Read) -> None:
    text = f"""
teams: [{{team_id: t, organization_id: o, access_group_ids: [g], members_with_roles: [{{user_id: u}}], models: [beta]}}]
users: [{{user_id: u, teams: [t]}}]
organizations: [{{organization_id: o}}]
projects: [{{project_id: p, team_id: t}}]
access_groups: [{{access_group_id: g, access_model_names: [gpt-4], assigned_team_ids: [t]}}]
keys:
  - {{{KEY}, team_id: t, user_id: u, organization_id: o, project_id: p, access_group_ids: [g], models: [beta]}}
  - {{key_hash: 'sha256:{"1" * 64}', team_id: t, models: [all-team-models]}}
"""
    assert warnings(read_text, BASE + text) == []


@pytest.mark.parametrize("item", ["gpt-4o", "gpt-5", "gpt-4.1", "openai/x", "openai/o1-mini", "openai/gpt-5.9-turbo"])
def test_other_versions_under_a_wildcard_are_no_slips(read_text: Read, item: str) -> None:
    assert warnings(read_text, f"{BASE}teams: [{{team_id: t, models: [{item}, beta]}}]\n") == []


def test_a_slip_that_a_wildcard_covers_is_warned_of(read_text: Read) -> None:
    text = BASE.replace("model_name: gpt-4,", "model_name: openai/gpt-4,")
    assert warnings(read_text, f"{text}teams: [{{team_id: t, models: [openai/gpt--4, beta]}}]\n") == [
        "`openai/gpt--4` is no name that is known; did you mean `openai/gpt-4`?"
    ]


def test_an_entry_with_the_name_of_a_group_is_warned_of(read_text: Read) -> None:
    messages = warnings(read_text, BASE.replace("[beta]", "[gpt-4]"))
    assert "`gpt-4` is a group's name too: in a list of models it means both" in messages


def test_warnings_name_their_place(read_text: Read) -> None:
    (warning,) = read_text(BASE + "teams:\n  - {team_id: t, models: [beta, nothing]}\n").warnings
    assert (warning.line, warning.column) == (7, 33)
