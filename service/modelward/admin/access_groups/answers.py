"""What the access group routes answer: LiteLLM's fields."""

from pydantic import Field

from modelward.admin.record_answer import RecordAnswer


class AccessGroupAnswer(RecordAnswer):
    """A unified access group. `assigned_key_ids` are hashes; servers and agents are shown and decide nothing."""

    access_group_id: str
    access_group_name: str | None
    description: str | None
    access_model_names: list[str]
    access_mcp_server_ids: list[str] = Field(default_factory=list)
    access_agent_ids: list[str] = Field(default_factory=list)
    assigned_team_ids: list[str]
    assigned_key_ids: list[str]
    created_by: str | None
    updated_by: str | None
