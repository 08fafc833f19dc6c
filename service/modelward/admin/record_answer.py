"""What the answers about keys, teams and users have in common."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue

from modelward.store import KeyRecord, TeamRecord, UserRecord


class RecordAnswer(BaseModel):
    """A record; budgets and limits that a client sent stand beside these fields."""

    model_config = ConfigDict(extra="allow")
    metadata: dict[str, JsonValue]
    spend: JsonValue = 0.0
    max_budget: JsonValue = None
    tpm_limit: JsonValue = None
    rpm_limit: JsonValue = None
    created_at: datetime | None
    updated_at: datetime | None
    declared: bool

    @classmethod
    def shown(cls, record: KeyRecord | TeamRecord | UserRecord) -> dict[str, Any]:
        """What a record holds of this answer's fields, and what it keeps beside them."""
        held = {name: getattr(record, name) for name in cls.model_fields if hasattr(record, name)}
        return {**held, **record.extra}
