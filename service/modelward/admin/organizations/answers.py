"""What the organization routes answer: LiteLLM's fields."""

from pydantic import JsonValue

from modelward.admin.record_answer import SpendingAnswer


class OrganizationAnswer(SpendingAnswer):
    """An organization; budgets and limits that a client sent stand beside these fields."""

    organization_id: str
    organization_alias: str | None
    models: list[str]
    metadata: dict[str, JsonValue]
    created_by: str | None
    updated_by: str | None
