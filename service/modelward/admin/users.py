"""`/user/...`: users."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from modelward.admin.fields import Name
from modelward.admin.gate_state import caller_of
from modelward.admin.user_answers import UserAnswer, UserInfo
from modelward.admin.visible_keys import visible_keys
from modelward.errors import Invalid
from modelward.store import KeyFilter, Store


class UserRoutes:
    """The routes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def router(self) -> APIRouter:
        """All of them."""
        router = APIRouter(prefix="/user", tags=["users"])
        router.get("/info")(self.info)
        return router

    async def info(
        self, request: Request, user_id: Annotated[Name | None, Query(examples=["alice"])] = None
    ) -> UserInfo:
        """A user and, for an admin, its first 1,000 keys; others see their own key. Without an id, the owner of the
        caller's own key."""
        caller = caller_of(request)
        wanted = user_id if user_id is not None else caller.key.user_id if caller.key else None
        if wanted is None:
            raise Invalid("`user_id` is missing: the caller's key has no owner")
        user = await self._store.users.get(wanted)
        keys = await visible_keys(self._store, caller, KeyFilter(user_id=wanted))
        return UserInfo(user_id=user.user_id, user_info=UserAnswer.of(user), keys=keys)
