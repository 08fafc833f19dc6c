"""`/team/...`: teams."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request

from modelward.admin.fields import Name
from modelward.admin.gate_state import caller_of
from modelward.admin.team_answers import ChangedTeam, DeletedTeams, TeamAnswer, TeamInfo
from modelward.admin.team_requests import NewTeam, TeamChange, TeamFields, TeamName, TeamNames
from modelward.admin.visible_keys import visible_keys
from modelward.errors import Invalid
from modelward.store import KeyFilter, Store, TeamRecord


class TeamRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def router(self) -> APIRouter:
        """All of them."""
        router = APIRouter(prefix="/team", tags=["teams"])
        router.post("/new")(self.new)
        router.post("/update")(self.update)
        router.post("/delete")(self.delete)
        router.post("/block")(self.block)
        router.post("/unblock")(self.unblock)
        router.get("/info")(self.info)
        router.get("/list")(self.list_all)
        return router

    async def new(self, new: NewTeam) -> TeamAnswer:
        """Make a team. An empty list of models means every model."""
        team = self._edited(TeamRecord(team_id=new.team_id or str(uuid.uuid4())), new)
        team = replace(team, created_at=team.updated_at)
        await self._store.teams.add(team)
        return TeamAnswer.of(team)

    async def update(self, change: TeamChange) -> ChangedTeam:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        changed = await self._store.teams.change(change.team_id, lambda team: self._edited(team, change))
        return ChangedTeam(team_id=changed.team_id, data=TeamAnswer.of(changed))

    async def delete(self, names: TeamNames) -> DeletedTeams:
        """Delete teams and all of their keys, or nothing. The keys are refused here when this answers."""
        removed = await self._store.teams.remove(names.team_ids)
        return DeletedTeams(deleted_teams=[team.team_id for team in removed])

    async def block(self, name: TeamName) -> TeamAnswer:
        """Refuse all keys of a team until it is unblocked."""
        return await self._set_blocked(name, True)

    async def unblock(self, name: TeamName) -> TeamAnswer:
        """Let the keys of a blocked team in again."""
        return await self._set_blocked(name, False)

    async def info(
        self, request: Request, team_id: Annotated[Name | None, Query(examples=["litellm-dev"])] = None
    ) -> TeamInfo:
        """A team and, for an admin, its first 1,000 keys; others see their own key. Without an id, the team of the
        caller's own key."""
        caller = caller_of(request)
        wanted = team_id if team_id is not None else caller.key.team_id if caller.key else None
        if wanted is None:
            raise Invalid("`team_id` is missing: the caller's key has no team")
        team = await self._store.teams.get(wanted)
        keys = await visible_keys(self._store, caller, KeyFilter(team_id=wanted))
        return TeamInfo(team_id=team.team_id, team_info=TeamAnswer.of(team), keys=keys)

    async def list_all(self) -> list[TeamAnswer]:
        """Every team, those of the config file first, then the newest."""
        return [TeamAnswer.of(team) for team in await self._store.teams.all()]

    def _edited(self, team: TeamRecord, fields: TeamFields) -> TeamRecord:
        return replace(team, **fields.changes(), extra={**team.extra, **fields.others}, updated_at=self._now())

    async def _set_blocked(self, name: TeamName, blocked: bool) -> TeamAnswer:
        now = self._now()
        changed = await self._store.teams.change(
            name.team_id, lambda team: replace(team, blocked=blocked, updated_at=now)
        )
        return TeamAnswer.of(changed)
