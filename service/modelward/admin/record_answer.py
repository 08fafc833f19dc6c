"""What the answers about records have in common."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, JsonValue

from modelward.admin.any_record import R


class RecordAnswer(BaseModel):
    """A record; what a client sent beside the fields that decide stands beside these."""

    model_config = ConfigDict(extra="allow")
    created_at: datetime | None
    updated_at: datetime | None
    declared: bool

    @classmethod
    def of(cls, record: R, **named: object) -> Self:
        """The answer for a record; `named` are fields that no record holds."""
        held = {name: getattr(record, name) for name in cls.model_fields if hasattr(record, name)}
        return cls.model_validate({**record.extra, **held, **named})


class SpendingAnswer(RecordAnswer):
    """A record whose budgets are shown. They decide nothing."""

    spend: JsonValue = 0.0
    max_budget: JsonValue = None
    tpm_limit: JsonValue = None
    rpm_limit: JsonValue = None
