"""What the config makes of tokens: `litellm_jwtauth` and `role_permissions` (section 7)."""

import pytest

from config.reading import TOKEN_ENVIRON, Read, with_auth
from modelward.contract import ClaimPaths, RoleMapping, RolePermission, ScopeMapping, TokenSettings


def tokens(read_text: Read, settings: str, *others: str) -> TokenSettings:
    """What is compiled of these `litellm_jwtauth` settings."""
    return read_text(with_auth(settings, *others), TOKEN_ENVIRON).tokens


def test_without_settings_all_defaults_hold(read_text: Read) -> None:
    assert tokens(read_text, "") == TokenSettings()


def test_settings_left_empty_are_settings_left_out(read_text: Read) -> None:
    words = "admin_jwt_scope admin_allowed_routes team_allowed_routes enforce_rbac role_mappings scope_mappings issuers"
    more = "user_allowed_roles user_roles_jwt_field unregistered_jwt_client_behavior public_key_ttl user_id_upsert"
    config = read_text(with_auth(", ".join(f"{word}: " for word in f"{words} {more}".split())), TOKEN_ENVIRON)
    assert config.tokens == TokenSettings()
    assert config.issuers[0].key_seconds == 600.0


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("admin_jwt_scope: boss", {"admin_scope": "boss"}),
        ("admin_allowed_routes: [openai_routes, /x]", {"admin_allowed_routes": ["openai_routes", "/x"]}),
        ("team_allowed_routes: []", {"team_allowed_routes": []}),
        ("team_claim_fallback: true", {"team_claim_fallback": True}),
        ("enforce_team_based_model_access: true", {"enforce_team": True}),
        ("user_allowed_email_domain: x.example", {"user_allowed_email_domain": "x.example"}),
        ("user_roles_jwt_field: r, user_allowed_roles: [a]", {"user_allowed_roles": ["a"]}),
        ("user_id_upsert: true", {"unknown_users": True}),
        (
            "role_mappings: [{role: r, internal_role: team}, {role: s, internal_role: proxy_admin}]",
            {
                "role_mappings": [
                    RoleMapping(role="r", internal_role="team"),
                    RoleMapping(role="s", internal_role="proxy_admin"),
                ]
            },
        ),
        (
            "enforce_scope_based_access: true, scope_mappings: [{scope: s, models: [a], routes: [/x]}, {scope: t}]",
            {
                "enforce_scopes": True,
                "scopes": [ScopeMapping(scope="s", models=["a"], routes=["/x"]), ScopeMapping(scope="t")],
            },
        ),
        ("enforce_rbac: true", {"enforce_roles": True}),
        (
            "virtual_key_claim_field: k, unregistered_jwt_client_behavior: reject",
            {"reject_unmapped_clients": True},
        ),
        ("unregistered_jwt_client_behavior: fallback_team_mapping", {}),
        ("unregistered_jwt_client_behavior: fallback", {}),
    ],
)
def test_each_setting_is_compiled(read_text: Read, setting: str, expected: dict[str, object]) -> None:
    assert tokens(read_text, setting) == TokenSettings().model_copy(update=expected)


def test_an_absent_list_of_a_role_is_any_and_an_empty_one_nothing(read_text: Read) -> None:
    permissions = "  role_permissions: [{role: team, models: [], routes: [/x]}, {role: internal_user, models: [a]}]"
    assert tokens(read_text, "enforce_rbac: true", permissions).roles == {
        "team": RolePermission(models=[], routes=["/x"]),
        "internal_user": RolePermission(models=["a"], routes=None),
    }


def test_unmapped_tokens_may_be_allowed(read_text: Read) -> None:
    assert tokens(read_text, "", "modelward_settings: {allow_unmapped_jwt: true}").allow_unmapped


def test_every_claim_has_its_place(read_text: Read) -> None:
    fields = {
        "team_id": "team_id_jwt_field",
        "team_id_default": "team_id_default",
        "team_alias": "team_alias_jwt_field",
        "team_ids": "team_ids_jwt_field",
        "user_id": "user_id_jwt_field",
        "email": "user_email_jwt_field",
        "user_roles": "user_roles_jwt_field",
        "roles": "roles_jwt_field",
        "object_id": "object_id_jwt_field",
        "organization_id": "org_id_jwt_field",
        "key": "virtual_key_claim_field",
    }
    needed = "user_allowed_roles: [], role_mappings: []"
    settings = ", ".join(f"{field}: claims.{fact}" for fact, field in fields.items())
    (issuer,) = read_text(with_auth(f"{settings}, {needed}"), TOKEN_ENVIRON).issuers
    assert issuer.paths == ClaimPaths(**{fact: f"claims.{fact}" for fact in fields})


@pytest.mark.parametrize(
    ("settings", "key"),
    [("jwt_client_id_field: old", "old"), ("jwt_client_id_field: old, virtual_key_claim_field: new", "new")],
)
def test_the_older_name_of_the_key_s_claim_works(read_text: Read, settings: str, key: str) -> None:
    assert read_text(with_auth(settings), TOKEN_ENVIRON).issuers[0].paths.key == key
