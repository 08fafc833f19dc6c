"""The routes of teams."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request

from modelward.admin.document import MISSING, MISSING_OR_TAKEN, TAKEN
from modelward.admin.edit import edited, made, stamped
from modelward.admin.gate_state import changer, subject_of
from modelward.admin.teams.answers import ChangedTeam, DeletedTeams, TeamAnswer, TeamInfo, TeamMembership
from modelward.admin.teams.requests import NewTeam, TeamChange, TeamName, TeamNames, TeamQuery, TeamToShow
from modelward.admin.visible_keys import visible_keys
from modelward.errors import Conflict, Invalid, NotFound
from modelward.store import KeyFilter, MemberRecord, Store, TeamRecord


class TeamRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def router(self) -> APIRouter:
        """All of them."""
        router = APIRouter(prefix="/team", tags=["teams"])
        router.post("/new", responses=TAKEN)(self.new)
        router.post("/update", responses=MISSING_OR_TAKEN)(self.update)
        router.post("/delete", responses=MISSING_OR_TAKEN)(self.delete)
        router.post("/block", responses=MISSING_OR_TAKEN)(self.block)
        router.post("/unblock", responses=MISSING_OR_TAKEN)(self.unblock)
        router.get("/info", responses=MISSING)(self.info)
        router.get("/list")(self.list_all)
        return router

    async def new(self, new: NewTeam, request: Request) -> TeamAnswer:
        """Make a team with its members. An empty list of models means every model."""
        team_id = new.team_id or str(uuid.uuid4())
        team = made(TeamRecord(team_id=team_id), new, self._now(), changer(request))
        members = [member.record(team_id) for member in new.members_with_roles or []]
        await self._refuse_declared(members)
        await self._store.teams.add(team)
        await self._store.members.add_all(team_id, members)
        return TeamAnswer.with_members(team, members)

    async def update(self, change: TeamChange, request: Request) -> ChangedTeam:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        by, now = changer(request), self._now()
        changed = await self._store.teams.change(change.team_id, lambda team: edited(team, change, now, by))
        return ChangedTeam(team_id=changed.team_id, data=await self._answer(changed))

    async def delete(self, names: TeamNames) -> DeletedTeams:
        """Delete teams and all of their keys, or nothing. The keys are refused here when this answers."""
        removed = await self._store.teams.remove(names.team_ids)
        return DeletedTeams(deleted_teams=[team.team_id for team in removed])

    async def block(self, name: TeamName, request: Request) -> TeamAnswer:
        """Refuse all keys of a team until it is unblocked."""
        return await self._set_blocked(name, True, changer(request))

    async def unblock(self, name: TeamName, request: Request) -> TeamAnswer:
        """Let the keys of a blocked team in again."""
        return await self._set_blocked(name, False, changer(request))

    async def info(self, request: Request, query: Annotated[TeamToShow, Query()]) -> TeamInfo:
        """A team and, for an admin, its members and first 1,000 keys; others see their own membership and key. Without
        an id, the caller's team."""
        wanted = query.team_id or subject_of(request).team_id
        if wanted is None:
            raise Invalid("`team_id` is missing: the caller has no team")
        team = await self._store.teams.get(wanted)
        members = await self._visible_members(request, wanted)
        return TeamInfo(
            team_id=team.team_id,
            team_info=TeamAnswer.with_members(team, members),
            keys=await visible_keys(self._store, request, KeyFilter(team_id=wanted)),
            team_memberships=[TeamMembership.of(member) for member in members],
        )

    async def list_all(self, query: Annotated[TeamQuery, Query()]) -> list[TeamAnswer]:
        """The teams, those of the config file first, then the newest."""
        teams, _ = await self._store.teams.page(query.filter, offset=0)
        members = await self._store.members.of_teams(team.team_id for team in teams)
        return [TeamAnswer.with_members(team, members[team.team_id]) for team in teams]

    async def _refuse_declared(self, members: list[MemberRecord]) -> None:
        """Raises Conflict for a user that cannot be put into a team, while nothing is made yet."""
        for member in members:
            with suppress(NotFound):
                if (await self._store.users.get(member.user_id)).declared:
                    raise Conflict(
                        f"the user `{member.user_id}` is declared in the config file: change its teams there"
                    )

    async def _answer(self, team: TeamRecord) -> TeamAnswer:
        return TeamAnswer.with_members(team, await self._store.members.of_team(team.team_id))

    async def _visible_members(self, request: Request, team_id: str) -> list[MemberRecord]:
        subject, members = subject_of(request), await self._store.members.of_team(team_id)
        return [member for member in members if subject.admin or member.user_id == subject.user_id]

    async def _set_blocked(self, name: TeamName, blocked: bool, by: str) -> TeamAnswer:
        now = self._now()
        changed = await self._store.teams.change(
            name.team_id, lambda team: stamped(replace(team, blocked=blocked), now, by)
        )
        return await self._answer(changed)
