"""`/user/...`: users."""

from contextlib import suppress
from datetime import datetime
from math import ceil
from typing import Annotated, ClassVar

from fastapi import Query, Request
from pydantic import BaseModel, BeforeValidator, Field

from modelward.admin.errors import MISSING, MISSING_OR_TAKEN
from modelward.admin.fields import (
    AliasMap,
    ClosedFields,
    Item,
    Name,
    NamesUser,
    PageNumber,
    PageSize,
    SomeNames,
    example,
)
from modelward.admin.keys import KeyAnswer, KeyRoutes, NewKey, visible_keys
from modelward.admin.records import MemberRole, RecordFields, SpendingAnswer, new_id, reads, shows
from modelward.admin.routes import Now, RecordRoutes
from modelward.config.words import litellm_words
from modelward.contract import Member, Subject, User
from modelward.errors import Conflict, Invalid, NotFound, Refused
from modelward.store import KeyFilter, Store, UserFilter


@reads
class UserFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    SUBJECT = User
    WORDS = litellm_words().records["users[]"]
    LASTING = frozenset({"user_role"})


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


class NewUser(UserFields, json_schema_extra=example(user_id="alice", user_role="internal_user", models=["gpt-4"])):
    """A user to make; `user_id` may be chosen. `key_alias`, `aliases`, `duration`, `team_id` are those of its key."""

    user_id: Name | None = None
    teams: TeamsToJoin | None = None
    auto_create_key: bool = Field(True, description="whether to make a key for the user, with the user's models")
    key_alias: Name | None = None
    aliases: AliasMap | None = None
    duration: Item | None = Field(None, description="`30s`, `30m`, `30h`, `30d`, `1w` or `1mo`")
    team_id: Name | None = None

    def memberships(self, user_id: str) -> list[Member]:
        """Its place in each of its teams, and in that of its key."""
        named = {team.team_id: team.user_role for team in self.teams or []}
        roles = named if self.team_id is None else {self.team_id: "user", **named}
        return [Member(team_id=team_id, user_id=user_id, role=role) for team_id, role in roles.items()]

    def new_key(self, user_id: str) -> NewKey:
        """The key to make for it."""
        fields = self.model_dump(include={"key_alias", "models", "aliases", "team_id", "duration"}, exclude_none=True)
        return NewKey(user_id=user_id, **fields)


class UserChange(UserFields, NamesUser, json_schema_extra=example(user_id="alice", models=["gpt-4"])):
    """What to change of a user; what is not sent stays. Its teams have routes of their own."""

    INSTEAD: ClassVar = {"teams": "call `/team/member_add` or `/team/member_delete`"}


class UserNames(ClosedFields, json_schema_extra=example(user_ids=["alice"])):
    """Users."""

    user_ids: SomeNames


@shows
class UserAnswer(SpendingAnswer):
    """A user; budgets and limits are beside these fields."""

    SUBJECT = User


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


class UserRoutes(RecordRoutes[User]):
    """The routes. `keys` makes the keys of new users."""

    PREFIX, TAG, ID, EXAMPLE = "/user", "users", "user_id", "alice"
    ANSWER = UserAnswer

    def __init__(self, store: Store, keys: KeyRoutes, now: Now) -> None:
        super().__init__(store.users, now)
        self._store = store
        self._keys = keys
        self.router.post("/new", responses=MISSING_OR_TAKEN)(self.new)
        self.add("/update", self.update, UserChange, ChangedUser)
        self.router.post("/delete", responses=MISSING_OR_TAKEN)(self.delete)
        self.router.get("/info", responses=MISSING)(self.info)
        self.router.get("/list")(self.list_page)

    async def new(self, sent: NewUser, request: Request) -> NewUserAnswer:
        """Make a user, and a key for it unless `auto_create_key` is false. The key is shown in this answer only."""
        user_id = sent.user_id or new_id()
        user = self.made(User(user_id=user_id), sent, request)
        memberships = sent.memberships(user_id)
        await self._refuse_unfit(memberships)
        if not sent.auto_create_key:
            return NewUserAnswer.of(await self._add(user, memberships))
        key, secret = await self._keys.made_with(sent.new_key(user_id), request)
        try:
            user = await self._add(user, memberships)
        except Refused:
            await self._store.keys.remove([key.token])
            raise
        of_key = {name: getattr(key, name) for name in ("token", "key_name", "key_alias", "team_id", "expires")}
        return NewUserAnswer.of(user, key=secret, token_id=key.token, **of_key)

    async def changed(self, record: User) -> ChangedUser:
        """The user, and its id."""
        return ChangedUser(user_id=record.user_id, data=UserAnswer.of(record))

    async def delete(self, sent: UserNames, _: Request) -> int:
        """Delete users with their keys and memberships, all or none, and say how many. The keys are refused here when
        this answers."""
        return len(await self.table.remove(sent.user_ids))

    async def info(
        self, request: Request, user_id: Annotated[Name | None, Query(examples=["alice"])] = None
    ) -> UserInfo:
        """A user and, for an admin, its first 1,000 keys; others see their own key. Without an id, the caller's own
        user."""
        subject: Subject = request.state.subject
        wanted = user_id or subject.user_id
        if wanted is None:
            raise Invalid("`user_id` is missing: the caller has no user")
        user = await self.table.get(wanted)
        return UserInfo(
            user_id=user.user_id,
            user_info=UserAnswer.of(user),
            keys=await visible_keys(self._store, request, KeyFilter(user_id=wanted)),
            teams=await self._teams(user),
        )

    async def list_page(
        self,
        page: PageNumber = 1,
        page_size: PageSize = 25,
        role: Item | None = None,
        team: Item | None = None,
        user_ids: Annotated[Item | None, Query(description="ids, with commas between them")] = None,
        user_email: Annotated[Item | None, Query(description="a part of the address")] = None,
        search: Annotated[Item | None, Query(description="a part of the id or the address, in any case")] = None,
    ) -> UserPage:
        """The users, those of the config file first, then the newest."""
        ids = None if user_ids is None else tuple(each.strip() for each in user_ids.split(","))
        wanted = UserFilter(user_role=role, team=team, user_ids=ids, user_email=user_email, search=search)
        users, total = await self.table.page(wanted, offset=(page - 1) * page_size, limit=page_size)
        return UserPage(
            users=[UserAnswer.of(user) for user in users],
            total=total,
            page=page,
            page_size=page_size,
            total_pages=ceil(total / page_size),
        )

    async def _refuse_unfit(self, memberships: list[Member]) -> None:
        """Raises NotFound and Conflict for a team that the user cannot be put into, while nothing is made yet."""
        for member in memberships:
            if (await self._store.teams.get(member.team_id)).declared:
                raise Conflict(f"the team `{member.team_id}` is declared in the config file: change its members there")

    async def _add(self, user: User, memberships: list[Member]) -> User:
        await self.table.add(user)
        for member in memberships:
            await self._store.members.add_all(member.team_id, [member])
        return await self.table.get(user.user_id)

    async def _teams(self, user: User) -> list[UserTeam]:
        teams = []
        for team_id in user.teams:
            with suppress(NotFound):
                team = await self._store.teams.get(team_id)
                teams.append(UserTeam(team_id=team.team_id, team_alias=team.team_alias))
        return teams
