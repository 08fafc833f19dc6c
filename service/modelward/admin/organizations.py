"""`/organization/...`: organizations."""

from modelward.admin.errors import MISSING, TAKEN
from modelward.admin.fields import ClosedFields, Item, Name, SomeNames, example
from modelward.admin.records import RecordFields, SpendingAnswer, reads, shows
from modelward.admin.routes import Now, RecordRoutes
from modelward.config.words import litellm_words
from modelward.contract import Organization
from modelward.store import Store


@reads
class OrganizationFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    SUBJECT = Organization
    WORDS = litellm_words().records["organizations[]"]
    LASTING = frozenset({"organization_alias"})


class NewOrganization(OrganizationFields, json_schema_extra=example(organization_alias="acme", models=["gpt-4"])):
    """An organization to make; `organization_id` may be chosen."""

    organization_id: Name | None = None
    organization_alias: Name


class OrganizationChange(OrganizationFields, json_schema_extra=example(organization_id="acme", models=["gpt-4"])):
    """What to change of an organization; what is not sent stays."""

    organization_id: Name


class OrganizationNames(ClosedFields, json_schema_extra=example(organization_ids=["acme"])):
    """Organizations to delete."""

    organization_ids: SomeNames


class OrganizationsToShow(ClosedFields, json_schema_extra=example(organizations=["acme"])):
    """Organizations to show."""

    organizations: SomeNames


@shows
class OrganizationAnswer(SpendingAnswer):
    """An organization; budgets and limits that a client sent are beside these fields."""

    SUBJECT = Organization


class OrganizationRoutes(RecordRoutes[Organization]):
    """The routes."""

    PREFIX, TAG, ID, EXAMPLE = "/organization", "organizations", "organization_id", "acme"
    ANSWER = OrganizationAnswer

    def __init__(self, store: Store, now: Now) -> None:
        super().__init__(store.organizations, now)
        says = "Make an organization. An empty list of models means every model."
        self.add("/new", self.new, NewOrganization, says=says, responses=TAKEN)
        self.add("/update", self.update, OrganizationChange, method="PATCH")
        says = "Delete organizations, all or none. Their keys and teams stay, refused until they name another (L8)."
        self.add("/delete", self.delete, OrganizationNames, list[OrganizationAnswer], says=says, method="DELETE")
        self.add_info("An organization.")
        self.router.post("/info", deprecated=True, responses=MISSING)(self.infos)
        self.router.get("/list")(self.list_all)

    async def infos(self, wanted: OrganizationsToShow) -> list[OrganizationAnswer]:
        """Organizations: call `GET /organization/info` instead."""
        return [OrganizationAnswer.of(await self.table.get(each)) for each in wanted.organizations]

    async def list_all(self, org_id: Item | None = None, org_alias: Item | None = None) -> list[OrganizationAnswer]:
        """The organizations, those of the config file first, then the newest; `org_alias` is a part of the alias, in
        any case."""
        part = (org_alias or "").lower()
        return [
            OrganizationAnswer.of(each)
            for each in await self.table.all()
            if org_id in (None, each.organization_id) and part in (each.organization_alias or "").lower()
        ]
