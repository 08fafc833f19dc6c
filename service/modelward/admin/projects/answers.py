"""What the project routes answer: LiteLLM's fields."""

from pydantic import JsonValue

from modelward.admin.record_answer import SpendingAnswer


class ProjectAnswer(SpendingAnswer):
    """A project; budgets and limits that a client sent stand beside these fields."""

    project_id: str
    project_alias: str | None
    description: str | None = None
    team_id: str | None
    models: list[str]
    blocked: bool
    metadata: dict[str, JsonValue]
    created_by: str | None
    updated_by: str | None
