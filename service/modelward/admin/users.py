"""`/user/...`: users."""

from contextlib import suppress
from datetime import datetime
from math import ceil
from typing import Annotated, Any, ClassVar

from fastapi import Query, Request
from pydantic import BaseModel, BeforeValidator, Field

from modelward.admin.errors import MISSING
from modelward.admin.fields import AliasMap, Item, MemberRole, Name, NamesUser, PageNumber, PageSize, SomeNames
from modelward.admin.keys import KeyAnswer, KeyRoutes, NewKey, visible_keys
from modelward.admin.models import ClosedFields, RecordFields, SpendingAnswer, example, held, names, reads, shape, shows
from modelward.admin.routes import Now, RecordRoutes, new_id
from modelward.contract import Member, Subject, User
from modelward.errors import Conflict, Invalid, NotFound, Refused
from modelward.store import KeyFilter, Store, UserFilter


@reads(User, "users[]")
class UserFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    LASTING = frozenset({"user_role"})


class TeamToJoin(ClosedFields):
    """A team that a new user belongs to, and its role there."""

    team_id: Name
    user_role: MemberRole = "user"
    max_budget_in_team: float | None = Field(None, description="decides nothing, is not kept and not shown")


_NAMED = BeforeValidator(
    lambda sent: {"team_id": sent} if isinstance(sent, str) else sent, json_schema_input_type=Name | TeamToJoin
)


class NewUser(UserFields, json_schema_extra=example(user_id="alice", user_role="internal_user", models=["gpt-4"])):
    """A user to make; `user_id` may be chosen. `key_alias`, `aliases`, `duration`, `team_id` are those of its key."""

    user_id: Name | None = None
    teams: Annotated[list[Annotated[TeamToJoin, _NAMED]], Field(max_length=1_000)] | None = None
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


UserNames = names("UserNames", "Users.", user_ids=(SomeNames, ["alice"]))


@shows(User)
class UserAnswer(SpendingAnswer):
    """A user; budgets and limits are beside these fields."""


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


class UserTeam(BaseModel):
    """A team of a user."""

    team_id: str
    team_alias: str | None


ChangedUser = shape("ChangedUser", "A user that was changed.", user_id=str, data=UserAnswer)
UserInfo = shape(
    "UserInfo",
    "A user with its keys and teams.",
    user_id=str,
    user_info=UserAnswer,
    keys=list[KeyAnswer],
    teams=list[UserTeam],
)
UserPage = shape(
    "UserPage", "One page of users.", users=list[UserAnswer], total=int, page=int, page_size=int, total_pages=int
)


class UserRoutes(RecordRoutes[User]):
    """The routes. `keys` makes the keys of new users."""

    PREFIX, TAG, ID, ANSWER = "/user", "users", "user_id", UserAnswer

    def __init__(self, store: Store, keys: KeyRoutes, now: Now) -> None:
        super().__init__(store.users, now)
        self._store = store
        self._keys = keys
        self.add("/new", self.new, NewUser, NewUserAnswer)
        self.add("/update", self.update, UserChange, ChangedUser)
        self.add("/delete", self.delete, UserNames, int)
        self.router.get("/info", responses=MISSING, response_model=UserInfo)(self.info)
        self.router.get("/list", response_model=UserPage)(self.list_page)

    async def new(self, sent: NewUser, request: Request) -> Any:
        """Make a user, and a key for it unless `auto_create_key` is false. The key is shown in this answer only."""
        user_id = sent.user_id or new_id()
        user = self.made(User(user_id=user_id), sent, request)
        memberships = sent.memberships(user_id)
        for each in memberships:  # while nothing is made yet
            if (await self._store.teams.get(each.team_id)).declared:
                raise Conflict(f"the team `{each.team_id}` is declared in the config file: change its members there")
        if not sent.auto_create_key:
            return await self._add(user, memberships)
        key, secret = await self._keys.made_with(sent.new_key(user_id), request)
        try:
            user = await self._add(user, memberships)
        except Refused:
            await self._store.keys.remove([key.token])
            raise
        of_key = {name: getattr(key, name) for name in ("token", "key_name", "key_alias", "team_id", "expires")}
        return {**held(user), **of_key, "key": secret, "token_id": key.token}

    async def changed(self, record: User) -> Any:
        """The user, and its id."""
        return {"user_id": record.user_id, "data": record}

    async def delete(self, sent: Any, _: Request) -> int:
        """Delete users with their keys and memberships, all or none, and say how many. The keys are refused here when
        this answers."""
        return len(await self.table.remove(sent.user_ids))

    async def info(self, request: Request, user_id: Annotated[Name | None, Query(examples=["alice"])] = None) -> Any:
        """A user and, for an admin, its first 1,000 keys; others see their own key. Without an id, the caller's own
        user."""
        subject: Subject = request.state.subject
        wanted = user_id or subject.user_id
        if wanted is None:
            raise Invalid("`user_id` is missing: the caller has no user")
        user = await self.table.get(wanted)
        teams = []
        for team_id in user.teams:
            with suppress(NotFound):
                teams.append(await self._store.teams.get(team_id))
        return {
            "user_id": user.user_id,
            "user_info": user,
            "keys": await visible_keys(self._store, request, KeyFilter(user_id=wanted)),
            "teams": teams,
        }

    async def list_page(
        self,
        page: PageNumber = 1,
        page_size: PageSize = 25,
        role: Item | None = None,
        team: Item | None = None,
        user_ids: Annotated[Item | None, Query(description="ids, with commas between them")] = None,
        user_email: Annotated[Item | None, Query(description="a part of the address")] = None,
        search: Annotated[Item | None, Query(description="a part of the id or the address, in any case")] = None,
    ) -> Any:
        """The users, those of the config file first, then the newest."""
        ids = None if user_ids is None else tuple(each.strip() for each in user_ids.split(","))
        wanted = UserFilter(user_role=role, team=team, user_ids=ids, email_part=user_email, search=search)
        users, total = await self.table.page(wanted, offset=(page - 1) * page_size, limit=page_size)
        pages = {"total": total, "page": page, "page_size": page_size, "total_pages": ceil(total / page_size)}
        return {"users": users, **pages}

    async def _add(self, user: User, memberships: list[Member]) -> User:
        await self.table.add(user)
        for member in memberships:
            await self._store.members.add_all(member.team_id, [member])
        return await self.table.get(user.user_id)
