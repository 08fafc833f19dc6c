"""What the routes of a team's members answer: LiteLLM's fields."""

from pydantic import BaseModel

from modelward.admin.teams.answers import TeamAnswer, TeamMembership
from modelward.admin.users.answers import UserAnswer


class TeamWithNewMembers(TeamAnswer):
    """A team, and what putting users into it changed."""

    updated_users: list[UserAnswer]
    updated_team_memberships: list[TeamMembership]


class ChangedMember(BaseModel):
    """A member that was changed. No member has a budget or an address here."""

    team_id: str
    user_id: str
    user_email: None = None
    role: str
    allowed_models: list[str]
    max_budget_in_team: None = None
