"""`/customer/...`: customers."""

from typing import Any

from fastapi import Request

from modelward.admin.errors import TAKEN
from modelward.admin.fields import Name, SomeNames
from modelward.admin.models import RecordFields, SpendingAnswer, example, names, reads, shape, shows
from modelward.admin.routes import Now, RecordRoutes
from modelward.contract import Customer
from modelward.store import Store


@reads(Customer, "customers[]")
class NewCustomer(RecordFields, json_schema_extra=example(user_id="customer-1", models=["gpt-4"])):
    """A customer to make."""

    user_id: Name


class CustomerChange(NewCustomer):
    """What to change of a customer; what is not sent stays."""


CustomerNames = names("CustomerNames", "Customers.", user_ids=(SomeNames, ["customer-1"]))


@shows(Customer)
class CustomerAnswer(SpendingAnswer):
    """A customer; budgets and limits that a client sent are beside these fields."""


BlockedCustomers = shape("BlockedCustomers", "The customers that are blocked now.", blocked_users=list[CustomerAnswer])
StillBlocked = shape("StillBlocked", "The ids of all customers that remain blocked.", blocked_users=list[str])
DeletedCustomers = shape("DeletedCustomers", "How many customers are no more.", deleted_customers=int, message=str)


class CustomerRoutes(RecordRoutes[Customer]):
    """The routes."""

    PREFIX, TAG, ID, ANSWER = "/customer", "customers", "user_id", CustomerAnswer

    def __init__(self, store: Store, now: Now) -> None:
        super().__init__(store.customers, now)
        self._customers = store.customers
        says = "Make a customer. An empty list of models sets no limit of its own."
        self.add("/new", self.new, NewCustomer, says=says, responses=TAKEN)
        self.add("/update", self.update, CustomerChange)
        says = "Delete customers, all or none. Requests that name them have no limit of theirs any more (L8)."
        self.add("/delete", self.delete, CustomerNames, DeletedCustomers, says)
        self.add("/block", self.block, CustomerNames, BlockedCustomers, responses=TAKEN)
        self.add("/unblock", self.unblock, CustomerNames, StillBlocked)
        self.add_info("A customer.", "customer-1", "end_user_id")
        self.add_list("Every customer, those of the config file first, then the newest.", list[CustomerAnswer])

    async def deleted(self, records: list[Customer]) -> Any:
        """How many they are, and which."""
        ids = ", ".join(customer.user_id for customer in records)
        return {"deleted_customers": len(records), "message": f"deleted: {ids}"}

    async def block(self, sent: Any, _: Request) -> Any:
        """Refuse requests that name these customers, all or none of them. One without a record gets one."""
        return {"blocked_users": await self._customers.set_blocked(sent.user_ids, True, now=self.now())}

    async def unblock(self, sent: Any, _: Request) -> Any:
        """Let requests that name these customers in again, all or none of them."""
        await self._customers.set_blocked(sent.user_ids, False, now=self.now())
        return {"blocked_users": [each.user_id for each in await self.table.all() if each.blocked]}
