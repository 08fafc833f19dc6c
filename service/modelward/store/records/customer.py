"""The record of a customer."""

from dataclasses import dataclass, field
from datetime import datetime

from modelward.contract import Customer, JsonObject


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer (LiteLLM's end user); `user_id` is the id that requests name it by."""

    user_id: str
    alias: str | None = None
    models: list[str] = field(default_factory=list)
    blocked: bool = False
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None
    declared: bool = False

    @classmethod
    def of(cls, customer: Customer) -> "CustomerRecord":
        """The record of a declared customer."""
        return cls(
            user_id=customer.customer_id,
            alias=customer.alias,
            models=customer.models,
            blocked=customer.blocked,
            declared=True,
        )

    def subject(self) -> Customer:
        """What the rules see."""
        return Customer(customer_id=self.user_id, alias=self.alias, models=self.models, blocked=self.blocked)
