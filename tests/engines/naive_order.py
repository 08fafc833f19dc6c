"""The order in which rules refuse (A4, A6), and which of them judge by models (V2)."""

ORDER = (
    *("proxy_routes", "well_formed"),
    *("token_client", "token_role", "token_admin_routes", "token_team_header", "token_team_claim", "token_team_exists"),
    *("token_team_choice", "token_team_routes", "token_email", "token_user", "token_mapped"),
    "admin_only",
    *("key_active", "key_model_access", "key_expiry", "key_routes"),
    *("team_exists", "team_active", "team_model_access", "listing_team", "member_model_access"),
    *("user_active", "user_role", "user_default_models", "user_model_access", "user_team_models"),
    *("customer_active", "customer_model_access"),
    *("project_exists", "project_active", "project_model_access", "org_exists"),
    *("org_model_access", "team_org_model_access"),
    *("role_model_access", "role_routes", "scope_model_access"),
    *("no_grant", "names_agree", "model_known", "provider_not_spoken", "provider_not_configured"),
)

OF_THE_MODELS = frozenset(
    {
        *("token_team_claim", "token_team_exists", "token_team_choice", "token_mapped"),
        *("key_model_access", "team_exists", "team_model_access", "member_model_access"),
        *("user_default_models", "user_model_access", "user_team_models", "customer_model_access"),
        *("project_exists", "project_model_access", "org_exists", "org_model_access"),
        *("team_org_model_access", "role_model_access", "scope_model_access", "no_grant", "model_known"),
        *("provider_not_spoken", "provider_not_configured"),
    }
)
"""The rules whose answer may differ from model to model, the choice of a token's team among them (R7)."""
