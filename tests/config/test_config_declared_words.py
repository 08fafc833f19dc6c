"""The words of declared subjects: what no record has here is refused, budgets and the like are noted (K2)."""

import pytest

from config.reading import Problems, Read

RECORDS = {
    "keys": "key_hash: sha256:" + "ab" * 32,
    "teams": "team_id: t",
    "users": "user_id: u",
    "organizations": "organization_id: o",
    "projects": "project_id: p",
    "customers": "user_id: c",
    "access_groups": "access_group_id: g",
}


def declared(section: str, field: str) -> str:
    """A config that declares one record with this field too."""
    return f"{section}:\n  - {RECORDS[section]}\n    {field}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("organizations: [{organization_id: o, modles: []}]\n", "1:38: `modles` is unknown; did you mean `models`?"),
        (
            "teams: [{team_id: t, members_with_roles: [{user_id: u, models: [a]}]}]\n",
            "1:56: `models` is unknown; did you mean `allowed_models`?",
        ),
        (
            "customers: [{user_id: c, allowed_models: [a]}]\n",
            "1:26: `allowed_models` is unknown; did you mean `models`?",
        ),
        (
            "access_groups: [{access_group_id: g, models: [a]}]\n",
            "1:38: `models` is unknown; did you mean `access_model_names`?",
        ),
        ("projects: [{project_id: p, teamid: t}]\n", "1:28: `teamid` is unknown; did you mean `team_id`?"),
        ("customers: [{user_id: c, modles: []}]\n", "1:26: `modles` is unknown; did you mean `models`?"),
        (
            "access_groups: [{access_group_id: g, access_model_name: [a]}]\n",
            "1:38: `access_model_name` is unknown; did you mean `access_model_names`?",
        ),
        (
            "teams: [{team_id: t, members_with_roles: [{user_id: u, alowed_models: [a]}]}]\n",
            "1:56: `alowed_models` is unknown; did you mean `allowed_models`?",
        ),
        (
            "teams: [{team_id: t, member_with_roles: []}]\n",
            "1:22: `member_with_roles` is unknown; did you mean `members_with_roles`?",
        ),
        (
            "teams: [{team_id: t, access_group_id: g}]\n",
            "1:22: `access_group_id` is unknown; did you mean `access_group_ids`?",
        ),
    ],
)
def test_a_near_miss_in_a_declaration_is_an_error(problems: Problems, text: str, expected: str) -> None:
    assert problems(text) == [f"config.yaml:{expected}"]


@pytest.mark.parametrize(
    ("section", "word", "right"),
    [
        ("keys", "org_id", "organization_id"),
        ("keys", "model_names", "models"),
        ("keys", "model_aliases", "aliases"),
        ("keys", "routes", "allowed_routes"),
        ("teams", "members", "members_with_roles"),
        ("teams", "org_id", "organization_id"),
        ("teams", "aliases", "model_aliases"),
        ("users", "role", "user_role"),
        ("users", "allowed_models", "models"),
        ("users", "team_id", "teams"),
        ("projects", "team", "team_id"),
        ("customers", "end_user_id", "user_id"),
        ("organizations", "org_alias", "organization_alias"),
        ("access_groups", "model_names", "access_model_names"),
        ("access_groups", "team_ids", "assigned_team_ids"),
    ],
)
def test_another_record_s_word_is_an_error_with_the_right_one(
    problems: Problems, section: str, word: str, right: str
) -> None:
    assert problems(declared(section, f"{word}: [a]")) == [
        f"config.yaml:3:5: `{word}` is unknown; did you mean `{right}`?"
    ]


def test_a_member_s_field_of_another_record_is_an_error_with_the_right_word(problems: Problems) -> None:
    (problem,) = problems("teams: [{team_id: t, members_with_roles: [{user_id: u, user_role: admin}]}]\n")
    assert problem == "config.yaml:1:56: `user_role` is unknown; did you mean `role`?"


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("end_users", "customers"),
        ("orgs", "organizations"),
        ("virtual_keys", "keys"),
        ("unified_access_groups", "access_groups"),
        ("team_members", "teams[].members_with_roles"),
    ],
)
def test_a_section_of_another_name_is_an_error_with_the_right_word(problems: Problems, word: str, right: str) -> None:
    assert problems(f"{word}: []\n") == [f"config.yaml:1:1: `{word}` is unknown; did you mean `{right}`?"]


@pytest.mark.parametrize("section", RECORDS)
def test_a_field_that_no_record_has_is_an_error(problems: Problems, section: str) -> None:
    assert problems(declared(section, "only_on_mondays: true")) == [
        "config.yaml:3:5: `only_on_mondays` is unknown; remove it"
    ]


def test_a_field_that_is_refused_is_never_proposed(problems: Problems) -> None:
    assert problems(declared("users", "organization_id: o")) == [
        "config.yaml:3:5: `organization_id` is unknown; remove it"
    ]


@pytest.mark.parametrize(
    ("section", "field"),
    [
        ("keys", "object_permission: {mcp_servers: [a]}"),
        ("keys", "allowed_model_region: eu"),
        ("keys", "enforced_params: [user]"),
        ("keys", "key_type: read_only"),
        ("teams", "object_permission: {vector_stores: [a]}"),
        ("teams", "default_team_member_models: [a]"),
        ("teams", "team_member_key_duration: 30d"),
        ("users", "blocked: true"),
        ("users", "organizations: [o]"),
        ("organizations", "blocked: true"),
        ("customers", "allowed_model_region: eu"),
        ("customers", "default_model: a"),
    ],
)
def test_a_restriction_that_is_not_supported_is_refused(problems: Problems, section: str, field: str) -> None:
    word = field.partition(":")[0]
    assert problems(declared(section, field)) == [
        f"config.yaml:3:5: `{word}` is not supported yet, and ignoring it could widen access; remove it"
    ]


@pytest.mark.parametrize(
    ("section", "field"),
    [
        ("keys", "object_permission: {mcp_servers: []}"),
        ("keys", "key_type: default"),
        ("organizations", "blocked: false"),
        ("customers", "allowed_model_region: "),
    ],
)
def test_a_restriction_that_restricts_nothing_is_accepted(read_text: Read, section: str, field: str) -> None:
    notes = [note.message for note in read_text(declared(section, field)).notes]
    assert notes == [f"`{section}.{field.partition(':')[0]}` has no bearing here"]


@pytest.mark.parametrize(
    ("section", "word"),
    [
        ("keys", "max_budget"),
        ("keys", "team_models"),
        ("teams", "tpm_limit"),
        ("users", "user_email"),
        ("organizations", "budget_id"),
        ("projects", "description"),
        ("customers", "metadata"),
        ("access_groups", "access_agent_ids"),
    ],
)
def test_what_restricts_no_models_is_noted(read_text: Read, section: str, word: str) -> None:
    notes = [note.message for note in read_text(declared(section, f"{word}: 1")).notes]
    assert notes == [f"`{section}.{word}` has no bearing here"]


def test_a_misspelt_budget_is_an_error_with_the_right_word(problems: Problems) -> None:
    assert problems(declared("keys", "max_budgt: 1")) == [
        "config.yaml:3:5: `max_budgt` is unknown; did you mean `max_budget`?"
    ]
