"""The settings that a rule reads, straight from the words of config.yaml (A3, F2, G1, L11, R2 to R9)."""

from typing import Any

from modelward.contract import Request

Section = dict[str, Any]

_ADMIN_ROUTES = ["management_routes", "info_routes"]
_TEAM_ROUTES = ["llm_api_routes", "info_routes"]


class NaiveSettings:
    """One config's settings, each with its default."""

    def __init__(self, config: Section) -> None:
        general: Section = config.get("general_settings", {})
        litellm: Section = config.get("litellm_settings", {})
        modelward: Section = config.get("modelward_settings", {})
        self.empty_denies = modelward.get("empty_list") == "deny"
        self.allow_unmapped = bool(modelward.get("allow_unmapped_jwt"))
        self.allowed_routes: list[str] | None = general.get("allowed_routes")
        self.admin_only_routes: list[str] = general.get("admin_only_routes", [])
        self.personal_keys_from_teams = bool(litellm.get("personal_key_model_access_from_teams"))
        self.enforce_fallback_model_access: bool = general.get("enforce_fallback_model_access", True)
        self.role_permissions: list[Section] = general.get("role_permissions", [])
        self._read_jwt(general.get("litellm_jwtauth", {}))

    def _read_jwt(self, jwt: Section) -> None:
        self.admin_scope: str = jwt.get("admin_jwt_scope", "litellm_proxy_admin")
        self.admin_allowed_routes: list[str] = jwt.get("admin_allowed_routes", _ADMIN_ROUTES)
        self.team_allowed_routes: list[str] = jwt.get("team_allowed_routes", _TEAM_ROUTES)
        routed = any(mapping.get("routes") is not None for mapping in jwt.get("scope_mappings", []))
        self.sets_routes_of_models = routed or "team_allowed_routes" in jwt
        self.user_allowed_roles: list[str] | None = jwt.get("user_allowed_roles")
        self.role_mappings: list[Section] = jwt.get("role_mappings", [])
        self.enforce_roles = bool(jwt.get("enforce_rbac"))
        self.enforce_scopes = bool(jwt.get("enforce_scope_based_access"))
        self.scope_mappings: list[Section] = jwt.get("scope_mappings", [])
        self.rejects_clients = jwt.get("unregistered_jwt_client_behavior") == "reject"
        self.team_claim_fallback = bool(jwt.get("team_claim_fallback"))
        self.enforce_team = bool(jwt.get("enforce_team_based_model_access"))
        self.email_domain: str | None = jwt.get("user_allowed_email_domain")
        self.user_id_upsert = bool(jwt.get("user_id_upsert"))

    def waives_lists(self, request: Request) -> bool:
        """Whether the request is a fallback that needs no list of models (F2)."""
        return request.fallback and not self.enforce_fallback_model_access

    def permission(self, role: str | None) -> Section:
        """The role's entry of `role_permissions`; empty where there is none or roles are not enforced (R4)."""
        if not self.enforce_roles:
            return {}
        return next((entry for entry in self.role_permissions if entry["role"] == role), {})
