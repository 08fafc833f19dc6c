"""What the token of an access case says, read at the places that the case's settings name (R2, R7, R8)."""

from typing import Any

from modelward.contract import Token

Facts = dict[str, Any]


def token(jwt: Facts, headers: dict[str, str]) -> Token:
    """The token as the rules see it."""
    fields, claims = jwt["litellm_jwtauth"], jwt["claims"]

    def said(field: str) -> Any:
        return _at(fields[field], claims) if field in fields else None

    team_id = _items(said("team_id_jwt_field"))
    scope = claims.get("scope")
    return Token(
        claims=claims,
        scopes=scope.split() if isinstance(scope, str) else _items(scope),
        roles=_items(said("roles_jwt_field")),
        user_roles=_items(said("user_roles_jwt_field")),
        object_id=said("object_id_jwt_field"),
        chosen_team_id=headers.get("x-litellm-team-id"),
        expects_team=bool(fields.keys() & {"team_id_jwt_field", "team_alias_jwt_field"}),
        team_id=team_id[0] if team_id else None,
        team_id_default=fields.get("team_id_default"),
        team_alias=said("team_alias_jwt_field"),
        team_ids=sorted(_items(said("team_ids_jwt_field"))),
        user_id=said("user_id_jwt_field"),
        email=said("user_email_jwt_field"),
        organization_id=said("org_id_jwt_field"),
    )


def _at(path: str, claims: Any) -> Any:
    for step in path.split("."):
        claims = claims.get(step) if isinstance(claims, dict) else None
    return claims


def _items(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [item for item in value or [] if isinstance(item, str)]
