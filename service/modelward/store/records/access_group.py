"""The record of a unified access group."""

from dataclasses import dataclass, field
from datetime import datetime

from modelward.contract import AccessGroup, JsonObject


@dataclass(frozen=True, slots=True)
class AccessGroupRecord:
    """A unified access group (G9); `assigned_key_ids` are key hashes."""

    access_group_id: str
    access_group_name: str | None = None
    description: str | None = None
    access_model_names: list[str] = field(default_factory=list)
    assigned_team_ids: list[str] = field(default_factory=list)
    assigned_key_ids: list[str] = field(default_factory=list)
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None
    declared: bool = False

    @classmethod
    def of(cls, group: AccessGroup) -> "AccessGroupRecord":
        """The record of a declared access group."""
        return cls(
            access_group_id=group.access_group_id,
            access_group_name=group.name,
            description=group.description,
            access_model_names=group.models,
            assigned_team_ids=group.team_ids,
            assigned_key_ids=group.key_hashes,
            declared=True,
        )

    def subject(self) -> AccessGroup:
        """What the rules see."""
        return AccessGroup(
            access_group_id=self.access_group_id,
            name=self.access_group_name,
            description=self.description,
            models=self.access_model_names,
            team_ids=self.assigned_team_ids,
            key_hashes=self.assigned_key_ids,
        )
