"""`/team/member_...`: the members of teams."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from modelward.admin.document import MISSING_OR_TAKEN
from modelward.admin.teams import MemberChange, MemberName, MembersToAdd, TeamAnswer, TeamMembership
from modelward.admin.users import UserAnswer
from modelward.store import KeyFilter, Store


class TeamWithNewMembers(TeamAnswer):
    """A team, and what putting users into it changed."""

    updated_users: list[UserAnswer]
    updated_team_memberships: list[TeamMembership]


class ChangedMember(BaseModel):
    """A member that was changed. No member has a budget or an address here."""

    team_id: str
    user_id: str
    user_email: None = None
    role: str
    allowed_models: list[str]
    max_budget_in_team: None = None


class MemberRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def router(self) -> APIRouter:
        """All of them."""
        router = APIRouter(prefix="/team", tags=["teams"])
        router.post("/member_add", responses=MISSING_OR_TAKEN)(self.add)
        router.post("/member_update", responses=MISSING_OR_TAKEN)(self.update)
        router.post("/member_delete", responses=MISSING_OR_TAKEN)(self.delete)
        return router

    async def add(self, new: MembersToAdd) -> TeamWithNewMembers:
        """Put users into a team, all or none; a user without a record gets one."""
        records = new.records
        await self._store.members.add_all(new.team_id, records)
        team = await self._store.teams.get(new.team_id)
        users = [await self._store.users.get(member.user_id) for member in records]
        return TeamWithNewMembers.with_members(
            team,
            await self._store.members.of_team(new.team_id),
            updated_users=[UserAnswer.of(user) for user in users],
            updated_team_memberships=[TeamMembership.of(member) for member in records],
        )

    async def update(self, change: MemberChange) -> ChangedMember:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        changes = change.changes(self._now())
        changed = await self._store.members.change(
            change.team_id, change.user_id, lambda member: replace(member, **changes)
        )
        return ChangedMember(
            team_id=changed.team_id,
            user_id=changed.user_id,
            role=changed.role,
            allowed_models=changed.allowed_models,
        )

    async def delete(self, name: MemberName) -> TeamAnswer:
        """Take a user out of a team, and delete its keys of that team."""
        members, keys = self._store.members, self._store.keys
        await members.change(name.team_id, name.user_id, lambda member: member)  # else nothing may be deleted
        owned, _ = await keys.page(KeyFilter(team_id=name.team_id, user_id=name.user_id), offset=0)
        await keys.remove([key.hash for key in owned])  # first: without its member, a key would have no scope (L3)
        await members.remove(name.team_id, [name.user_id])
        team = await self._store.teams.get(name.team_id)
        return TeamAnswer.with_members(team, await members.of_team(name.team_id))
