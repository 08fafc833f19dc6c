"""What a token claims, read as facts at the places that the config names (R2, R7, R8)."""

import re
from collections.abc import Mapping, Sequence

from modelward.contract import ClaimPaths, JsonObject, Token
from modelward.errors import Unidentified

_STEP = re.compile(r"(?<!\\)\.")


def read_token(claims: JsonObject, paths: ClaimPaths, chosen_team_id: str | None) -> Token:
    """The token with its facts; `claims` are those of a verified token.

    Absent and `null` read alike. An id of a wrong type, or an empty one, is not absent: raises Unidentified. A role or
    scope of a wrong type is none.
    """
    return Token(
        issuer=text_at(claims, "iss"),
        claims=claims,
        scopes=_scopes(claims.get("scope")),
        roles=_words(value_at(claims, paths.roles)),
        user_roles=_words(value_at(claims, paths.user_roles)),
        object_id=text_at(claims, paths.object_id),
        chosen_team_id=chosen_team_id,
        expects_team=paths.team_id is not None or paths.team_alias is not None,
        team_id=_team_id(claims, paths.team_id),
        team_id_default=paths.team_id_default,
        team_alias=text_at(claims, paths.team_alias),
        team_ids=_team_ids(claims, paths.team_ids),
        user_id=text_at(claims, paths.user_id),
        email=None if value_at(claims, paths.email) == "" else text_at(claims, paths.email),
        organization_id=text_at(claims, paths.organization_id),
    )


def text_at(claims: Mapping[str, object], path: str | None) -> str | None:
    """The text at `path`, `None` if nothing or `null` is there. Raises Unidentified for anything else."""
    value = value_at(claims, path)
    return None if value is None else _text(value, path)


def value_at(claims: Mapping[str, object], path: str | None) -> object:
    """What is at `path`: a claim of that very name, else the steps between its dots; `\\.` is a dot within a step."""
    if path is None or path in claims:
        return claims.get(path or "")
    value: object = claims
    for step in _STEP.split(path):
        value = value.get(step.replace("\\.", ".")) if isinstance(value, Mapping) else None
    return value


def _text(value: object, path: str | None) -> str:
    if not isinstance(value, str) or not value:
        raise Unidentified(f"the token's claim `{path}` is not what it must be: a text that is not empty")
    return value


def _team_id(claims: JsonObject, path: str | None) -> str | None:
    value = value_at(claims, path)
    if value is None or value == []:
        return None
    return _text(value[0] if isinstance(value, list) else value, path)


def _team_ids(claims: JsonObject, path: str | None) -> list[str]:
    value = value_at(claims, path)
    items: Sequence[object] = value if isinstance(value, list) else [] if value is None else [value]
    return sorted({_text(item, path) for item in items})


def _words(value: object) -> list[str]:
    items: Sequence[object] = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str)]


def _scopes(value: object) -> list[str]:
    return [word for word in value.split(" ") if word] if isinstance(value, str) else _words(value)
