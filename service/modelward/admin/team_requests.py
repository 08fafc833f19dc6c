"""What the team routes read."""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, JsonValue, PrivateAttr, model_validator

from modelward.admin.fields import Aliases, Items, JsonMap, Name, Names, small
from modelward.admin.other_fields import KEPT_WITH_TEAMS, kept


class Member(BaseModel):
    """A member of a team. Kept and shown; a member's own model list is not supported yet."""

    model_config = ConfigDict(strict=True, extra="forbid")
    role: Literal["admin", "user"]
    user_id: Name | None = None
    user_email: Name | None = None


class TeamFields(BaseModel):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    model_config = ConfigDict(strict=True, extra="allow")
    team_alias: Name | None = None
    models: Items | None = None
    model_aliases: Aliases | None = None
    blocked: bool | None = None
    metadata: JsonMap | None = None
    members_with_roles: list[Member] | None = None
    _others: dict[str, JsonValue] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _sort_out(self) -> Self:
        self._others = kept(self.model_extra or {}, KEPT_WITH_TEAMS, type(self).model_fields)
        if self.members_with_roles is not None:
            members: list[JsonValue] = [member.model_dump(exclude_none=True) for member in self.members_with_roles]
            self._others = small({**self._others, "members_with_roles": members})
        return self

    def changes(self) -> dict[str, Any]:
        """The fields that were sent, as columns. `null` takes away the alias; elsewhere it changes nothing, as an
        empty list would mean every model."""
        sent: dict[str, Any] = {"team_alias": self.team_alias} if "team_alias" in self.model_fields_set else {}
        for name in ("models", "model_aliases", "blocked", "metadata"):
            if getattr(self, name) is not None:
                sent[name] = getattr(self, name)
        return sent

    @property
    def others(self) -> dict[str, JsonValue]:
        """What decides nothing."""
        return self._others


class NewTeam(TeamFields):
    """A team to make; `team_id` may be chosen."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"team_alias": "litellm-dev", "models": ["azure-gpt-3.5"]}]}
    )
    team_id: Name | None = None


class TeamChange(TeamFields):
    """What to change of a team; what is not sent stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"team_id": "litellm-dev", "models": ["gpt-4"]}]})
    team_id: Name


class TeamName(BaseModel):
    """A team."""

    model_config = ConfigDict(strict=True, extra="forbid", json_schema_extra={"examples": [{"team_id": "litellm-dev"}]})
    team_id: Name


class TeamNames(BaseModel):
    """Teams."""

    model_config = ConfigDict(
        strict=True, extra="forbid", json_schema_extra={"examples": [{"team_ids": ["litellm-dev"]}]}
    )
    team_ids: Names
