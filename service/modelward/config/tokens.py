"""What the config makes of tokens, in the words of the contract: settings and trusted issuers (section 7)."""

from dataclasses import replace
from typing import Any

from pydantic_core import PydanticCustomError

from modelward.config.fields import PREFIX, Environment
from modelward.config.report import ConfigReport
from modelward.config.sections import Sections
from modelward.config.source import NodePath
from modelward.config.token_auth import DEFAULT_KEY_SECONDS, TokenAuth, check_key_url, claim_paths, issuer_of
from modelward.contract import Issuer, RoleMapping, RolePermission, ScopeMapping, TokenSettings


def token_settings(sections: Sections) -> TokenSettings:
    """The settings that rules read; all defaults where JWT auth is off."""
    general = sections.general_settings
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
        allow_unmapped=sections.modelward_settings.allow_unmapped_jwt,
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


KEY_URL, AUDIENCE, ISSUER = "JWT_PUBLIC_KEY_URL", "JWT_AUDIENCE", "JWT_ISSUER"

_SWITCH: NodePath = ("general_settings", "enable_jwt_auth")


def trusted_issuers(sections: Sections, environment: Environment, report: ConfigReport) -> tuple[Issuer, ...]:
    """Whose tokens are trusted, none where JWT auth is off. Where credentials are not resolved, nothing is served: then
    the addresses of keys are left out, and need not be there."""
    if not sections.general_settings.enable_jwt_auth:
        return ()
    auth = sections.general_settings.token_auth
    seconds = auth.public_key_ttl or DEFAULT_KEY_SECONDS
    variables = _Variables(environment, report)
    if environment.keeps_credentials:
        return _without_keys(auth, seconds, variables)
    if auth.issuers:
        variables.warn_of_unused()
        return tuple(issuer_of(item, auth, seconds) for item in auth.issuers)
    audiences, name = variables.audiences(), variables.one(ISSUER)
    return (Issuer(variables.key_urls(), name, audiences, claim_paths(auth), seconds),)


def _without_keys(auth: TokenAuth, seconds: float, variables: "_Variables") -> tuple[Issuer, ...]:
    if not auth.issuers:
        return (Issuer((), variables.value(PREFIX + ISSUER), paths=claim_paths(auth), key_seconds=seconds),)
    found = ((issuer_of(item, auth, seconds), variables.value(item.issuer)) for item in auth.issuers)
    return tuple(replace(issuer, key_urls=(), name=name) for issuer, name in found)


class _Variables:
    def __init__(self, environment: Environment, report: ConfigReport) -> None:
        self._environment = environment
        self._report = report

    def key_urls(self) -> tuple[str, ...]:
        urls = self._parts(KEY_URL)
        if urls is None:
            self._problem(f"needs `{KEY_URL}` in the environment, or `issuers` under `litellm_jwtauth`")
        for url in urls or ():
            try:
                check_key_url(url)
            except PydanticCustomError as error:
                self._problem(f"an address in `{KEY_URL}` {error.message()}")
        return urls or ()

    def audiences(self) -> tuple[str, ...]:
        audiences = self._parts(AUDIENCE)
        if audiences is None:
            message = f"`{AUDIENCE}` is not set: tokens that were issued for other services are trusted too"
            self._report.warning(_SWITCH, message)
        return audiences or ()

    def one(self, name: str) -> str | None:
        value = self.value(PREFIX + name)
        if value is not None and not value.strip(" ,"):
            self._problem(f"`{name}` in the environment is empty; set it to a text, or unset it")
        return value

    def warn_of_unused(self) -> None:
        for name in (KEY_URL, AUDIENCE, ISSUER):
            if self.value(PREFIX + name) is not None:
                message = f"`{name}` is not used, as `issuers` are listed: tokens of other issuers are refused"
                self._report.warning(_SWITCH, message)

    def _parts(self, name: str) -> tuple[str, ...] | None:
        value = self.one(name)
        if value is None:
            return None
        return tuple(part for part in map(str.strip, value.split(",")) if part)

    def value(self, text: str) -> str | None:
        """The text, or what it refers to; `None` if that variable is not set, or unfit, which is a problem."""
        try:
            return self._environment.find(text)
        except PydanticCustomError as error:
            self._problem(error.message())
            return None

    def _problem(self, message: str) -> None:
        self._report.problem(_SWITCH, f"`enable_jwt_auth`: {message}")
