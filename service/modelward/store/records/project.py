"""The record of a project."""

from dataclasses import dataclass, field
from datetime import datetime

from modelward.contract import JsonObject, Project


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """A project."""

    project_id: str
    project_alias: str | None = None
    team_id: str | None = None
    models: list[str] = field(default_factory=list)
    blocked: bool = False
    metadata: JsonObject = field(default_factory=dict)
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None
    declared: bool = False

    @classmethod
    def of(cls, project: Project) -> "ProjectRecord":
        """The record of a declared project."""
        return cls(
            project_id=project.project_id,
            project_alias=project.alias,
            team_id=project.team_id,
            models=project.models,
            blocked=project.blocked,
            metadata=project.metadata,
            declared=True,
        )

    def subject(self) -> Project:
        """What the rules see."""
        return Project(
            project_id=self.project_id,
            alias=self.project_alias,
            team_id=self.team_id,
            models=self.models,
            blocked=self.blocked,
            metadata=self.metadata,
        )
