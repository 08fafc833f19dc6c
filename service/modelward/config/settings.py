"""The settings of a config: of the router, of LiteLLM, in general, what is made of tokens (section 7), and our own."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from modelward.config import fields
from modelward.config.source import NodePath
from modelward.hints import hint
from modelward.providers import providers

AUTH: NodePath = ("general_settings", "litellm_jwtauth")
PERMISSIONS: NodePath = ("general_settings", "role_permissions")
SCOPES: NodePath = (*AUTH, "scope_mappings")


def _one_model(name: str) -> str:
    if "*" in name:
        raise ValueError(f"a fallback must lead to one model, not to the pattern `{name}`")
    return name


FallbackTarget = Annotated[fields.Name, AfterValidator(_one_model)]
FallbackMaps = fields.Items[dict[fields.Name, list[FallbackTarget]]]


class FallbackSettings(fields.Section):
    """Which models stand in for one that fails (F2): lists of maps from a model's name, or `*`, to its targets;
    `default_fallbacks` are the targets of `*`."""

    fallbacks: FallbackMaps
    context_window_fallbacks: FallbackMaps
    content_policy_fallbacks: FallbackMaps
    default_fallbacks: fields.Items[FallbackTarget]


class GroupAlias(fields.Section):
    """One value of `model_group_alias`: text, or `{model, hidden}` (C5)."""

    model: fields.Name
    hidden: fields.Switch = False


def _long_form(value: Any) -> Any:
    return {"model": value} if isinstance(value, str) else value


class RouterSettings(FallbackSettings):
    """`router_settings`."""

    model_group_alias: fields.Map[fields.Name, Annotated[GroupAlias, BeforeValidator(_long_form)]]
    timeout: fields.Seconds = None


class LiteLLMSettings(FallbackSettings):
    """`litellm_settings`."""

    model_alias_map: fields.Map[fields.Name, fields.Name]
    request_timeout: fields.Seconds = None
    personal_key_model_access_from_teams: fields.Switch = False


Claim = fields.Name | None


class ClaimFields(fields.Section):
    """Where facts lie in the claims, of all tokens or of one issuer's: the fields of the contract's `ClaimPaths`.
    `jwt_client_id_field` is an older name of `virtual_key_claim_field`."""

    team_id: Claim = Field(None, alias="team_id_jwt_field")
    team_id_default: Claim = None
    team_alias: Claim = Field(None, alias="team_alias_jwt_field")
    team_ids: Claim = Field(None, alias="team_ids_jwt_field")
    user_id: Claim = Field(None, alias="user_id_jwt_field")
    email: Claim = Field(None, alias="user_email_jwt_field")
    user_roles: Claim = Field(None, alias="user_roles_jwt_field")
    roles: Claim = Field(None, alias="roles_jwt_field")
    object_id: Claim = Field(None, alias="object_id_jwt_field")
    organization_id: Claim = Field(None, alias="org_id_jwt_field")
    key: Claim = Field(None, alias="virtual_key_claim_field")
    jwt_client_id_field: Claim = None


def check_key_url(url: str) -> str:
    """The address of a set of public keys (JWKS). Raises ValueError."""
    if url.startswith(fields.PREFIX):
        return url
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("must be an address that begins with `https://` or `http://`")
    if parts.path.rstrip("/").endswith("/.well-known/openid-configuration"):
        advice = "write the address that it names as `jwks_uri`"
        raise ValueError(f"is a discovery document, which is not read; {advice}")
    return url


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Filled = Annotated[fields.ServiceText, AfterValidator(_filled)]
KeyUrl = Annotated[fields.ServiceText, AfterValidator(check_key_url)]


class IssuerItem(ClaimFields):
    """One issuer; its claim fields count before the common ones. `public_key_url` is another name of `jwks_url`."""

    issuer: Filled
    jwks_url: KeyUrl | None = None
    public_key_url: KeyUrl | None = None
    audience: Annotated[fields.Items[Filled], BeforeValidator(_listed)]
    disable_audience_validation: fields.Switch = False

    @model_validator(mode="after")
    def _is_usable(self) -> "IssuerItem":
        if self.jwks_url is None and self.public_key_url is None:
            raise ValueError("needs `jwks_url`, the address of its public keys: discovery documents are not read")
        if bool(self.audience) == self.disable_audience_validation:
            raise ValueError("needs `audience` or `disable_audience_validation: true`, and not both")
        return self


TokenRole = Annotated[Literal["proxy_admin", "team", "internal_user"], BeforeValidator(fields.resolve)]


class RoleMappingItem(fields.Section):
    """One item of `role_mappings`."""

    role: fields.Name
    internal_role: TokenRole


class RolePermissionItem(fields.Section):
    """One item of `role_permissions`; an absent list is any, an empty one nothing."""

    role: TokenRole
    models: list[fields.Text] | None = None
    routes: list[fields.RouteText] | None = None


class ScopeMappingItem(fields.Section):
    """One item of `scope_mappings`; an absent or empty list of models adds nothing, absent routes are any."""

    scope: fields.Name
    models: fields.Items[fields.Text]
    routes: list[fields.RouteText] | None = None


def _domain(value: str) -> str:
    if "@" in value:
        raise ValueError("must be what stands after the `@`, such as `example.com`")
    return value


def _registers_no_key(value: Any, info: ValidationInfo) -> Any:
    found = fields.resolve(value, info)
    if found == "auto_register":
        raise ValueError("`auto_register` is not supported; write `reject` or `fallback_team_mapping`")
    return found


UnmappedClient = Annotated[Literal["reject", "fallback_team_mapping", "fallback"], BeforeValidator(_registers_no_key)]


class TokenAuth(ClaimFields):
    """`litellm_jwtauth`, under the names of the contract's `TokenSettings`; what is absent has LiteLLM's default,
    except the routes (R6, R7)."""

    admin_scope: fields.Name | None = Field(None, alias="admin_jwt_scope")
    admin_allowed_routes: list[fields.RouteText] | None = None
    team_allowed_routes: list[fields.RouteText] | None = None
    team_claim_fallback: fields.Switch = False
    enforce_team: fields.Switch = Field(False, alias="enforce_team_based_model_access")
    user_allowed_email_domain: Annotated[fields.Name, AfterValidator(_domain)] | None = None
    user_allowed_roles: list[fields.Text] | None = None
    unknown_users: fields.Switch = Field(False, alias="user_id_upsert")
    role_mappings: list[RoleMappingItem] | None = None
    scopes: list[ScopeMappingItem] | None = Field(None, alias="scope_mappings")
    enforce_scopes: fields.Switch = Field(False, alias="enforce_scope_based_access")
    enforce_roles: fields.Switch = Field(False, alias="enforce_rbac")
    unregistered_jwt_client_behavior: UnmappedClient | None = None
    public_key_ttl: fields.Seconds = None
    issuers: fields.Items[IssuerItem]


class GeneralSettings(fields.Section):
    """`general_settings`."""

    master_key: fields.MasterKey = None
    completion_model: fields.Name | None = None
    allowed_routes: list[fields.RouteText] | None = None
    admin_only_routes: fields.Items[fields.AdminRouteText]
    enable_jwt_auth: fields.Switch = False
    litellm_jwtauth: fields.Inner[TokenAuth]
    role_permissions: fields.Items[RolePermissionItem]
    enforce_fallback_model_access: fields.SwitchedOn = True


def _provider(value: str) -> str:
    """A provider, or a word of the operator's own that is like none."""
    words = providers().words
    if value not in words and (near := hint(value, words)):
        raise ValueError(f"`{value}` is no provider{near}")
    return _bare(value)


def _bare(value: str) -> str:
    for character, why in (("/", "it says the provider itself"), ("*", "patterns have no provider")):
        if character in value:
            raise ValueError(f"`{value}` must not hold `{character}`: {why}")
    return value


class ModelwardSettings(fields.Section):
    """`modelward_settings`: what LiteLLM has no setting for."""

    empty_list: Annotated[Literal["allow", "deny"], BeforeValidator(fields.resolve)] = "allow"
    allow_unmapped_jwt: fields.Switch = False
    decision_memo: fields.SwitchedOn = True
    provider_names: fields.Map[
        Annotated[fields.Name, AfterValidator(_provider)], list[Annotated[fields.Name, AfterValidator(_bare)]]
    ]
    places: Annotated[fields.Items[fields.BodyPlace], Field(alias="model_fields")]
