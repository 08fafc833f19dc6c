"""What the config makes of tokens, in the contract's words (section 7)."""

from typing import Any

from modelward.config.sections import Sections
from modelward.config.token_auth import TokenAuth
from modelward.contract import RoleMapping, RolePermission, ScopeMapping, TokenSettings


def token_settings(sections: Sections) -> TokenSettings:
    """The settings that rules read; all defaults where JWT auth is off."""
    general = sections.general
    if not general.enable_jwt_auth:
        return TokenSettings()
    auth = general.token_auth
    return TokenSettings(
        **_given(auth),
        user_allowed_roles=auth.user_allowed_roles,
        user_allowed_email_domain=auth.user_allowed_email_domain,
        role_mappings=[RoleMapping(**item.model_dump()) for item in auth.role_mappings or []],
        enforce_roles=auth.enforce_rbac,
        roles={item.role: RolePermission(models=item.models, routes=item.routes) for item in general.role_permissions},
        enforce_scopes=auth.enforce_scope_based_access,
        scopes=[ScopeMapping(**item.model_dump()) for item in auth.scope_mappings or []],
        allow_unmapped=sections.modelward.allow_unmapped_jwt,
        reject_unmapped_clients=auth.unregistered_jwt_client_behavior == "reject",
        team_claim_fallback=auth.team_claim_fallback,
        enforce_team=auth.enforce_team_based_model_access,
        unknown_users=auth.user_id_upsert,
    )


def _given(auth: TokenAuth) -> dict[str, Any]:
    """The settings with a default of their own that the config sets."""
    settings = {
        "admin_scope": auth.admin_jwt_scope,
        "admin_allowed_routes": auth.admin_allowed_routes,
        "team_allowed_routes": auth.team_allowed_routes,
    }
    return {name: value for name, value in settings.items() if value is not None}
