"""What the project routes read."""

from pydantic import ConfigDict, Field

from modelward.admin.closed import ClosedFields, QueryFields
from modelward.admin.fields import JsonMap, Models, Name, SomeNames
from modelward.admin.other_fields import KEPT_WITH_PROJECTS
from modelward.admin.record_fields import RecordFields


class ProjectFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    LASTING = frozenset({"blocked", "metadata", "models", "team_id"})
    CLEARABLE = frozenset({"project_alias"})
    SHOWN = frozenset({"description"})
    KEPT = KEPT_WITH_PROJECTS

    project_alias: Name | None = None
    description: Name | None = None
    team_id: Name | None = None
    models: Models | None = None
    blocked: bool | None = None
    metadata: JsonMap | None = None


class NewProject(ProjectFields):
    """A project to make; `project_id` may be chosen."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"project_alias": "search", "team_id": "litellm-dev", "models": ["gpt-4"]}]}
    )
    project_id: Name | None = None


class ProjectChange(ProjectFields):
    """What to change of a project; what is not sent stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"project_id": "search", "models": ["gpt-4"]}]})
    project_id: Name


class ProjectNames(ClosedFields):
    """Projects."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"project_ids": ["search"]}]})
    project_ids: SomeNames


class ProjectToShow(QueryFields):
    """A project."""

    project_id: Name = Field(examples=["search"])
