"""The routes of users."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request

from modelward.admin.document import MISSING, MISSING_OR_TAKEN
from modelward.admin.edit import edited, made
from modelward.admin.gate_state import changer, subject_of
from modelward.admin.keys.maker import KeyMaker
from modelward.admin.paging import read_page
from modelward.admin.users.answers import ChangedUser, NewUserAnswer, UserAnswer, UserInfo, UserPage, UserTeam
from modelward.admin.users.requests import NewUser, UserChange, UserNames, UserQuery, UserToShow
from modelward.admin.visible_keys import visible_keys
from modelward.errors import Conflict, Invalid, NotFound, Refused
from modelward.store import KeyFilter, KeyRecord, MemberRecord, Store, UserRecord


class UserRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, maker: KeyMaker, now: Callable[[], datetime]) -> None:
        self._store = store
        self._maker = maker
        self._now = now

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
        by, user_id = changer(request), new.user_id or str(uuid.uuid4())
        user = made(UserRecord(user_id=user_id), new, self._now(), by)
        memberships = new.memberships(user_id)
        await self._refuse_unfit(memberships)
        if not new.auto_create_key:
            return NewUserAnswer.of(await self._add(user, memberships))
        key, secret = await self._maker.make(new.new_key(user_id), by)
        try:
            user = await self._add(user, memberships)
        except Refused:
            await self._store.keys.remove([key.hash])
            raise
        return NewUserAnswer.of(user, key=secret, token=key.hash, token_id=key.hash, **_of_key(key))

    async def update(self, change: UserChange, request: Request) -> ChangedUser:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        by, now = changer(request), self._now()
        changed = await self._store.users.change(change.user_id, lambda user: edited(user, change, now, by))
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

    async def _refuse_unfit(self, memberships: list[MemberRecord]) -> None:
        """Raises NotFound and Conflict for a team that the user cannot be put into, while nothing is made yet."""
        for member in memberships:
            if (await self._store.teams.get(member.team_id)).declared:
                raise Conflict(f"the team `{member.team_id}` is declared in the config file: change its members there")

    async def _add(self, user: UserRecord, memberships: list[MemberRecord]) -> UserRecord:
        await self._store.users.add(user)
        for member in memberships:
            await self._store.members.add_all(member.team_id, [member])
        return await self._store.users.get(user.user_id)

    async def _teams(self, user: UserRecord) -> list[UserTeam]:
        teams = []
        for team_id in user.teams:
            with suppress(NotFound):
                team = await self._store.teams.get(team_id)
                teams.append(UserTeam(team_id=team.team_id, team_alias=team.team_alias))
        return teams


def _of_key(key: KeyRecord) -> dict[str, object]:
    """What the answer about a new user says of its key."""
    return {name: getattr(key, name) for name in ("key_name", "key_alias", "team_id", "expires")}
