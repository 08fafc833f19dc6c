"""What the user routes answer: LiteLLM's fields."""

from typing import Self

from pydantic import BaseModel, JsonValue

from modelward.admin.key_answers import KeyAnswer
from modelward.admin.record_answer import RecordAnswer
from modelward.store import UserRecord


class UserAnswer(RecordAnswer):
    """A user; budgets and limits stand beside these fields."""

    user_id: str
    user_role: str | None
    models: list[str]
    teams: list[str]

    @classmethod
    def of(cls, user: UserRecord) -> Self:
        """The answer for a record."""
        return cls(**cls.shown(user))


class UserInfo(BaseModel):
    """A user with its keys."""

    user_id: str
    user_info: UserAnswer
    keys: list[KeyAnswer]
    teams: list[JsonValue] = []
