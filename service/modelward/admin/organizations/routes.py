"""The routes of organizations."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request

from modelward.admin.document import MISSING, MISSING_OR_TAKEN, TAKEN
from modelward.admin.edit import edited, made
from modelward.admin.gate_state import changer
from modelward.admin.organizations.answers import OrganizationAnswer
from modelward.admin.organizations.requests import (
    NewOrganization,
    OrganizationChange,
    OrganizationNames,
    OrganizationQuery,
    OrganizationsToShow,
    OrganizationToShow,
)
from modelward.store import OrganizationRecord, Store


class OrganizationRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._organizations = store.organizations
        self._now = now

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
        organization = OrganizationRecord(organization_id=new.organization_id or str(uuid.uuid4()))
        organization = made(organization, new, self._now(), changer(request))
        await self._organizations.add(organization)
        return OrganizationAnswer.of(organization)

    async def update(self, change: OrganizationChange, request: Request) -> OrganizationAnswer:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        by, now = changer(request), self._now()
        changed = await self._organizations.change(
            change.organization_id, lambda organization: edited(organization, change, now, by)
        )
        return OrganizationAnswer.of(changed)

    async def delete(self, names: OrganizationNames) -> list[OrganizationAnswer]:
        """Delete organizations, all or none. Their keys and teams stay, refused until they name another (L8)."""
        removed = await self._organizations.remove(names.organization_ids)
        return [OrganizationAnswer.of(organization) for organization in removed]

    async def info(self, query: Annotated[OrganizationToShow, Query()]) -> OrganizationAnswer:
        """An organization."""
        return OrganizationAnswer.of(await self._organizations.get(query.organization_id))

    async def infos(self, wanted: OrganizationsToShow) -> list[OrganizationAnswer]:
        """Organizations: call `GET /organization/info` instead."""
        return [OrganizationAnswer.of(await self._organizations.get(each)) for each in wanted.organizations]

    async def list_all(self, query: Annotated[OrganizationQuery, Query()]) -> list[OrganizationAnswer]:
        """The organizations, those of the config file first, then the newest; `org_alias` is a part of the alias, in
        any case."""
        part = (query.org_alias or "").lower()
        return [
            OrganizationAnswer.of(each)
            for each in await self._organizations.all()
            if query.org_id in (None, each.organization_id) and part in (each.organization_alias or "").lower()
        ]
