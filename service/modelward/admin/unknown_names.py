"""What to say about a name that nobody knows."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from pydantic_core import PydanticCustomError

from modelward.admin.fields import wrong

_CLOSE = 0.8
_MEANT = {
    "admins": ("members_with_roles",),
    "alias": ("user_alias", "key_alias", "team_alias", "organization_alias", "project_alias", "access_group_name"),
    "allowed_models": ("models", "access_model_names"),
    "email": ("user_email",),
    "key": ("key_hash",),
    "members": ("members_with_roles",),
    "models": ("allowed_models", "access_model_names"),
    "org_alias": ("organization_alias",),
    "org_id": ("organization_id",),
    "organization_id": ("org_id",),
    "role": ("user_role",),
    "team": ("team_id",),
    "team_id": ("team",),
    "user": ("user_id",),
}
"""Words of other records, and those that stand for them where they are known."""


def unknown(
    what: str, name: str, known: Collection[str], instead: Mapping[str, str] | None = None
) -> PydanticCustomError:
    """The error for a `what`, a field or a parameter; `instead` says what to do in place of sending some names."""
    shown = name[:50].encode("ascii", "backslashreplace").decode()
    advice = (instead or {}).get(name) or _advice(_meant(name, known) or get_close_matches(name, known, 1, _CLOSE))
    return wrong(f"unknown {what} `{shown}`: {advice}")


def unsupported(name: str, known: Collection[str], instead: Mapping[str, str]) -> PydanticCustomError:
    """The error for a field of LiteLLM that is refused."""
    return wrong(f"`{name}` is not supported yet: {instead.get(name) or _advice(_meant(name, known))}")


def _meant(name: str, known: Collection[str]) -> list[str]:
    return [word for word in _MEANT.get(name, ()) if word in known]


def _advice(words: list[str]) -> str:
    return f"do you mean `{words[0]}`?" if words else "leave it out"
