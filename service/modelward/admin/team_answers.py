"""What the team routes answer: LiteLLM's fields."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, JsonValue

from modelward.admin.key_answers import KeyAnswer
from modelward.store import TeamRecord


class TeamAnswer(BaseModel):
    """A team; budgets and limits that a client sent stand beside these fields."""

    model_config = ConfigDict(extra="allow")
    team_id: str
    team_alias: str | None
    models: list[str]
    model_aliases: dict[str, str]
    blocked: bool
    metadata: dict[str, JsonValue]
    members_with_roles: JsonValue = []
    spend: JsonValue = 0.0
    max_budget: JsonValue = None
    tpm_limit: JsonValue = None
    rpm_limit: JsonValue = None
    created_at: datetime | None
    updated_at: datetime | None
    declared: bool

    @classmethod
    def of(cls, team: TeamRecord) -> Self:
        """The answer for a record."""
        shown = {name: getattr(team, name) for name in cls.model_fields if hasattr(team, name)}
        return cls(**shown, **team.extra)


class TeamInfo(BaseModel):
    """A team with its keys."""

    team_id: str
    team_info: TeamAnswer
    keys: list[KeyAnswer]
    team_memberships: list[JsonValue] = []


class ChangedTeam(BaseModel):
    """A team that was changed."""

    team_id: str
    data: TeamAnswer


class DeletedTeams(BaseModel):
    """The teams that are no more."""

    deleted_teams: list[str]
