"""What the team routes read."""

from typing import ClassVar

from pydantic import ConfigDict, Field

from modelward.admin.closed import ClosedFields, QueryFields
from modelward.admin.fields import Aliases, Item, Items, JsonMap, Models, Name, SomeNames
from modelward.admin.other_fields import KEPT_WITH_TEAMS
from modelward.admin.record_fields import RecordFields
from modelward.admin.teams.member_requests import NewMembers
from modelward.store import TeamFilter


class TeamFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    LASTING = frozenset({"access_group_ids", "blocked", "metadata", "model_aliases", "models"})
    CLEARABLE = frozenset({"organization_id", "team_alias"})
    KEPT = KEPT_WITH_TEAMS

    team_alias: Name | None = None
    models: Models | None = None
    model_aliases: Aliases | None = None
    organization_id: Name | None = None
    access_group_ids: Items | None = None
    blocked: bool | None = None
    metadata: JsonMap | None = None


class NewTeam(TeamFields):
    """A team to make; `team_id` may be chosen."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"team_alias": "litellm-dev", "models": ["azure-gpt-3.5"]}]}
    )
    team_id: Name | None = None
    members_with_roles: NewMembers | None = None


class TeamChange(TeamFields):
    """What to change of a team; what is not sent stays. Members have routes of their own."""

    INSTEAD: ClassVar = dict.fromkeys(
        ("admins", "members", "members_with_roles"), "call `/team/member_add` or `/team/member_delete`"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"team_id": "litellm-dev", "models": ["gpt-4"]}]})
    team_id: Name


class TeamName(ClosedFields):
    """A team."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"team_id": "litellm-dev"}]})
    team_id: Name


class TeamNames(ClosedFields):
    """Teams."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"team_ids": ["litellm-dev"]}]})
    team_ids: SomeNames


class TeamToShow(QueryFields):
    """A team; without it, the caller's own."""

    team_id: Name | None = Field(None, examples=["litellm-dev"])


class TeamQuery(QueryFields):
    """Which teams to list."""

    organization_id: Item | None = None
    user_id: Item | None = Field(None, description="a member of the team")

    @property
    def filter(self) -> TeamFilter:
        """The same for the store."""
        return TeamFilter(organization_id=self.organization_id, user_id=self.user_id)
