"""What the user routes read."""

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from modelward.admin.address import by_id
from modelward.admin.closed import ClosedFields, QueryFields
from modelward.admin.fields import Aliases, Item, JsonMap, Models, Name, SomeNames
from modelward.admin.keys.requests import NewKey
from modelward.admin.other_fields import KEPT_WITH_USERS
from modelward.admin.paging import PageNumber, PageSize
from modelward.admin.record_fields import RecordFields
from modelward.admin.teams.member_requests import MemberRole
from modelward.store import MemberRecord, UserFilter

UserRole = Literal["proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer"]


class UserFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    LASTING = frozenset({"metadata", "models", "user_role"})
    SHOWN = frozenset({"user_alias", "user_email"})
    KEPT = KEPT_WITH_USERS

    user_role: UserRole | None = None
    user_email: Name | None = None
    user_alias: Name | None = None
    models: Models | None = None
    metadata: JsonMap | None = None


class TeamToJoin(ClosedFields):
    """A team that a new user belongs to, and its role there."""

    team_id: Name
    user_role: MemberRole = "user"
    max_budget_in_team: float | None = Field(None, description="decides nothing, is not kept and not shown")


def _named(sent: object) -> object:
    if not isinstance(sent, list):
        return sent
    return [{"team_id": each} if isinstance(each, str) else each for each in sent]


TeamsToJoin = Annotated[
    list[TeamToJoin],
    Field(max_length=1_000),
    BeforeValidator(_named, json_schema_input_type=list[Name | TeamToJoin]),
]


class NewUser(UserFields):
    """A user to make; `user_id` may be chosen. `key_alias`, `aliases`, `duration`, `team_id` are those of its key."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"user_id": "alice", "user_role": "internal_user", "models": ["gpt-4"]}]}
    )
    user_id: Name | None = None
    teams: TeamsToJoin | None = None
    auto_create_key: bool = Field(True, description="whether to make a key for the user, with the user's models")
    key_alias: Name | None = None
    aliases: Aliases | None = None
    duration: Item | None = Field(None, description="`30s`, `30m`, `30h`, `30d`, `1w` or `1mo`")
    team_id: Name | None = None

    def memberships(self, user_id: str) -> list[MemberRecord]:
        """Its place in each of its teams, and in that of its key."""
        named = {team.team_id: team.user_role for team in self.teams or []}
        roles = named if self.team_id is None else {self.team_id: "user", **named}
        return [MemberRecord(team_id=team_id, user_id=user_id, role=role) for team_id, role in roles.items()]

    def new_key(self, user_id: str) -> NewKey:
        """The key to make for it."""
        fields = self.model_dump(include={"key_alias", "models", "aliases", "team_id", "duration"}, exclude_none=True)
        return NewKey(user_id=user_id, **fields)


class UserChange(UserFields):
    """What to change of a user; what is not sent stays. Its teams have routes of their own."""

    INSTEAD: ClassVar = {"teams": "call `/team/member_add` or `/team/member_delete`"}

    model_config = ConfigDict(json_schema_extra={"examples": [{"user_id": "alice", "models": ["gpt-4"]}]})
    user_id: Name

    _by_id = model_validator(mode="before")(by_id)


class UserNames(ClosedFields):
    """Users."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"user_ids": ["alice"]}]})
    user_ids: SomeNames


class UserToShow(QueryFields):
    """A user; without it, the caller's own."""

    user_id: Name | None = Field(None, examples=["alice"])


class UserQuery(QueryFields):
    """Which users to list; pages count from 1."""

    page: PageNumber = 1
    page_size: PageSize = 25
    role: Item | None = None
    team: Item | None = None
    user_ids: Item | None = Field(None, description="ids, with commas between them")
    user_email: Item | None = Field(None, description="a part of the address")
    search: Item | None = Field(None, description="a part of the id or the address, in any case")

    @property
    def filter(self) -> UserFilter:
        """The same for the store."""
        return UserFilter(
            role=self.role,
            team=self.team,
            user_ids=None if self.user_ids is None else tuple(each.strip() for each in self.user_ids.split(",")),
            user_email=self.user_email,
            search=self.search,
        )
