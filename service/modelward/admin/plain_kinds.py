"""Organizations, projects, customers and unified access groups: the kinds of records with few routes of their own."""

from typing import Annotated, Any

from fastapi import Request, status

from modelward.admin.errors import MISSING, MISSING_OR_TAKEN, TAKEN
from modelward.admin.fields import IN_PATH, Item, Name, SomeNames
from modelward.admin.models import RecordAnswer, RecordFields, SpendingAnswer, example, names, reads, shape, shows
from modelward.admin.routes import Now, RecordRoutes
from modelward.contract import AccessGroup, Customer, Organization, Project
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
    """`/organization/...`."""

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


@reads(Project, "projects[]")
class NewProject(
    RecordFields, json_schema_extra=example(project_alias="search", team_id="litellm-dev", models=["gpt-4"])
):
    """A project to make; `project_id` may be chosen."""

    LASTING = frozenset({"team_id"})

    project_id: Name | None = None


class ProjectChange(NewProject, json_schema_extra=example(project_id="search", models=["gpt-4"])):
    """What to change of a project; what is not sent stays."""

    project_id: Name


ProjectNames = names("ProjectNames", "Projects.", project_ids=(SomeNames, ["search"]))


@shows(Project)
class ProjectAnswer(SpendingAnswer):
    """A project; budgets and limits that a client sent are beside these fields."""


class ProjectRoutes(RecordRoutes[Project]):
    """`/project/...`."""

    PREFIX, TAG, ID, ANSWER = "/project", "projects", "project_id", ProjectAnswer

    def __init__(self, store: Store, now: Now) -> None:
        super().__init__(store.projects, now)
        says = "Make a project. An empty list of models sets no limit of its own."
        self.add("/new", self.new, NewProject, says=says, responses=TAKEN)
        self.add("/update", self.update, ProjectChange)
        says = "Delete projects, all or none. Their keys stay, and are refused until they name another (L8)."
        self.add("/delete", self.delete, ProjectNames, list[ProjectAnswer], says, methods=["DELETE"])
        self.add_info("A project.", "search")
        self.add_list("Every project, those of the config file first, then the newest.", list[ProjectAnswer])


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
    """`/customer/...`."""

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


GroupInPath = Annotated[Name, IN_PATH]


@reads(AccessGroup)
class AccessGroupChange(RecordFields, json_schema_extra=example(access_model_names=["gpt-4"])):
    """What to change of a unified access group; what is not sent stays. A list that is `null` is emptied."""

    LASTING = frozenset({"access_group_name"})
    EMPTIES = True


class NewAccessGroup(
    AccessGroupChange, json_schema_extra=example(access_group_name="production", access_model_names=["gpt-4"])
):
    """A unified access group to make; `access_group_id` may be chosen."""

    access_group_id: Name | None = None
    access_group_name: Name


@shows(AccessGroup)
class AccessGroupAnswer(RecordAnswer):
    """A unified access group. `assigned_key_ids` are hashes; servers and agents are shown and decide nothing."""


class AccessGroupRoutes(RecordRoutes[AccessGroup]):
    """`/v1/access_group`."""

    PREFIX, TAG, ID, ANSWER = "/v1/access_group", "access groups", "access_group_id", AccessGroupAnswer

    def __init__(self, store: Store, now: Now) -> None:
        super().__init__(store.access_groups, now)
        path, deleted = "/{access_group_id}", status.HTTP_204_NO_CONTENT
        self.add("", self.new, NewAccessGroup, status_code=status.HTTP_201_CREATED, responses=TAKEN)
        self.add_list("Every group, those of the config file first, then the newest.", list[AccessGroupAnswer], "")
        self.router.get(path, response_model=self.ANSWER, responses=MISSING)(self.info)
        update = self.router.put(path, name="update", response_model=self.ANSWER, responses=MISSING_OR_TAKEN)
        update(self.update_named)
        self.router.delete(path, name="delete", status_code=deleted, responses=MISSING_OR_TAKEN)(self.delete_named)

    async def new(self, sent: Any, request: Request) -> Any:
        """Make a unified access group. To be assigned to a team or key gives it no model yet: access comes by the
        `access_group_ids` of the team or key itself, which this call leaves as they are (G9)."""
        return await super().new(sent, request)

    async def info(self, access_group_id: GroupInPath) -> AccessGroup:
        """A group."""
        return await self.table.get(access_group_id)

    async def update_named(
        self, access_group_id: GroupInPath, sent: AccessGroupChange, request: Request
    ) -> AccessGroup:
        """Change the fields that are sent. In force here when this answers, everywhere within a second. Teams and keys
        keep their `access_group_ids`, whatever is assigned."""
        return await self.change(access_group_id, sent, request)

    async def delete_named(self, access_group_id: GroupInPath) -> None:
        """Delete a group. Teams and keys that name it get nothing by it any more (G9)."""
        await self.table.remove([access_group_id])
