"""`general_settings.litellm_jwtauth`: what is made of tokens (section 7)."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from modelward.config.claim_fields import ClaimFields
from modelward.config.fields import Items, Name, Seconds, Switch, Text, resolve
from modelward.config.issuers import IssuerItem
from modelward.config.routes import Route
from modelward.config.token_permissions import RoleMappingItem, ScopeMappingItem


def _domain(value: str) -> str:
    if "@" in value:
        raise PydanticCustomError("bad_domain", "must be what stands after the `@`, such as `example.com`")
    return value


def _registers_no_key(value: Any) -> Any:
    if value == "auto_register":
        raise PydanticCustomError(
            "auto_register", "`auto_register` is not supported; write `reject` or `fallback_team_mapping`"
        )
    return value


class TokenAuth(ClaimFields):
    """`litellm_jwtauth`; what is absent has LiteLLM's default, except the routes (R6, R7)."""

    admin_jwt_scope: Name | None = None
    admin_allowed_routes: list[Route] | None = None
    team_allowed_routes: list[Route] | None = None
    team_claim_fallback: Switch = False
    enforce_team_based_model_access: Switch = False
    user_allowed_email_domain: Annotated[Name, AfterValidator(_domain)] | None = None
    user_allowed_roles: list[Text] | None = None
    user_id_upsert: Switch = False
    role_mappings: list[RoleMappingItem] | None = None
    scope_mappings: list[ScopeMappingItem] | None = None
    enforce_scope_based_access: Switch = False
    enforce_rbac: Switch = False
    unregistered_jwt_client_behavior: Annotated[
        Literal["reject", "fallback_team_mapping", "fallback"] | None,
        BeforeValidator(_registers_no_key),
        BeforeValidator(resolve),
    ] = None
    public_key_ttl: Seconds = None
    issuers: Items[IssuerItem]
