"""What the user routes answer: LiteLLM's fields."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, JsonValue

from modelward.admin.key_answers import KeyAnswer
from modelward.store import UserRecord


class UserAnswer(BaseModel):
    """A user; budgets and limits stand beside these fields."""

    model_config = ConfigDict(extra="allow")
    user_id: str
    user_role: str | None
    models: list[str]
    teams: list[str]
    metadata: dict[str, JsonValue]
    spend: JsonValue = 0.0
    max_budget: JsonValue = None
    tpm_limit: JsonValue = None
    rpm_limit: JsonValue = None
    created_at: datetime | None
    updated_at: datetime | None
    declared: bool

    @classmethod
    def of(cls, user: UserRecord) -> Self:
        """The answer for a record."""
        shown = {name: getattr(user, name) for name in cls.model_fields if hasattr(user, name)}
        return cls(**shown, **user.extra)


class UserInfo(BaseModel):
    """A user with its keys."""

    user_id: str
    user_info: UserAnswer
    keys: list[KeyAnswer]
    teams: list[JsonValue] = []
