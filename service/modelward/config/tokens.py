"""What the config makes of tokens (section 7): the settings that rules read, and whose tokens are trusted."""

from dataclasses import fields, replace

from modelward.config.fields import PREFIX, Environment
from modelward.config.report import ConfigReport
from modelward.config.sections import Sections
from modelward.config.settings import AUTH, PERMISSIONS, ClaimFields, check_key_url
from modelward.config.source import NodePath
from modelward.contract import ClaimPaths, Issuer, RolePermission, TokenSettings

_SWITCH: NodePath = ("general_settings", "enable_jwt_auth")


def token_settings(sections: Sections) -> TokenSettings:
    """The settings that rules read; all defaults where JWT auth is off."""
    general, auth = sections.general_settings, sections.general_settings.litellm_jwtauth
    if not general.enable_jwt_auth:
        return TokenSettings()
    return TokenSettings(
        **auth.model_dump(include=TokenSettings.model_fields.keys() - {"roles"}, exclude_none=True),
        roles={item.role: RolePermission(models=item.models, routes=item.routes) for item in general.role_permissions},
        allow_unmapped=sections.modelward_settings.allow_unmapped_jwt,
        reject_unmapped_clients=auth.unregistered_jwt_client_behavior == "reject",
    )


def _claim_paths(*sources: ClaimFields) -> ClaimPaths:
    """What the sources say; the first that sets a fact's place counts."""
    paths: dict[str, str] = {}
    for source in sources:
        said = source.model_dump(include={each.name for each in fields(ClaimPaths)}, exclude_none=True)
        older = {} if source.jwt_client_id_field is None else {"key": source.jwt_client_id_field}
        paths = {**older, **said, **paths}
    return ClaimPaths(**paths)


_KEY_URL, _AUDIENCE, _ISSUER = "JWT_PUBLIC_KEY_URL", "JWT_AUDIENCE", "JWT_ISSUER"


def trusted_issuers(sections: Sections, environment: Environment, report: ConfigReport) -> tuple[Issuer, ...]:
    """Whose tokens are trusted, none where JWT auth is off. Where credentials are not resolved, nothing is served: then
    the addresses of keys are left out, and need not be there."""
    if not sections.general_settings.enable_jwt_auth:
        return ()
    auth = sections.general_settings.litellm_jwtauth
    key_seconds = auth.public_key_ttl or 600.0
    serves = not environment.keeps_credentials
    if not auth.issuers:
        if serves:
            issuer = _issuer_of_variables(environment, report)
        else:
            issuer = Issuer((), _find(PREFIX + _ISSUER, environment, report))
        return (replace(issuer, paths=_claim_paths(auth), key_seconds=key_seconds),)
    for name in (_KEY_URL, _AUDIENCE, _ISSUER) if serves else ():
        if _find(PREFIX + name, environment, report) is not None:
            message = f"`{name}` is not used, as `issuers` are listed: tokens of other issuers are refused"
            report.warning(_SWITCH, message)
    return tuple(
        Issuer(
            key_urls=(item.jwks_url or item.public_key_url or "",) if serves else (),
            name=item.issuer if serves else _find(item.issuer, environment, report),
            audiences=tuple(item.audience),
            paths=_claim_paths(item, auth),
            key_seconds=key_seconds,
        )
        for item in auth.issuers
    )


def _issuer_of_variables(environment: Environment, report: ConfigReport) -> Issuer:
    found = {name: _find(PREFIX + name, environment, report) for name in (_KEY_URL, _AUDIENCE, _ISSUER)}
    parts = {name: tuple(filter(None, map(str.strip, (text or "").split(",")))) for name, text in found.items()}
    for name, text in found.items():
        if text is not None and not parts[name]:
            _problem(f"`{name}` in the environment is empty; set it to a text, or unset it", report)
    if found[_KEY_URL] is None:
        _problem(f"needs `{_KEY_URL}` in the environment, or `issuers` under `litellm_jwtauth`", report)
    for url in parts[_KEY_URL]:
        try:
            check_key_url(url)
        except ValueError as error:
            _problem(f"an address in `{_KEY_URL}` {error}", report)
    if found[_AUDIENCE] is None:
        message = f"`{_AUDIENCE}` is not set: tokens that were issued for other services are trusted too"
        report.warning(_SWITCH, message)
    return Issuer(parts[_KEY_URL], found[_ISSUER], parts[_AUDIENCE])


