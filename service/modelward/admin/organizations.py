"""`/organization/...`: organizations."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import ConfigDict, Field

from modelward.admin.document import MISSING, MISSING_OR_TAKEN, TAKEN
from modelward.admin.fields import ClosedFields, Item, Name, QueryFields, SomeNames
from modelward.admin.other_fields import kept_with
from modelward.admin.records import RecordFields, Records, SpendingAnswer, new_id, reads, shows
from modelward.contract import Organization
from modelward.store import Store


@reads
class OrganizationFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    SUBJECT = Organization
    LASTING = frozenset({"organization_alias"})
    KEPT = kept_with("organizations")


class NewOrganization(OrganizationFields):
    """An organization to make; `organization_id` may be chosen."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"organization_alias": "acme", "models": ["gpt-4"]}]})
    organization_id: Name | None = None
    organization_alias: Name


class OrganizationChange(OrganizationFields):
    """What to change of an organization; what is not sent stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"organization_id": "acme", "models": ["gpt-4"]}]})
    organization_id: Name


class OrganizationNames(ClosedFields):
    """Organizations to delete."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"organization_ids": ["acme"]}]})
    organization_ids: SomeNames


class OrganizationsToShow(ClosedFields):
    """Organizations to show."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"organizations": ["acme"]}]})
    organizations: SomeNames


class OrganizationToShow(QueryFields):
    """An organization."""

    organization_id: Name = Field(examples=["acme"])


class OrganizationQuery(QueryFields):
    """Which organizations to list."""

    org_id: Item | None = None
    org_alias: Item | None = None


@shows
class OrganizationAnswer(SpendingAnswer):
    """An organization; budgets and limits that a client sent are beside these fields."""

    SUBJECT = Organization


class OrganizationRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._records = Records(store.organizations, now)

    def router(self) -> APIRouter:
        """All of them."""
        router = APIRouter(prefix="/organization", tags=["organizations"])
        router.post("/new", responses=TAKEN)(self.new)
        router.patch("/update", responses=MISSING_OR_TAKEN)(self.update)
        router.delete("/delete", responses=MISSING_OR_TAKEN)(self.delete)
        router.get("/info", responses=MISSING)(self.info)
        router.post("/info", deprecated=True, responses=MISSING)(self.infos)
        router.get("/list")(self.list_all)
        return router

    async def new(self, new: NewOrganization, request: Request) -> OrganizationAnswer:
        """Make an organization. An empty list of models means every model."""
        bare = Organization(organization_id=new.organization_id or new_id())
        return OrganizationAnswer.of(await self._records.make(bare, new, request))

    async def update(self, change: OrganizationChange, request: Request) -> OrganizationAnswer:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        return OrganizationAnswer.of(await self._records.change(change.organization_id, change, request))

    async def delete(self, names: OrganizationNames) -> list[OrganizationAnswer]:
        """Delete organizations, all or none. Their keys and teams stay, refused until they name another (L8)."""
        return [OrganizationAnswer.of(each) for each in await self._records.table.remove(names.organization_ids)]

    async def info(self, query: Annotated[OrganizationToShow, Query()]) -> OrganizationAnswer:
        """An organization."""
        return OrganizationAnswer.of(await self._records.table.get(query.organization_id))

    async def infos(self, wanted: OrganizationsToShow) -> list[OrganizationAnswer]:
        """Organizations: call `GET /organization/info` instead."""
        return [OrganizationAnswer.of(await self._records.table.get(each)) for each in wanted.organizations]

    async def list_all(self, query: Annotated[OrganizationQuery, Query()]) -> list[OrganizationAnswer]:
        """The organizations, those of the config file first, then the newest; `org_alias` is a part of the alias, in
        any case."""
        part = (query.org_alias or "").lower()
        return [
            OrganizationAnswer.of(each)
            for each in await self._records.table.all()
            if query.org_id in (None, each.organization_id) and part in (each.organization_alias or "").lower()
        ]
