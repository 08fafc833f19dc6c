"""Where a declared list of models stands, for explanations."""

from pathlib import Path

from config.reading import Read

HASH = "ab" * 32
TEXT = f"""\
model_list:
  - {{model_name: own, litellm_params: {{model: openai/a}}, model_info: {{team_id: t, team_public_model_name: gpt-4}}}}
  - {{model_name: gpt-4, litellm_params: {{model: openai/a}}}}
  - {{model_name: gpt-4, litellm_params: {{model: openai/b}}}}
keys:
  - key_hash: sha256:{HASH}
    models:
      - gpt-4
teams:
  - team_id: t
    models: [gpt-4]
    members_with_roles:
      - user_id: u
        allowed_models: [gpt-4]
users: [{{user_id: u}}]
organizations: [{{organization_id: o, models: [gpt-4]}}]
projects: [{{project_id: p, models: [gpt-4]}}]
customers: [{{user_id: c, models: [gpt-4]}}]
access_groups: [{{access_group_id: g, access_model_names: [gpt-4]}}]
general_settings:
  role_permissions:
    - {{role: team, models: [gpt-4]}}
    - {{role: internal_user}}
  litellm_jwtauth:
    enforce_scope_based_access: true
    scope_mappings: [{{scope: s, models: [gpt-4]}}, {{scope: s, models: [own]}}]
"""


def test_each_list_of_models_and_each_entry_has_its_place(read_text: Read, tmp_path: Path) -> None:
    places = read_text(TEXT, secrets="refuse").places
    assert {subject: place.removeprefix(f"{tmp_path}/") for subject, place in places.items()} == {
        ("model", "own"): "config.yaml:2:5",
        ("model", "gpt-4"): "config.yaml:3:5",
        ("key", HASH): "config.yaml:8:7",
        ("team", "t"): "config.yaml:11:13",
        ("member", "t/u"): "config.yaml:14:25",
        ("user", "u"): "config.yaml:15:9",
        ("organization", "o"): "config.yaml:16:46",
        ("project", "p"): "config.yaml:17:36",
        ("customer", "c"): "config.yaml:18:34",
        ("access_group", "g"): "config.yaml:19:58",
        ("role", "team"): "config.yaml:22:28",
        ("role", "internal_user"): "config.yaml:23:7",
        ("scope", "s"): "config.yaml:26:41",
    }


def test_a_place_in_an_included_file_names_that_file(read_text: Read) -> None:
    files = {"sub/teams.yaml": "teams:\n  - {team_id: t, models: [a]}\n"}
    places = read_text("include: [sub/teams.yaml]\n", files=files).places
    assert places["team", "t"] == "sub/teams.yaml:2:26"
