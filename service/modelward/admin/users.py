"""`/user/...`: users."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from modelward.admin.document import MISSING, MISSING_OR_TAKEN
from modelward.admin.errors import changer, subject_of
from modelward.admin.fields import (
    AliasMap,
    ClosedFields,
    Item,
    Name,
    PageNumber,
    PageSize,
    QueryFields,
    SomeNames,
    by_id,
    read_page,
)
from modelward.admin.keys import KeyAnswer, KeyMaker, NewKey, visible_keys
from modelward.admin.other_fields import kept_with
from modelward.admin.records import MemberRole, RecordFields, Records, SpendingAnswer, new_id, reads, shows
from modelward.contract import Key, Member, User
from modelward.errors import Conflict, Invalid, NotFound, Refused
from modelward.store import KeyFilter, Store, UserFilter


@reads
class UserFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    SUBJECT = User
    LASTING = frozenset({"user_role"})
    KEPT = kept_with("users")


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
            user_role=self.role,
            team=self.team,
            user_ids=None if self.user_ids is None else tuple(each.strip() for each in self.user_ids.split(",")),
            user_email=self.user_email,
            search=self.search,
        )


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


class UserRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, maker: KeyMaker, now: Callable[[], datetime]) -> None:
        self._store = store
        self._maker = maker
        self._records = Records(store.users, now)

    def router(self) -> APIRouter:
        """All of them."""
        router = APIRouter(prefix="/user", tags=["users"])
        router.post("/new", responses=MISSING_OR_TAKEN)(self.new)
        router.post("/update", responses=MISSING_OR_TAKEN)(self.update)
        router.post("/delete", responses=MISSING_OR_TAKEN)(self.delete)
        router.get("/info", responses=MISSING)(self.info)
        router.get("/list")(self.list_page)
        return router

    async def new(self, new: NewUser, request: Request) -> NewUserAnswer:
        """Make a user, and a key for it unless `auto_create_key` is false. The key is shown in this answer only."""
        user_id = new.user_id or new_id()
        user = self._records.made(User(user_id=user_id), new, changer(request))
        memberships = new.memberships(user_id)
        await self._refuse_unfit(memberships)
        if not new.auto_create_key:
            return NewUserAnswer.of(await self._add(user, memberships))
        key, secret = await self._maker.make(new.new_key(user_id), request)
        try:
            user = await self._add(user, memberships)
        except Refused:
            await self._store.keys.remove([key.token])
            raise
        return NewUserAnswer.of(user, key=secret, token=key.token, token_id=key.token, **_of_key(key))

    async def update(self, change: UserChange, request: Request) -> ChangedUser:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        changed = await self._records.change(change.user_id, change, request)
        return ChangedUser(user_id=changed.user_id, data=UserAnswer.of(changed))

    async def delete(self, names: UserNames) -> int:
        """Delete users with their keys and memberships, all or none, and say how many. The keys are refused here when
        this answers."""
        return len(await self._store.users.remove(names.user_ids))

    async def info(self, request: Request, query: Annotated[UserToShow, Query()]) -> UserInfo:
        """A user and, for an admin, its first 1,000 keys; others see their own key. Without an id, the caller's own
        user."""
        wanted = query.user_id or subject_of(request).user_id
        if wanted is None:
            raise Invalid("`user_id` is missing: the caller has no user")
        user = await self._store.users.get(wanted)
        return UserInfo(
            user_id=user.user_id,
            user_info=UserAnswer.of(user),
            keys=await visible_keys(self._store, request, KeyFilter(user_id=wanted)),
            teams=await self._teams(user),
        )

    async def list_page(self, query: Annotated[UserQuery, Query()]) -> UserPage:
        """The users, those of the config file first, then the newest."""
        page = await read_page(partial(self._store.users.page, query.filter), query.page, query.page_size)
        return UserPage(
            users=[UserAnswer.of(user) for user in page.records],
            total=page.total,
            page=query.page,
            page_size=query.page_size,
            total_pages=page.pages,
        )

    async def _refuse_unfit(self, memberships: list[Member]) -> None:
        """Raises NotFound and Conflict for a team that the user cannot be put into, while nothing is made yet."""
        for member in memberships:
            if (await self._store.teams.get(member.team_id)).declared:
                raise Conflict(f"the team `{member.team_id}` is declared in the config file: change its members there")

    async def _add(self, user: User, memberships: list[Member]) -> User:
        await self._store.users.add(user)
        for member in memberships:
            await self._store.members.add_all(member.team_id, [member])
        return await self._store.users.get(user.user_id)

    async def _teams(self, user: User) -> list[UserTeam]:
        teams = []
        for team_id in user.teams:
            with suppress(NotFound):
                team = await self._store.teams.get(team_id)
                teams.append(UserTeam(team_id=team.team_id, team_alias=team.team_alias))
        return teams


def _of_key(key: Key) -> dict[str, object]:
    """What the answer about a new user says of its key."""
    return {name: getattr(key, name) for name in ("key_name", "key_alias", "team_id", "expires")}
