"""What the access group routes read."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from modelward.admin.fields import Items, Name
from modelward.admin.other_fields import KEPT_WITH_ACCESS_GROUPS
from modelward.admin.record_fields import RecordFields
from modelward.identity import hash_of

KeyId = Annotated[Name, AfterValidator(hash_of)]
"""A key in clear text or by hash; kept by hash alone (A1)."""
KeyIds = Annotated[list[KeyId], Field(max_length=1_000)]


class AccessGroupFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    LASTING = frozenset({"access_group_name", "access_model_names", "assigned_key_ids", "assigned_team_ids"})
    CLEARABLE = frozenset({"description"})
    KEPT = KEPT_WITH_ACCESS_GROUPS

    access_group_name: Name | None = None
    description: Name | None = None
    access_model_names: Items | None = None
    assigned_team_ids: Items | None = Field(None, description="whose refusal the group may lift for their keys")
    assigned_key_ids: KeyIds | None = Field(None, description="keys, in clear text or by hash, that it is assigned to")


class NewAccessGroup(AccessGroupFields):
    """A unified access group to make; `access_group_id` may be chosen."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"access_group_name": "production", "access_model_names": ["gpt-4"]}]}
    )
    access_group_id: Name | None = None
    access_group_name: Name


class AccessGroupChange(AccessGroupFields):
    """What to change of a unified access group; what is not sent stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"access_model_names": ["gpt-4"]}]})
