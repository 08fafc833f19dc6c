"""What the customer routes answer: LiteLLM's fields."""

from pydantic import BaseModel, JsonValue

from modelward.admin.record_answer import SpendingAnswer


class CustomerAnswer(SpendingAnswer):
    """A customer; budgets and limits that a client sent stand beside these fields."""

    user_id: str
    alias: str | None
    models: list[str]
    blocked: bool
    metadata: JsonValue = None


class BlockedCustomers(BaseModel):
    """The customers that are blocked now."""

    blocked_users: list[CustomerAnswer]


class StillBlocked(BaseModel):
    """The ids of all customers that remain blocked."""

    blocked_users: list[str]


class DeletedCustomers(BaseModel):
    """How many customers are no more."""

    deleted_customers: int
    message: str
