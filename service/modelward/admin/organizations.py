"""`/organization/...`: organizations."""

from typing import Any

from fastapi import Request

from modelward.admin.errors import MISSING, TAKEN
from modelward.admin.fields import Item, Name, SomeNames
from modelward.admin.models import RecordFields, SpendingAnswer, example, names, reads, shows
from modelward.admin.routes import Now, RecordRoutes
from modelward.contract import Organization
from modelward.store import Store


@reads(Organization, "organizations[]")
class OrganizationFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    LASTING = frozenset({"organization_alias"})


class NewOrganization(OrganizationFields, json_schema_extra=example(organization_alias="acme", models=["gpt-4"])):
    """An organization to make; `organization_id` may be chosen."""

    organization_id: Name | None = None
    organization_alias: Name


class OrganizationChange(OrganizationFields, json_schema_extra=example(organization_id="acme", models=["gpt-4"])):
    """What to change of an organization; what is not sent stays."""

    organization_id: Name


OrganizationNames = names("OrganizationNames", "Organizations to delete.", organization_ids=(SomeNames, ["acme"]))
OrganizationsToShow = names("OrganizationsToShow", "Organizations to show.", organizations=(SomeNames, ["acme"]))


@shows(Organization)
class OrganizationAnswer(SpendingAnswer):
    """An organization; budgets and limits that a client sent are beside these fields."""


class OrganizationRoutes(RecordRoutes[Organization]):
    """The routes."""

    PREFIX, TAG, ID, ANSWER = "/organization", "organizations", "organization_id", OrganizationAnswer

    def __init__(self, store: Store, now: Now) -> None:
        super().__init__(store.organizations, now)
        several = list[OrganizationAnswer]
        says = "Make an organization. An empty list of models means every model."
        self.add("/new", self.new, NewOrganization, says=says, responses=TAKEN)
        self.add("/update", self.update, OrganizationChange, methods=["PATCH"])
        says = "Delete organizations, all or none. Their keys and teams stay, refused until they name another (L8)."
        self.add("/delete", self.delete, OrganizationNames, several, says, methods=["DELETE"])
        self.add_info("An organization.", "acme")
        self.add("/info", self.infos, OrganizationsToShow, several, deprecated=True, responses=MISSING)
        self.router.get("/list", response_model=several)(self.list_all)

    async def infos(self, sent: Any, _: Request) -> Any:
        """Organizations: call `GET /organization/info` instead."""
        return [await self.table.get(each) for each in sent.organizations]

    async def list_all(self, org_id: Item | None = None, org_alias: Item | None = None) -> list[Organization]:
        """The organizations, those of the config file first, then the newest; `org_alias` is a part of the alias, in
        any case."""
        part = (org_alias or "").lower()
        return [
            each
            for each in await self.table.all()
            if org_id in (None, each.organization_id) and part in (each.organization_alias or "").lower()
        ]
