"""What the team routes answer: LiteLLM's fields."""

from typing import Self

from pydantic import BaseModel, Field, JsonValue

from modelward.admin.key_answers import KeyAnswer
from modelward.admin.record_answer import RecordAnswer
from modelward.store import TeamRecord


class TeamAnswer(RecordAnswer):
    """A team; budgets and limits that a client sent stand beside these fields."""

    team_id: str
    team_alias: str | None
    models: list[str]
    model_aliases: dict[str, str]
    blocked: bool
    members_with_roles: JsonValue = Field(default_factory=list)

    @classmethod
    def of(cls, team: TeamRecord) -> Self:
        """The answer for a record."""
        return cls(**cls.shown(team))


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
