"""`/customer/...`: customers."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from modelward.admin.document import MISSING, MISSING_OR_TAKEN, TAKEN, no_query
from modelward.admin.fields import ClosedFields, Name, QueryFields, SomeNames
from modelward.admin.other_fields import kept_with
from modelward.admin.records import RecordFields, Records, SpendingAnswer, reads, shows
from modelward.contract import Customer
from modelward.store import Store


@reads
class CustomerFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing. `user_id` is the id that
    requests name the customer by."""

    SUBJECT = Customer
    KEPT = kept_with("customers")

    user_id: Name


class NewCustomer(CustomerFields):
    """A customer to make."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"user_id": "customer-1", "models": ["gpt-4"]}]})


class CustomerChange(CustomerFields):
    """What to change of a customer; what is not sent stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"user_id": "customer-1", "models": ["gpt-4"]}]})


class CustomerNames(ClosedFields):
    """Customers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"user_ids": ["customer-1"]}]})
    user_ids: SomeNames


class CustomerToShow(QueryFields):
    """A customer."""

    end_user_id: Name = Field(examples=["customer-1"])


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


class CustomerRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._customers = store.customers
        self._records = Records(store.customers, now)

    def router(self) -> APIRouter:
        """All of them."""
        router = APIRouter(prefix="/customer", tags=["customers"])
        router.post("/new", responses=TAKEN)(self.new)
        router.post("/update", responses=MISSING_OR_TAKEN)(self.update)
        router.post("/delete", responses=MISSING_OR_TAKEN)(self.delete)
        router.post("/block", responses=TAKEN)(self.block)
        router.post("/unblock", responses=MISSING_OR_TAKEN)(self.unblock)
        router.get("/info", responses=MISSING)(self.info)
        router.get("/list", dependencies=[Depends(no_query)])(self.list_all)
        return router

    async def new(self, new: NewCustomer, request: Request) -> CustomerAnswer:
        """Make a customer. An empty list of models sets no limit of its own."""
        return CustomerAnswer.of(await self._records.make(Customer(user_id=new.user_id), new, request))

    async def update(self, change: CustomerChange, request: Request) -> CustomerAnswer:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        return CustomerAnswer.of(await self._records.change(change.user_id, change, request))

    async def delete(self, names: CustomerNames) -> DeletedCustomers:
        """Delete customers, all or none. Requests that name them have no limit of theirs any more (L8)."""
        removed = await self._customers.remove(names.user_ids)
        ids = ", ".join(customer.user_id for customer in removed)
        return DeletedCustomers(deleted_customers=len(removed), message=f"deleted: {ids}")

    async def block(self, names: CustomerNames) -> BlockedCustomers:
        """Refuse requests that name these customers, all or none of them. One without a record gets one."""
        blocked = await self._customers.set_blocked(names.user_ids, True, now=self._records.now())
        return BlockedCustomers(blocked_users=[CustomerAnswer.of(customer) for customer in blocked])

    async def unblock(self, names: CustomerNames) -> StillBlocked:
        """Let requests that name these customers in again, all or none of them."""
        await self._customers.set_blocked(names.user_ids, False, now=self._records.now())
        return StillBlocked(blocked_users=[each.user_id for each in await self._customers.all() if each.blocked])

    async def info(self, query: Annotated[CustomerToShow, Query()]) -> CustomerAnswer:
        """A customer."""
        return CustomerAnswer.of(await self._customers.get(query.end_user_id))

    async def list_all(self) -> list[CustomerAnswer]:
        """Every customer, those of the config file first, then the newest."""
        return [CustomerAnswer.of(customer) for customer in await self._customers.all()]
