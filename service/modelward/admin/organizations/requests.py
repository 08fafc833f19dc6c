"""What the organization routes read."""

from pydantic import ConfigDict, Field

from modelward.admin.closed import ClosedFields, QueryFields
from modelward.admin.fields import Item, JsonMap, Models, Name, SomeNames
from modelward.admin.other_fields import KEPT_WITH_ORGANIZATIONS
from modelward.admin.record_fields import RecordFields


class OrganizationFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    LASTING = frozenset({"metadata", "models", "organization_alias"})
    KEPT = KEPT_WITH_ORGANIZATIONS

    organization_alias: Name | None = None
    models: Models | None = None
    metadata: JsonMap | None = None


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
