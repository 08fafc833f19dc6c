"""What the customer routes read."""

from pydantic import ConfigDict, Field

from modelward.admin.closed import ClosedFields, QueryFields
from modelward.admin.fields import JsonMap, Models, Name, SomeNames
from modelward.admin.other_fields import KEPT_WITH_CUSTOMERS
from modelward.admin.record_fields import RecordFields


class CustomerFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing. `user_id` is the id that
    requests name the customer by."""

    LASTING = frozenset({"blocked", "models"})
    CLEARABLE = frozenset({"alias"})
    SHOWN = frozenset({"metadata"})
    KEPT = KEPT_WITH_CUSTOMERS

    user_id: Name
    alias: Name | None = None
    models: Models | None = None
    blocked: bool | None = None
    metadata: JsonMap | None = None


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
