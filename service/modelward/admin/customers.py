"""`/customer/...`: customers."""

from fastapi import Request
from pydantic import BaseModel

from modelward.admin.errors import MISSING_OR_TAKEN, TAKEN
from modelward.admin.fields import ClosedFields, Name, SomeNames, example
from modelward.admin.records import RecordFields, SpendingAnswer, reads, shows
from modelward.admin.routes import Now, RecordRoutes
from modelward.config.words import litellm_words
from modelward.contract import Customer
from modelward.store import Store


@reads
class CustomerFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing. `user_id` is the id that
    requests name the customer by."""

    SUBJECT = Customer
    WORDS = litellm_words().records["customers[]"]

    user_id: Name


class NewCustomer(CustomerFields, json_schema_extra=example(user_id="customer-1", models=["gpt-4"])):
    """A customer to make."""


class CustomerChange(CustomerFields, json_schema_extra=example(user_id="customer-1", models=["gpt-4"])):
    """What to change of a customer; what is not sent stays."""


class CustomerNames(ClosedFields, json_schema_extra=example(user_ids=["customer-1"])):
    """Customers."""

    user_ids: SomeNames


@shows
class CustomerAnswer(SpendingAnswer):
    """A customer; budgets and limits that a client sent are beside these fields."""

    SUBJECT = Customer


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


class CustomerRoutes(RecordRoutes[Customer]):
    """The routes."""

    PREFIX, TAG, ID, EXAMPLE = "/customer", "customers", "user_id", "customer-1"
    ANSWER = CustomerAnswer

    def __init__(self, store: Store, now: Now) -> None:
        super().__init__(store.customers, now)
        self._customers = store.customers
        says = "Make a customer. An empty list of models sets no limit of its own."
        self.add("/new", self.new, NewCustomer, says=says, responses=TAKEN)
        self.add("/update", self.update, CustomerChange)
        says = "Delete customers, all or none. Requests that name them have no limit of theirs any more (L8)."
        self.add("/delete", self.delete, CustomerNames, DeletedCustomers, says=says)
        self.router.post("/block", responses=TAKEN)(self.block)
        self.router.post("/unblock", responses=MISSING_OR_TAKEN)(self.unblock)
        self.add_info("A customer.", "end_user_id")
        self.add_list("Every customer, those of the config file first, then the newest.", list[CustomerAnswer])

    async def deleted(self, records: list[Customer]) -> DeletedCustomers:
        """How many they are, and which."""
        ids = ", ".join(customer.user_id for customer in records)
        return DeletedCustomers(deleted_customers=len(records), message=f"deleted: {ids}")

    async def block(self, sent: CustomerNames, _: Request) -> BlockedCustomers:
        """Refuse requests that name these customers, all or none of them. One without a record gets one."""
        blocked = await self._customers.set_blocked(sent.user_ids, True, now=self.now())
        return BlockedCustomers(blocked_users=[CustomerAnswer.of(customer) for customer in blocked])

    async def unblock(self, sent: CustomerNames, _: Request) -> StillBlocked:
        """Let requests that name these customers in again, all or none of them."""
        await self._customers.set_blocked(sent.user_ids, False, now=self.now())
        return StillBlocked(blocked_users=[each.user_id for each in await self.table.all() if each.blocked])
