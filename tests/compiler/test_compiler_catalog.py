"""The rest of the catalogue: aliases, providers, settings, declared subjects."""

from datetime import UTC, datetime
from pathlib import Path

from compiler.configs import catalog_of, deployment, read_values
from modelward.compiler import compile_catalog
from modelward.contract import (
    AccessGroup,
    Alias,
    Customer,
    Key,
    Member,
    Organization,
    Project,
    RolePermission,
    Settings,
    Team,
    TokenSettings,
    Unserved,
    User,
)

HASH = "cd" * 32


def test_aliases_carry_their_final_target(tmp_path: Path) -> None:
    settings = {"model_group_alias": {"a": "b", "b": {"model": "gpt-4", "hidden": True}}}
    catalog = catalog_of(tmp_path, deployment("gpt-4"), router_settings=settings)
    assert catalog.aliases == {"a": Alias(target="gpt-4"), "b": Alias(target="gpt-4", hidden=True)}


def test_a_published_name_has_its_providers_the_one_that_litellm_calls_first(tmp_path: Path) -> None:
    table = catalog_of(tmp_path).providers
    expected = {
        "gpt-4o": ["openai"],
        "claude-sonnet-4-5": ["anthropic"],
        "gemini-2.5-flash": ["vertex_ai", "gemini"],
        "gemini-flash-latest": ["gemini", "vertex_ai"],
        "anthropic.claude-3-5-sonnet-20240620-v1:0": ["bedrock"],
        "us.anthropic.claude-3-5-sonnet-20240620-v1:0": ["bedrock"],
    }
    assert {name: table[name] for name in expected} == expected


def test_names_that_the_config_adds_are_kept_apart_from_the_published_ones(tmp_path: Path) -> None:
    added = {"openai": ["gpt-4-eu", "gpt-4o"], "azure": ["gpt-4-eu", "gpt-4-eu"]}
    catalog = catalog_of(tmp_path, modelward_settings={"provider_names": added})
    assert catalog.provider_names == {"gpt-4-eu": ["openai", "azure"]}
    assert "gpt-4-eu" not in catalog.providers


def test_settings_that_rules_read_are_there(tmp_path: Path) -> None:
    catalog = catalog_of(
        tmp_path,
        general_settings={"allowed_routes": ["/v1/models"], "admin_only_routes": ["/x"]},
        litellm_settings={"personal_key_model_access_from_teams": True},
        modelward_settings={"empty_list": "deny"},
    )
    assert catalog.settings == Settings(
        empty_list="deny", allowed_routes=["/v1/models"], admin_only_routes=["/x"], personal_keys_from_teams=True
    )


def test_route_lists_that_are_not_set_are_not_empty_lists(tmp_path: Path) -> None:
    assert catalog_of(tmp_path).settings.allowed_routes is None
    assert catalog_of(tmp_path, general_settings={"allowed_routes": []}).settings.allowed_routes == []


def test_declared_subjects_are_keyed_by_what_is_looked_up(tmp_path: Path) -> None:
    catalog = catalog_of(
        tmp_path,
        deployment("gpt-4"),
        keys=[{"key_hash": f"sha256:{HASH}", "key_alias": "ci", "team_id": "t", "expires": "1970-01-01T00:00:01Z"}],
        teams=[{"team_id": "t", "team_alias": "T", "models": ["gpt-4"], "blocked": True, "metadata": {"a": 1}}],
        users=[{"user_id": "u", "user_role": "proxy_admin", "teams": ["t"]}],
    )
    assert catalog.declared_keys == {
        HASH: Key(token=HASH, key_alias="ci", team_id="t", expires=datetime.fromtimestamp(1, UTC))
    }
    assert catalog.declared_teams == {
        "t": Team(team_id="t", team_alias="T", models=["gpt-4"], blocked=True, metadata={"a": 1})
    }
    assert catalog.declared_users == {"u": User(user_id="u", user_role="proxy_admin", teams=["t"])}


