"""What is made of tokens (section 7): the settings, in the words of LiteLLM."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from modelward.config.fields import PREFIX, Items, Name, Seconds, Section, ServiceText, Switch, Text, Texts, resolve
from modelward.config.routes import RouteText
from modelward.contract import ClaimPaths, Issuer

_FIELDS = {
    "team_id": ("team_id_jwt_field",),
    "team_id_default": ("team_id_default",),
    "team_alias": ("team_alias_jwt_field",),
    "team_ids": ("team_ids_jwt_field",),
    "user_id": ("user_id_jwt_field",),
    "email": ("user_email_jwt_field",),
    "user_roles": ("user_roles_jwt_field",),
    "roles": ("roles_jwt_field",),
    "object_id": ("object_id_jwt_field",),
    "organization_id": ("org_id_jwt_field",),
    "key": ("virtual_key_claim_field", "jwt_client_id_field"),
}


class ClaimFields(Section):
    """The claims to read: of all tokens, or of one issuer's. `jwt_client_id_field` is an older name of
    `virtual_key_claim_field`."""

    team_id_jwt_field: Name | None = None
    team_id_default: Name | None = None
    team_alias_jwt_field: Name | None = None
    team_ids_jwt_field: Name | None = None
    user_id_jwt_field: Name | None = None
    user_email_jwt_field: Name | None = None
    user_roles_jwt_field: Name | None = None
    roles_jwt_field: Name | None = None
    object_id_jwt_field: Name | None = None
    org_id_jwt_field: Name | None = None
    virtual_key_claim_field: Name | None = None
    jwt_client_id_field: Name | None = None


def claim_paths(*sources: ClaimFields) -> ClaimPaths:
    """What the sources say; the first that sets a fact's place counts."""
    return ClaimPaths(**{fact: _first(sources, fields) for fact, fields in _FIELDS.items()})


def _first(sources: tuple[ClaimFields, ...], fields: tuple[str, ...]) -> str | None:
    said = (getattr(source, field) for source in sources for field in fields)
    return next((path for path in said if path is not None), None)


DEFAULT_KEY_SECONDS = 600.0

_DISCOVERY = "/.well-known/openid-configuration"


def check_key_url(url: str) -> str:
    """The address of a set of public keys (JWKS), or a PydanticCustomError."""
    if url.startswith(PREFIX):
        return url
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise PydanticCustomError("bad_key_url", "must be an address that begins with `https://` or `http://`")
    if parts.path.rstrip("/").endswith(_DISCOVERY):
        raise PydanticCustomError(
            "discovery_url", "is a discovery document, which is not read; write the address that it names as `jwks_uri`"
        )
    return url


def _filled(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("empty_text", "must not be empty")
    return value


def _as_list(value: Any) -> Any:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


Filled = Annotated[ServiceText, AfterValidator(_filled)]
KeyUrl = Annotated[ServiceText, AfterValidator(check_key_url)]
Audiences = Annotated[list[Filled], BeforeValidator(_as_list), Field(default_factory=list)]


class IssuerItem(ClaimFields):
    """One issuer; its claim fields count before the common ones. `public_key_url` is another name of `jwks_url`."""

    issuer: Filled
    jwks_url: KeyUrl | None = None
    public_key_url: KeyUrl | None = None
    audience: Audiences
    disable_audience_validation: Switch = False

    @model_validator(mode="after")
    def _has_keys(self) -> "IssuerItem":
        if self.jwks_url is None and self.public_key_url is None:
            raise PydanticCustomError(
                "no_keys", "needs `jwks_url`, the address of its public keys: discovery documents are not read"
            )
        return self

    @model_validator(mode="after")
    def _decides_on_audience(self) -> "IssuerItem":
        if bool(self.audience) == self.disable_audience_validation:
            raise PydanticCustomError(
                "audience", "needs `audience` or `disable_audience_validation: true`, and not both"
            )
        return self


def issuer_of(item: IssuerItem, common: ClaimFields, key_seconds: float) -> Issuer:
    """The issuer that the item describes; `common` are the claim fields of all issuers."""
    url = item.jwks_url or item.public_key_url or ""
    return Issuer((url,), item.issuer, tuple(item.audience), claim_paths(item, common), key_seconds)


TokenRole = Annotated[Literal["proxy_admin", "team", "internal_user"], BeforeValidator(resolve)]


class RoleMappingItem(Section):
    """One item of `role_mappings`."""

    role: Name
    internal_role: TokenRole


class RolePermissionItem(Section):
    """One item of `role_permissions`; an absent list is any, an empty one nothing."""

    role: TokenRole
    models: list[Text] | None = None
    routes: list[RouteText] | None = None


class ScopeMappingItem(Section):
    """One item of `scope_mappings`; an absent or empty list of models adds nothing, absent routes are any."""

    scope: Name
    models: Texts
    routes: list[RouteText] | None = None


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
    admin_allowed_routes: list[RouteText] | None = None
    team_allowed_routes: list[RouteText] | None = None
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
