"""What the user routes answer: LiteLLM's fields."""

from datetime import datetime

from pydantic import BaseModel, JsonValue

from modelward.admin.keys.answers import KeyAnswer
from modelward.admin.record_answer import SpendingAnswer


class UserAnswer(SpendingAnswer):
    """A user; budgets and limits stand beside these fields."""

    user_id: str
    user_role: str | None
    user_email: str | None = None
    user_alias: str | None = None
    models: list[str]
    teams: list[str]
    metadata: dict[str, JsonValue]


class NewUserAnswer(UserAnswer):
    """A user that was just made, and its key: the only answer that holds it in clear text. Without a key, `key` is
    empty, as in LiteLLM."""

    key: str = ""
    key_name: str | None = None
    key_alias: str | None = None
    token: str | None = None
    token_id: str | None = None
    team_id: str | None = None
    expires: datetime | None = None


class ChangedUser(BaseModel):
    """A user that was changed."""

    user_id: str
    data: UserAnswer


class UserTeam(BaseModel):
    """A team of a user."""

    team_id: str
    team_alias: str | None


class UserInfo(BaseModel):
    """A user with its keys and teams."""

    user_id: str
    user_info: UserAnswer
    keys: list[KeyAnswer]
    teams: list[UserTeam]


class UserPage(BaseModel):
    """One page of users."""

    users: list[UserAnswer]
    total: int
    page: int
    page_size: int
    total_pages: int