def test_every_kind_of_declared_subject_is_there(tmp_path: Path) -> None:
    catalog = catalog_of(
        tmp_path,
        organizations=[{"organization_id": "o", "organization_alias": "O", "models": ["a"], "metadata": {"x": 1}}],
        projects=[
            {
                "project_id": "p",
                "project_alias": "P",
                "team_id": "t",
                "models": ["a"],
                "blocked": True,
                "metadata": {"x": 1},
            }
        ],
        customers=[{"user_id": "c", "alias": "C", "models": ["a"], "blocked": True}],
        access_groups=[
            {
                "access_group_id": "g",
                "access_group_name": "G",
                "description": "for research",
                "access_model_names": ["a"],
                "assigned_team_ids": ["t"],
                "assigned_key_ids": [f"sha256:{HASH}"],
            }
        ],
    )
    assert catalog.declared_organizations == {
        "o": Organization(organization_id="o", organization_alias="O", models=["a"], metadata={"x": 1})
    }
    assert catalog.declared_projects == {
        "p": Project(project_id="p", project_alias="P", team_id="t", models=["a"], blocked=True, metadata={"x": 1})
    }
    assert catalog.declared_customers == {"c": Customer(user_id="c", alias="C", models=["a"], blocked=True)}
    assert catalog.declared_access_groups == {
        "g": AccessGroup(
            access_group_id="g",
            access_group_name="G",
            description="for research",
            access_model_names=["a"],
            assigned_team_ids=["t"],
            assigned_key_ids=[HASH],
        )
    }


def test_keys_and_teams_carry_what_they_refer_to(tmp_path: Path) -> None:
    refers = {"organization_id": "o", "access_group_ids": ["g"]}
    catalog = catalog_of(
        tmp_path,
        keys=[{"key_hash": f"sha256:{HASH}", "project_id": "p", **refers}],
        teams=[{"team_id": "t", **refers}],
    )
    assert catalog.declared_keys[HASH] == Key(token=HASH, project_id="p", organization_id="o", access_group_ids=["g"])
    assert catalog.declared_teams["t"] == Team(team_id="t", organization_id="o", access_group_ids=["g"])


def test_members_are_keyed_by_team_and_user(tmp_path: Path) -> None:
    members = [{"user_id": "u", "allowed_models": ["a"]}, {"user_id": "v", "role": "admin"}]
    catalog = catalog_of(tmp_path, teams=[{"team_id": "t", "members_with_roles": members}, {"team_id": "empty"}])
    assert catalog.declared_members == {
        "t": {
            "u": Member(user_id="u", team_id="t", role="user", allowed_models=["a"]),
            "v": Member(user_id="v", team_id="t", role="admin"),
        }
    }


def test_a_declared_user_is_also_in_the_teams_that_name_it(tmp_path: Path) -> None:
    teams = [{"team_id": team, "members_with_roles": [{"user_id": "u"}]} for team in ("second", "first", "own")]
    catalog = catalog_of(tmp_path, teams=teams, users=[{"user_id": "u", "teams": ["own", "stored"]}, {"user_id": "v"}])
    assert catalog.declared_users["u"].teams == ["own", "stored", "second", "first"]
    assert catalog.declared_users["v"].teams == []


def test_what_is_made_of_tokens_is_there(tmp_path: Path) -> None:
    general = {
        "enable_jwt_auth": True,
        "litellm_jwtauth": {"enforce_rbac": True},
        "role_permissions": [{"role": "team", "models": ["a"]}],
    }
    environ = {"JWT_PUBLIC_KEY_URL": "https://id.example/keys"}
    catalog = compile_catalog(read_values(tmp_path, {"general_settings": general}, environ))
    assert catalog.tokens == TokenSettings(enforce_roles=True, roles={"team": RolePermission(models=["a"])})


def test_the_catalogue_holds_no_credential_and_no_address(tmp_path: Path) -> None:
    params = {"model": "openai/x", "api_key": "sk-upstream", "api_base": "https://secret.example"}
    catalog = catalog_of(
        tmp_path, {"model_name": "a", "litellm_params": params}, general_settings={"master_key": "sk-master"}
    )
    printed = catalog.model_dump_json()
    assert not any(word in printed for word in ("sk-upstream", "secret.example", "sk-master"))


def test_compiling_leaves_the_revision_to_the_bundle(tmp_path: Path) -> None:
    assert catalog_of(tmp_path).revision == ""


def test_a_deployment_that_takes_no_calls_is_kept_apart_from_those_that_do(tmp_path: Path) -> None:
    silent = {
        "model_name": "a",
        "litellm_params": {"model": "zai/x"},
        "model_info": {"id": "d1", "access_groups": ["g"]},
    }
    keyless = {"model_name": "b", "litellm_params": {"model": "openai/x"}, "model_info": {"id": "d2"}}
    entries = catalog_of(tmp_path, silent, deployment("a", "h", id="d3"), keyless).common.entries
    assert entries["a"].deployments == {"d3": {"h": True}}
    assert entries["a"].out_of_service == {"d1": Unserved(why="provider_not_spoken", groups={"g": True})}
    assert entries["a"].groups == {"g": True, "h": True}
    assert entries["b"].deployments == {}
    assert entries["b"].out_of_service == {"d2": Unserved(why="provider_not_configured")}
