"""The record of a team."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from modelward.contract import JsonObject, Team
from modelward.store.records.flat_aliases import flat
from modelward.store.records.new_owner import new_owner


@dataclass(frozen=True, slots=True)
class TeamRecord:
    """A team."""

    team_id: str
    team_alias: str | None = None
    models: list[str] = field(default_factory=list)
    model_aliases: dict[str, str] = field(default_factory=dict)
    organization_id: str | None = None
    access_group_ids: list[str] = field(default_factory=list)
    blocked: bool = False
    metadata: JsonObject = field(default_factory=dict)
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None
    objects_owner: str | None = field(default_factory=partial(new_owner, "team"), compare=False)
    declared: bool = False

    @classmethod
    def of(cls, team: Team) -> "TeamRecord":
        """The record of a declared team."""
        return cls(
            team_id=team.team_id,
            team_alias=team.alias,
            models=team.models,
            model_aliases=team.model_aliases,
            organization_id=team.organization_id,
            access_group_ids=team.access_group_ids,
            blocked=team.blocked,
            metadata=team.metadata,
            objects_owner=None,
            declared=True,
        )

    def subject(self) -> Team:
        """What the rules see, each alias with its final target. Raises StoreUnavailable if they lead in a circle."""
        team = Team(
            team_id=self.team_id,
            alias=self.team_alias,
            models=self.models,
            model_aliases=self.model_aliases,
            organization_id=self.organization_id,
            access_group_ids=self.access_group_ids,
            blocked=self.blocked,
            metadata=self.metadata,
            objects_owner=self.objects_owner,
        )
        return team.model_copy(update={"model_aliases": flat(team.model_aliases)})
