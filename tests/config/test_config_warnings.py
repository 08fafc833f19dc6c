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


@pytest.mark.parametrize("item", ["gtp-4", "GPT-4", "gpt-9", "gpt-4-eu", "bedrock/*", "bedrock/x", "gamma", ""])
def test_a_grant_that_names_nothing_known_is_warned_of(read_text: Read, item: str) -> None:
    messages = warnings(read_text, f"{BASE}teams: [{{team_id: t, models: [beta, '{item}']}}]\n")
    assert messages == [f"`{item}` names no model, group or alias of this config: it covers nothing in it"]


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


@pytest.mark.parametrize(
    "owner", ["users: [{user_id: u", "customers: [{user_id: u", "organizations: [{organization_id: u"]
)
def test_all_team_models_of_one_who_has_no_team_is_warned_of(read_text: Read, owner: str) -> None:
    messages = warnings(read_text, f"{BASE}{owner}, models: [all-team-models, beta]}}]\n")
    assert messages == ["`all-team-models` covers nothing here: it is for keys, teams, members and projects"]


def test_a_route_that_is_encoded_is_warned_of(read_text: Read) -> None:
    text = BASE.replace("sk-1}", "sk-1, allowed_routes: [/engines/a%2Fb/*, /engines/50%/*]}")
    message = "`/engines/a%2Fb/*` is percent-encoded: write it decoded, as paths are compared"
    assert warnings(read_text, text) == [message]


def test_a_route_that_allows_nothing_is_warned_of(read_text: Read) -> None:
    text = BASE.replace("sk-1}", "sk-1, allowed_routes: [chat/completions, /v1/models, info_routes]}")
    assert warnings(read_text, text) == [
        "`chat/completions` is no path that begins with `/` and no group of routes: it allows nothing"
    ]


def test_warnings_name_their_place(read_text: Read) -> None:
    (warning,) = read_text(BASE + "teams:\n  - {team_id: t, models: [beta, nothing]}\n").warnings
    assert (warning.line, warning.column) == (7, 33)
