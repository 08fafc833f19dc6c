"""What the team routes answer: LiteLLM's fields."""

from collections.abc import Sequence
from typing import Self

from pydantic import BaseModel, JsonValue

from modelward.admin.keys.answers import KeyAnswer
from modelward.admin.record_answer import SpendingAnswer
from modelward.store import MemberRecord, TeamRecord


class MemberAnswer(BaseModel):
    """A member of a team, and the models of its own scope; an empty list is none of its own (L3)."""

    user_id: str
    user_email: str | None = None
    role: str
    allowed_models: list[str]

    @classmethod
    def of(cls, member: MemberRecord) -> Self:
        """The answer for a record."""
        return cls(user_id=member.user_id, role=member.role, allowed_models=member.allowed_models)


class TeamAnswer(SpendingAnswer):
    """A team; budgets and limits that a client sent stand beside these fields."""

    team_id: str
    team_alias: str | None
    models: list[str]
    model_aliases: dict[str, str]
    organization_id: str | None
    access_group_ids: list[str]
    blocked: bool
    metadata: dict[str, JsonValue]
    members_with_roles: list[MemberAnswer]

    @classmethod
    def with_members(cls, team: TeamRecord, members: Sequence[MemberRecord], **named: object) -> Self:
        """The answer for a team and those of its members that may be seen."""
        return cls.of(team, members_with_roles=[MemberAnswer.of(member) for member in members], **named)


class TeamMembership(BaseModel):
    """A user's place in a team."""

    user_id: str
    team_id: str
    allowed_models: list[str]

    @classmethod
    def of(cls, member: MemberRecord) -> Self:
        """The answer for a record."""
        return cls(user_id=member.user_id, team_id=member.team_id, allowed_models=member.allowed_models)


class TeamInfo(BaseModel):
    """A team with its keys."""

    team_id: str
    team_info: TeamAnswer
    keys: list[KeyAnswer]
    team_memberships: list[TeamMembership]


class ChangedTeam(BaseModel):
    """A team that was changed."""

    team_id: str
    data: TeamAnswer


class DeletedTeams(BaseModel):
    """The teams that are no more."""

    deleted_teams: list[str]
