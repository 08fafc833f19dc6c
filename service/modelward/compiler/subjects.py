"""Declared keys, teams and users in the contract's words (K2)."""

from modelward.config import DeclaredKey, DeclaredTeam, DeclaredUser
from modelward.contract import Key, Team, User


def key(declared: DeclaredKey) -> Key:
    """A declared key; its clear text is not among what it holds."""
    return Key(
        hash=declared.hash,
        alias=declared.key_alias,
        models=declared.models,
        aliases=declared.aliases,
        team_id=declared.team_id,
        user_id=declared.user_id,
        expires_ns=declared.expires,
        blocked=declared.blocked,
        allowed_routes=declared.allowed_routes,
        metadata=declared.metadata,
    )


def team(declared: DeclaredTeam) -> Team:
    """A declared team."""
    return Team(
        team_id=declared.team_id,
        alias=declared.team_alias,
        models=declared.models,
        model_aliases=declared.model_aliases,
        blocked=declared.blocked,
        metadata=declared.metadata,
    )


def user(declared: DeclaredUser) -> User:
    """A declared user."""
    return User(
        user_id=declared.user_id,
        role=declared.user_role,
        models=declared.models,
        teams=declared.teams,
        metadata=declared.metadata,
    )