def _find(text: str, environment: Environment, report: ConfigReport) -> str | None:
    """The text, or what it refers to; `None` if that variable is not set, or unfit, which is a problem."""
    try:
        return environment.find(text)
    except ValueError as error:
        _problem(str(error), report)
        return None


def _problem(message: str, report: ConfigReport) -> None:
    report.problem(_SWITCH, f"`enable_jwt_auth`: {message}")


_NEEDS = {
    "user_roles": ("user_allowed_roles", "`user_roles_jwt_field` needs `user_allowed_roles`; set both, or remove this"),
    "object_id": (
        "role_mappings",
        "`object_id_jwt_field` needs `role_mappings`, which say whose id it is; set them, or remove this",
    ),
    "scopes": ("enforce_scopes", "`scope_mappings` need `enforce_scope_based_access: true`; set it, or remove them"),
}
"""By setting: the other that it needs, and what to say where that is not set."""


def check_tokens(sections: Sections, report: ConfigReport) -> None:
    """Add the problems to the report."""
    auth = sections.general_settings.litellm_jwtauth
    sources: list[tuple[NodePath, ClaimFields]] = [(AUTH, auth)]
    sources += [((*AUTH, "issuers", index), issuer) for index, issuer in enumerate(auth.issuers)]
    for path, source in sources:
        for field, (needed, message) in _NEEDS.items():
            if getattr(source, field, None) is not None and getattr(auth, needed) in (None, False):
                report.problem((*path, str(type(source).model_fields[field].alias)), message, key=True)
    if auth.user_allowed_roles is not None and all(source.user_roles is None for _, source in sources):
        message = "`user_allowed_roles` need `user_roles_jwt_field`; set both, or remove this"
        report.problem((*AUTH, "user_allowed_roles"), message, key=True)
    roles = [item.role for item in sections.general_settings.role_permissions]
    issuers = [item.issuer for item in auth.issuers]
    for word, list_path, values in (("role", PERMISSIONS, roles), ("issuer", (*AUTH, "issuers"), issuers)):
        for index, value in enumerate(values):
            if value in values[:index]:
                report.problem((*list_path, index, word), f"the {word} `{value}` is listed twice; keep one")


def review_tokens(sections: Sections, report: ConfigReport) -> None:
    """Add the warnings to the report."""
    general, auth = sections.general_settings, sections.general_settings.litellm_jwtauth
    if not general.enable_jwt_auth:
        for path, given in ((AUTH, auth.model_fields_set), (PERMISSIONS, general.role_permissions)):
            if given:
                report.warning(path, f"`{path[-1]}` is not applied without `enable_jwt_auth: true`", key=True)
        return
    if general.role_permissions and not auth.enforce_roles:
        message = "`role_permissions` are not applied without `enforce_rbac: true` in `litellm_jwtauth`"
        report.warning(PERMISSIONS, message, key=True)
    if auth.enforce_scopes and not auth.scopes:
        message = "without `scope_mappings` no token may use any model"
        report.warning((*AUTH, "enforce_scope_based_access"), message, key=True)
    keys = any(_claim_paths(source).key for source in (auth, *auth.issuers))
    if auth.unregistered_jwt_client_behavior == "reject" and not keys:
        message = "without `virtual_key_claim_field` every token is refused"
        report.warning((*AUTH, "unregistered_jwt_client_behavior"), message, key=True)
