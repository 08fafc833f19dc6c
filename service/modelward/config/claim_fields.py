"""Where the facts about a caller lie in a token's claims, in LiteLLM's words (R2)."""

from modelward.config.fields import Name, Section
from modelward.contract import ClaimPaths

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
