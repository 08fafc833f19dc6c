"""The routes of customers, LiteLLM's end users."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request

from modelward.admin.customers.answers import BlockedCustomers, CustomerAnswer, DeletedCustomers, StillBlocked
from modelward.admin.customers.requests import CustomerChange, CustomerNames, NewCustomer
from modelward.admin.edit import edited, made, stamped
from modelward.admin.fields import Name
from modelward.admin.gate_state import changer
from modelward.errors import NotFound
from modelward.store import CustomerRecord, Store


class CustomerRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._customers = store.customers
        self._now = now

    def router(self) -> APIRouter:
        """All of them."""
        router = APIRouter(prefix="/customer", tags=["customers"])
        router.post("/new")(self.new)
        router.post("/update")(self.update)
        router.post("/delete")(self.delete)
        router.post("/block")(self.block)
        router.post("/unblock")(self.unblock)
        router.get("/info")(self.info)
        router.get("/list")(self.list_all)
        return router

    async def new(self, new: NewCustomer, request: Request) -> CustomerAnswer:
        """Make a customer. An empty list of models sets no limit of its own."""
        customer = made(CustomerRecord(user_id=new.user_id), new, self._now(), changer(request))
        await self._customers.add(customer)
        return CustomerAnswer.of(customer)

    async def update(self, change: CustomerChange, request: Request) -> CustomerAnswer:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        by, now = changer(request), self._now()
        changed = await self._customers.change(change.user_id, lambda customer: edited(customer, change, now, by))
        return CustomerAnswer.of(changed)

    async def delete(self, names: CustomerNames) -> DeletedCustomers:
        """Delete customers, all or none. Requests that name them have no limit of theirs any more (L8)."""
        removed = await self._customers.remove(names.user_ids)
        ids = ", ".join(customer.user_id for customer in removed)
        return DeletedCustomers(deleted_customers=len(removed), message=f"deleted: {ids}")

    async def block(self, names: CustomerNames, request: Request) -> BlockedCustomers:
        """Refuse requests that name these customers. One without a record gets one."""
        by = changer(request)
        return BlockedCustomers(
            blocked_users=[CustomerAnswer.of(await self._block(user_id, by)) for user_id in names.user_ids]
        )

    async def unblock(self, names: CustomerNames, request: Request) -> StillBlocked:
        """Let requests that name these customers in again."""
        by = changer(request)
        for user_id in names.user_ids:
            await self._set_blocked(user_id, False, by)
        return StillBlocked(blocked_users=[each.user_id for each in await self._customers.all() if each.blocked])

    async def info(self, end_user_id: Annotated[Name, Query(examples=["customer-1"])]) -> CustomerAnswer:
        """A customer."""
        return CustomerAnswer.of(await self._customers.get(end_user_id))

    async def list_all(self) -> list[CustomerAnswer]:
        """Every customer, those of the config file first, then the newest."""
        return [CustomerAnswer.of(customer) for customer in await self._customers.all()]

    async def _block(self, user_id: str, by: str) -> CustomerRecord:
        try:
            return await self._set_blocked(user_id, True, by)
        except NotFound:
            new = NewCustomer(user_id=user_id, blocked=True)
            customer = made(CustomerRecord(user_id=user_id), new, self._now(), by)
            await self._customers.add(customer)
            return customer

    async def _set_blocked(self, user_id: str, blocked: bool, by: str) -> CustomerRecord:
        now = self._now()
        return await self._customers.change(
            user_id, lambda customer: stamped(replace(customer, blocked=blocked), now, by)
        )
