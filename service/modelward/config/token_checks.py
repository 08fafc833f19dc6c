"""Settings for tokens that contradict each other (R10), or that are not applied (R4)."""

from modelward.config.claim_fields import ClaimFields, claim_paths
from modelward.config.report import Report
from modelward.config.sections import Sections
from modelward.config.token_auth import TokenAuth
from modelward.config.values import Path

_AUTH: Path = ("general_settings", "litellm_jwtauth")
_PERMISSIONS: Path = ("general_settings", "role_permissions")


def check_tokens(sections: Sections, report: Report) -> None:
    """Add the problems to the report."""
    auth = sections.general.token_auth
    _check_user_roles(auth, report)
    if auth.scope_mappings is not None and not auth.enforce_scope_based_access:
        message = "`scope_mappings` need `enforce_scope_based_access: true`; set it, or remove them"
        report.problem((*_AUTH, "scope_mappings"), message, key=True)
    for path, claims in _claim_fields(auth):
        if claims.object_id_jwt_field is not None and auth.role_mappings is None:
            message = "`object_id_jwt_field` needs `role_mappings`, which say whose id it is; set them, or remove this"
            report.problem((*path, "object_id_jwt_field"), message, key=True)
    _check_once("role", _PERMISSIONS, [item.role for item in sections.general.role_permissions], report)
    _check_once("issuer", (*_AUTH, "issuers"), [item.issuer for item in auth.issuers], report)


def review_tokens(sections: Sections, report: Report) -> None:
    """Add the warnings to the report."""
    general, auth = sections.general, sections.general.token_auth
    if not general.enable_jwt_auth:
        for path, given in ((_AUTH, auth.model_fields_set), (_PERMISSIONS, general.role_permissions)):
            if given:
                report.warning(path, f"`{path[-1]}` is not applied without `enable_jwt_auth: true`", key=True)
        return
    if general.role_permissions and not auth.enforce_rbac:
        message = "`role_permissions` are not applied without `enforce_rbac: true` in `litellm_jwtauth`"
        report.warning(_PERMISSIONS, message, key=True)
    if auth.enforce_scope_based_access and not auth.scope_mappings:
        message = "without `scope_mappings` no token may use any model"
        report.warning((*_AUTH, "enforce_scope_based_access"), message, key=True)
    if auth.unregistered_jwt_client_behavior == "reject" and not any(
        claim_paths(claims).key for _, claims in _claim_fields(auth)
    ):
        message = "without `virtual_key_claim_field` every token is refused"
        report.warning((*_AUTH, "unregistered_jwt_client_behavior"), message, key=True)


def _check_user_roles(auth: TokenAuth, report: Report) -> None:
    fields = [(path, claims) for path, claims in _claim_fields(auth) if claims.user_roles_jwt_field is not None]
    if auth.user_allowed_roles is None:
        for path, _ in fields:
            message = "`user_roles_jwt_field` needs `user_allowed_roles`; set both, or remove this"
            report.problem((*path, "user_roles_jwt_field"), message, key=True)
    elif not fields:
        message = "`user_allowed_roles` need `user_roles_jwt_field`; set both, or remove this"
        report.problem((*_AUTH, "user_allowed_roles"), message, key=True)


def _claim_fields(auth: TokenAuth) -> list[tuple[Path, ClaimFields]]:
    issuers = [((*_AUTH, "issuers", index), issuer) for index, issuer in enumerate(auth.issuers)]
    return [(_AUTH, auth), *issuers]


def _check_once(word: str, path: Path, values: list[str], report: Report) -> None:
    for index, value in enumerate(values):
        if value in values[:index]:
            report.problem((*path, index, word), f"the {word} `{value}` is listed twice; keep one")
