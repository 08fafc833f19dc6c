"""What the access group routes read."""

from pydantic import ConfigDict, Field

from modelward.admin.fields import Items, Models, Name
from modelward.admin.key_ids import KeyIds
from modelward.admin.record_fields import RecordFields


class AccessGroupFields(RecordFields):
    """The fields of a group; servers and agents decide nothing."""

    LASTING = frozenset({"access_group_name"})
    CLEARABLE = frozenset({"description"})
    SHOWN = frozenset({"access_agent_ids", "access_mcp_server_ids"})
    EMPTIED = SHOWN | {"access_model_names", "assigned_key_ids", "assigned_team_ids"}

    access_group_name: Name | None = None
    description: Name | None = None
    access_model_names: Models | None = None
    access_mcp_server_ids: Items | None = None
    access_agent_ids: Items | None = None
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
    """What to change of a unified access group; what is not sent stays. A list that is `null` is emptied."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"access_model_names": ["gpt-4"]}]})
