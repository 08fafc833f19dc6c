"""What roles and scopes of a token stand for and may use: items of lists under `general_settings` (R2, R4, R5)."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from modelward.config.fields import Name, Section, Text, Texts, resolve
from modelward.config.routes import Route

TokenRole = Annotated[Literal["proxy_admin", "team", "internal_user"], BeforeValidator(resolve)]


class RoleMappingItem(Section):
    """One item of `role_mappings`."""

    role: Name
    internal_role: TokenRole


class RolePermissionItem(Section):
    """One item of `role_permissions`; an absent list is any, an empty one nothing."""

    role: TokenRole
    models: list[Text] | None = None
    routes: list[Route] | None = None


class ScopeMappingItem(Section):
    """One item of `scope_mappings`; an absent or empty list of models adds nothing, absent routes are any."""

    scope: Name
    models: Texts
    routes: list[Route] | None = None
