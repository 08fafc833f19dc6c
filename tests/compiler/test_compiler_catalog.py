"""The rest of the catalogue: aliases, providers, settings, declared subjects."""

from pathlib import Path

from compiler.configs import catalog_of, deployment
from modelward.contract import Alias, Key, Settings, Team, User

HASH = "cd" * 32


def test_aliases_carry_their_final_target(tmp_path: Path) -> None:
    settings = {"model_group_alias": {"a": "b", "b": {"model": "gpt-4", "hidden": True}}}
    catalog = catalog_of(tmp_path, deployment("gpt-4"), router_settings=settings)
    assert catalog.aliases == {"a": Alias(target="gpt-4"), "b": Alias(target="gpt-4", hidden=True)}


def test_the_provider_table_holds_the_rule_s_prefixes(tmp_path: Path) -> None:
    table = catalog_of(tmp_path).providers
    expected = {
        **dict.fromkeys(("gpt-", "o1", "o3", "o4", "chatgpt-", "text-embedding-", "dall-e-"), "openai"),
        **dict.fromkeys(("whisper-", "tts-", "ft:gpt-"), "openai"),
        "claude-": "anthropic",
        "gemini-": "gemini",
        "command-": "cohere",
        "mistral-": "mistral",
        "codestral-": "mistral",
        "deepseek-": "deepseek",
        "grok-": "xai",
    }
    assert expected.items() <= {row.prefix: row.provider for rows in table.values() for row in rows}.items()


def test_prefixes_are_found_by_their_first_two_characters_the_longest_first(tmp_path: Path) -> None:
    table = catalog_of(tmp_path).providers
    assert all(row.prefix[:2] == start for start, rows in table.items() for row in rows)
    assert all(
        [len(row.prefix) for row in rows] == sorted((len(row.prefix) for row in rows), reverse=True)
        for rows in table.values()
    )


def test_settings_that_rules_read_are_there(tmp_path: Path) -> None:
    catalog = catalog_of(
        tmp_path,
        general_settings={"allowed_routes": ["/v1/models"], "admin_only_routes": ["/x"]},
        modelward_settings={"empty_list": "deny"},
    )
    assert catalog.settings == Settings(empty_list="deny", allowed_routes=["/v1/models"], admin_only_routes=["/x"])


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
    assert catalog.declared_keys == {HASH: Key(hash=HASH, alias="ci", team_id="t", expires_ns=1_000_000_000)}
    assert catalog.declared_teams == {
        "t": Team(team_id="t", alias="T", models=["gpt-4"], blocked=True, metadata={"a": 1})
    }
    assert catalog.declared_users == {"u": User(user_id="u", role="proxy_admin", teams=["t"])}


def test_the_catalogue_holds_no_credential_and_no_address(tmp_path: Path) -> None:
    params = {"model": "openai/x", "api_key": "sk-upstream", "api_base": "https://secret.example"}
    catalog = catalog_of(
        tmp_path, {"model_name": "a", "litellm_params": params}, general_settings={"master_key": "sk-master"}
    )
    printed = catalog.model_dump_json()
    assert not any(word in printed for word in ("sk-upstream", "secret.example", "sk-master"))


def test_compiling_leaves_the_revision_to_the_bundle(tmp_path: Path) -> None:
    assert catalog_of(tmp_path).revision == ""
