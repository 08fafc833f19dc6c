"""Declared organizations, projects, customers, access groups and members (K2)."""

import pytest

from config.reading import Problems, Read
from modelward.contract import AccessGroup, Customer, Member, Organization, Project

HASH = "ab" * 32


def test_an_organization_is_read(read_text: Read) -> None:
    config = read_text("organizations: [{organization_id: o, organization_alias: O, models: [a], metadata: {x: 1}}]\n")
    assert tuple(config.organizations.values()) == (
        Organization(organization_id="o", organization_alias="O", models=["a"], metadata={"x": 1}),
    )


def test_a_project_is_read(read_text: Read) -> None:
    text = "{project_id: p, project_alias: P, team_id: elsewhere, models: [a], blocked: true, metadata: {x: 1}}"
    assert tuple(read_text(f"projects: [{text}]\n").projects.values()) == (
        Project(
            project_id="p",
            project_alias="P",
            team_id="elsewhere",
            models=["a"],
            blocked=True,
            metadata={"x": 1},
        ),
    )


def test_a_customer_is_read(read_text: Read) -> None:
    config = read_text("customers: [{user_id: c, alias: C, models: [a], blocked: true}]\n")
    assert tuple(config.customers.values()) == (Customer(user_id="c", alias="C", models=["a"], blocked=True),)


def test_an_access_group_is_read_and_its_keys_are_hashes_in_either_form(read_text: Read) -> None:
    config = read_text(f"""
        access_groups:
          - access_group_id: g
            access_group_name: G
            description: for research
            access_model_names: [a]
            assigned_team_ids: [elsewhere]
            assigned_key_ids: ["sha256:{HASH}", "{HASH.upper()}"]
        """)
    assert tuple(config.access_groups.values()) == (
        AccessGroup(
            access_group_id="g",
            access_group_name="G",
            description="for research",
            access_model_names=["a"],
            assigned_team_ids=["elsewhere"],
            assigned_key_ids=[HASH, HASH],
        ),
    )


def test_a_team_has_members(read_text: Read) -> None:
    members = "[{user_id: u, role: admin, allowed_models: [a]}, {user_id: v, user_email: v@x.example}]"
    config = read_text(f"teams: [{{team_id: t, members_with_roles: {members}}}]\n")
    assert config.teams[0].members_with_roles == [
        Member(team_id="t", user_id="u", role="admin", allowed_models=["a"]),
        Member(team_id="t", user_id="v", role="user", allowed_models=[]),
    ]


def test_keys_and_teams_name_records_that_the_file_need_not_declare(read_text: Read) -> None:
    config = read_text(f"""
        keys: [{{key_hash: "sha256:{HASH}", project_id: p, organization_id: o, access_group_ids: [g]}}]
        teams: [{{team_id: t, organization_id: o, access_group_ids: [g]}}]
        """)
    (key,), (team,) = config.keys.values(), config.teams.values()
    assert (key.project_id, key.organization_id, key.access_group_ids) == ("p", "o", ["g"])
    assert (team.organization_id, team.access_group_ids) == ("o", ["g"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("organizations: [{}]\n", "1:17: `organization_id` is missing"),
        ("projects: [{}]\n", "1:12: `project_id` is missing"),
        ("customers: [{alias: a}]\n", "1:13: `user_id` is missing"),
        ("access_groups: [{}]\n", "1:17: `access_group_id` is missing"),
        ("organizations: {}\n", "1:16: `organizations` must be a list"),
        ("projects: [{project_id: p, models: a}]\n", "1:36: `models` must be a list, not text"),
        (
            "teams: [{team_id: t, members_with_roles: [{role: user}]}]\n",
            "1:43: `user_id` is missing",
        ),
        (
            "teams: [{team_id: t, members_with_roles: [{user_id: u, role: owner}]}]\n",
            "1:62: `role` must be one of `user` or `admin`",
        ),
        (
            "access_groups: [{access_group_id: g, assigned_key_ids: [sk-1]}]\n",
            "1:57: item 1 of `assigned_key_ids`: must be the 64 hex digits of a key's SHA-256, "
            "with or without `sha256:`",
        ),
        (
            "organizations: [{organization_id: o}, {organization_id: o}]\n",
            "1:57: this `organization_id` is declared twice; keep one",
        ),
        ("projects: [{project_id: p}, {project_id: p}]\n", "1:42: this `project_id` is declared twice; keep one"),
        ("customers: [{user_id: c}, {user_id: c}]\n", "1:37: this `user_id` is declared twice; keep one"),
        (
            "access_groups: [{access_group_id: g}, {access_group_id: g}]\n",
            "1:57: this `access_group_id` is declared twice; keep one",
        ),
        (
            "teams: [{team_id: t, members_with_roles: [{user_id: u}, {user_id: u}]}]\n",
            "1:67: this `user_id` is declared twice; keep one",
        ),
    ],
)
def test_a_faulty_declaration_is_reported_at_its_place(problems: Problems, text: str, expected: str) -> None:
    assert problems(text) == [f"config.yaml:{expected}"]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("organizations: [{organization_id: o, models: [beta, nothing]}]\n", 53),
        ("projects: [{project_id: p, models: [beta, nothing]}]\n", 43),
        ("customers: [{user_id: c, models: [beta, nothing]}]\n", 41),
        ("access_groups: [{access_group_id: g, access_model_names: [beta, nothing]}]\n", 65),
        ("teams: [{team_id: t, members_with_roles: [{user_id: u, allowed_models: [beta, nothing]}]}]\n", 79),
    ],
)
def test_a_grant_that_names_nothing_known_is_warned_of(read_text: Read, text: str, column: int) -> None:
    base = "general_settings: {master_key: sk-1}\nmodel_list:\n"
    model = "{model_name: a, litellm_params: {model: openai/a, mock_response: hi}, model_info: {access_groups: [beta]}}"
    (warning,) = read_text(f"{base}  - {model}\n{text}").warnings
    assert (warning.line, warning.column) == (4, column)
    assert warning.message == "`nothing` names no model, group or alias of this config: it covers nothing in it"


def test_personal_keys_may_take_models_from_teams(read_text: Read) -> None:
    off = read_text("litellm_settings: {personal_key_model_access_from_teams: false}\n")
    on = read_text("litellm_settings: {personal_key_model_access_from_teams: true}\n")
    assert not off.litellm_settings.personal_key_model_access_from_teams
    assert on.litellm_settings.personal_key_model_access_from_teams
