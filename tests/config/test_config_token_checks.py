"""Settings for tokens that are faulty, not supported, not applied or let nobody through (R4, R10)."""

import pytest

from config.reading import TOKEN_ENVIRON, Problems, Read, with_auth
from modelward.contract import RolePermission, TokenSettings


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("enforce_rbacc: true", "4:21: `enforce_rbacc` is unknown; did you mean `enforce_rbac`?"),
        ("colour: red", "4:21: `colour` is unknown; remove it"),
        (
            "user_allowed_email_subdomain: x",
            "4:21: `user_allowed_email_subdomain` is unknown; did you mean `user_allowed_email_domain`?",
        ),
        (
            "user_roles_jwt_field: r",
            "4:21: `user_roles_jwt_field` needs `user_allowed_roles`; set both, or remove this",
        ),
        (
            "user_allowed_roles: [a]",
            "4:21: `user_allowed_roles` need `user_roles_jwt_field`; set both, or remove this",
        ),
        (
            "object_id_jwt_field: oid",
            "4:21: `object_id_jwt_field` needs `role_mappings`, which say whose id it is; set them, or remove this",
        ),
        (
            "scope_mappings: [{scope: s}]",
            "4:21: `scope_mappings` need `enforce_scope_based_access: true`; set it, or remove them",
        ),
        (
            "unregistered_jwt_client_behavior: auto_register",
            "4:55: `unregistered_jwt_client_behavior`: `auto_register` is not supported; "
            "write `reject` or `fallback_team_mapping`",
        ),
        (
            "unregistered_jwt_client_behavior: allow",
            "4:55: `unregistered_jwt_client_behavior` must be one of `reject`, `fallback_team_mapping` or `fallback`",
        ),
        (
            "role_mappings: [{role: r, internal_role: boss}]",
            "4:62: `internal_role` must be one of `proxy_admin`, `team` or `internal_user`",
        ),
        ("role_mappings: [{role: r}]", "4:37: `internal_role` is missing"),
        (
            "role_mappings: [{role: r, internal_role: team, model: a}]",
            "4:68: `model` is unknown; remove it",
        ),
        (
            "enforce_scope_based_access: true, scope_mappings: [{scope: s, modles: [a]}]",
            "4:83: `modles` is unknown; did you mean `models`?",
        ),
        (
            "user_allowed_email_domain: '@x.example'",
            "4:48: `user_allowed_email_domain`: must be what stands after the `@`, such as `example.com`",
        ),
        ("team_id_jwt_field: ''", "4:40: `team_id_jwt_field`: a name must not be empty"),
        ("public_key_ttl: 0", "4:37: `public_key_ttl` must be more than 0"),
        ("admin_allowed_routes: /x", "4:43: `admin_allowed_routes` must be a list, not text"),
    ],
)
def test_a_faulty_setting_is_reported_at_its_place(problems: Problems, settings: str, expected: str) -> None:
    assert problems(with_auth(settings), TOKEN_ENVIRON) == [f"config.yaml:{expected}"]


@pytest.mark.parametrize(
    "setting",
    [
        "custom_validate: hooks.check",
        "team_id_upsert: true",
        "upsert_sso_user_to_team: true",
        "fallback_to_db_teams: true",
        "end_user_id_jwt_field: sub",
        "org_alias_jwt_field: org",
        "customer_org_alias_jwt_field: org",
        "customer_member_id_jwt_field: member",
        "customer_team_id_jwt_field: team",
        "jwt_litellm_role_map: [{jwt_role: a, litellm_role: proxy_admin}]",
        "sync_user_role_and_teams: true",
        "routing_overrides: [{iss: x}]",
        "oidc_userinfo_enabled: true",
        "public_allowed_routes: [/v1/models]",
        "public_allowed_routes: []",
        "public_key_stale_ttl: 0",
    ],
)
def test_a_setting_that_would_decide_and_is_not_supported_is_refused(problems: Problems, setting: str) -> None:
    word = setting.partition(":")[0]
    assert problems(with_auth(setting), TOKEN_ENVIRON) == [
        f"config.yaml:4:21: `{word}` is not supported yet, and ignoring it could widen access; remove it"
    ]


