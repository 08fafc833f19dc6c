"""The record of an organization."""

from dataclasses import dataclass, field
from datetime import datetime

from modelward.contract import JsonObject, Organization


@dataclass(frozen=True, slots=True)
class OrganizationRecord:
    """An organization."""

    organization_id: str
    organization_alias: str | None = None
    models: list[str] = field(default_factory=list)
    metadata: JsonObject = field(default_factory=dict)
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None
    declared: bool = False

    @classmethod
    def of(cls, organization: Organization) -> "OrganizationRecord":
        """The record of a declared organization."""
        return cls(
            organization_id=organization.organization_id,
            organization_alias=organization.alias,
            models=organization.models,
            metadata=organization.metadata,
            declared=True,
        )

    def subject(self) -> Organization:
        """What the rules see."""
        return Organization(
            organization_id=self.organization_id,
            alias=self.organization_alias,
            models=self.models,
            metadata=self.metadata,
        )
