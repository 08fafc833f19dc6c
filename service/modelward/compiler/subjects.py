"""Declared subjects in the contract's words (K2)."""

from collections.abc import Sequence

from modelward.config import (
    DeclaredAccessGroup,
    DeclaredCustomer,
    DeclaredKey,
    DeclaredMember,
    DeclaredOrganization,
    DeclaredProject,
    DeclaredTeam,
    DeclaredUser,
)
from modelward.contract import AccessGroup, Customer, Key, Member, Organization, Project, Team, User


def key(declared: DeclaredKey) -> Key:
    """A declared key; its clear text is not among what it holds."""
    return Key(
        hash=declared.hash,
        alias=declared.key_alias,
        models=declared.models,
        aliases=declared.aliases,
        team_id=declared.team_id,
        user_id=declared.user_id,
        project_id=declared.project_id,
        organization_id=declared.organization_id,
        access_group_ids=declared.access_group_ids,
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
        organization_id=declared.organization_id,
        access_group_ids=declared.access_group_ids,
        blocked=declared.blocked,
        metadata=declared.metadata,
    )


def members(teams: Sequence[DeclaredTeam]) -> dict[str, dict[str, Member]]:
    """The members that teams name, by team and user."""
    return {
        team.team_id: {declared.user_id: _member(declared, team.team_id) for declared in team.members_with_roles}
        for team in teams
        if team.members_with_roles
    }


def _member(declared: DeclaredMember, team_id: str) -> Member:
    return Member(user_id=declared.user_id, team_id=team_id, role=declared.role, models=declared.allowed_models)


def teams_of_members(teams: Sequence[DeclaredTeam]) -> dict[str, list[str]]:
    """The teams that name each user as a member."""
    found: dict[str, list[str]] = {}
    for team in teams:
        for member in team.members_with_roles:
            found.setdefault(member.user_id, []).append(team.team_id)
    return found


def user(declared: DeclaredUser, naming: Sequence[str]) -> User:
    """A declared user; its teams are those it names and those that are `naming` it as a member."""
    return User(
        user_id=declared.user_id,
        role=declared.user_role,
        models=declared.models,
        teams=list(dict.fromkeys([*declared.teams, *naming])),
        metadata=declared.metadata,
    )


def project(declared: DeclaredProject) -> Project:
    """A declared project."""
    return Project(
        project_id=declared.project_id,
        alias=declared.project_alias,
        team_id=declared.team_id,
        models=declared.models,
        blocked=declared.blocked,
        metadata=declared.metadata,
    )


def organization(declared: DeclaredOrganization) -> Organization:
    """A declared organization."""
    return Organization(
        organization_id=declared.organization_id,
        alias=declared.organization_alias,
        models=declared.models,
        metadata=declared.metadata,
    )


def customer(declared: DeclaredCustomer) -> Customer:
    """A declared customer."""
    return Customer(
        customer_id=declared.user_id, alias=declared.alias, models=declared.models, blocked=declared.blocked
    )


def access_group(declared: DeclaredAccessGroup) -> AccessGroup:
    """A declared access group."""
    return AccessGroup(
        access_group_id=declared.access_group_id,
        name=declared.access_group_name,
        description=declared.description,
        models=declared.access_model_names,
        team_ids=declared.assigned_team_ids,
        key_hashes=declared.assigned_key_ids,
    )