def test_settings_that_only_tune_caches_are_notes(read_text: Read) -> None:
    words = ("oidc_userinfo_cache_ttl", "oidc_userinfo_endpoint", "virtual_key_mapping_cache_ttl")
    config = read_text(with_auth(", ".join(f"{word}: 1" for word in words)), TOKEN_ENVIRON)
    assert [note.message for note in config.notes] == [
        f"`general_settings.litellm_jwtauth.{word}` has no bearing here" for word in words
    ]


@pytest.mark.parametrize(
    ("permissions", "expected"),
    [
        ("{role: boss}", "5:29: `role` must be one of `proxy_admin`, `team` or `internal_user`"),
        ("{role: team, model: [a]}", "5:35: `model` is unknown; did you mean `models`?"),
        ("{role: team}, {role: team}", "5:43: the role `team` is listed twice; keep one"),
        ("{role: team, models: a}", "5:43: `models` must be a list, not text"),
    ],
)
def test_faulty_role_permissions_are_reported(problems: Problems, permissions: str, expected: str) -> None:
    text = with_auth("enforce_rbac: true", f"  role_permissions: [{permissions}]")
    assert problems(text, TOKEN_ENVIRON) == [f"config.yaml:{expected}"]


def warnings(read_text: Read, text: str) -> list[tuple[int, int, str]]:
    """The places and messages of a config's warnings."""
    found = read_text(text, TOKEN_ENVIRON).warnings
    return [(warning.line, warning.column, warning.message) for warning in found]


def test_role_permissions_without_enforce_rbac_are_compiled_and_warned_of(read_text: Read) -> None:
    text = with_auth("", "  role_permissions: [{role: team, models: [a]}]")
    message = "`role_permissions` are not applied without `enforce_rbac: true` in `litellm_jwtauth`"
    assert warnings(read_text, text) == [(5, 3, message)]
    assert read_text(text, TOKEN_ENVIRON).tokens.roles == {"team": RolePermission(models=["a"])}


def test_settings_without_jwt_auth_are_not_applied_and_warned_of(read_text: Read) -> None:
    text = with_auth("enforce_rbac: true", "  role_permissions: [{role: team}]").replace("auth: true", "auth: false")
    assert warnings(read_text, text) == [
        (4, 3, "`litellm_jwtauth` is not applied without `enable_jwt_auth: true`"),
        (5, 3, "`role_permissions` is not applied without `enable_jwt_auth: true`"),
    ]
    assert read_text(text, TOKEN_ENVIRON).tokens == TokenSettings()


@pytest.mark.parametrize(
    ("settings", "column", "message"),
    [
        ("enforce_scope_based_access: true", 21, "without `scope_mappings` no token may use any model"),
        (
            "unregistered_jwt_client_behavior: reject",
            21,
            "without `virtual_key_claim_field` every token is refused",
        ),
        (
            "team_allowed_routes: [mcp_routes]",
            43,
            "`mcp_routes` is no path that begins with `/` and no group of routes: it allows nothing",
        ),
        (
            "enforce_scope_based_access: true, scope_mappings: [{scope: s, models: [nothing]}]",
            92,
            "`nothing` names no model, group or alias of this config: it covers nothing in it",
        ),
        (
            "enforce_scope_based_access: true, scope_mappings: [{scope: s, routes: [v1]}]",
            92,
            "`v1` is no path that begins with `/` and no group of routes: it allows nothing",
        ),
    ],
)
def test_settings_that_let_nobody_through_are_warned_of(
    read_text: Read, settings: str, column: int, message: str
) -> None:
    assert warnings(read_text, with_auth(settings)) == [(4, column, message)]


def test_a_role_s_grants_and_routes_are_reviewed(read_text: Read) -> None:
    text = with_auth("enforce_rbac: true", "  role_permissions: [{role: team, models: [nothing], routes: [v1]}]")
    assert [(line, column) for line, column, _ in warnings(read_text, text)] == [(5, 44), (5, 63)]
