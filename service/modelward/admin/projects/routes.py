"""The routes of projects."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from modelward.admin.document import MISSING, MISSING_OR_TAKEN, TAKEN
from modelward.admin.edit import edited, made
from modelward.admin.gate_state import changer
from modelward.admin.plain_query import no_query
from modelward.admin.projects.answers import ProjectAnswer
from modelward.admin.projects.requests import NewProject, ProjectChange, ProjectNames, ProjectToShow
from modelward.store import ProjectRecord, Store


class ProjectRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._projects = store.projects
        self._now = now

    def router(self) -> APIRouter:
        """All of them."""
        router = APIRouter(prefix="/project", tags=["projects"])
        router.post("/new", responses=TAKEN)(self.new)
        router.post("/update", responses=MISSING_OR_TAKEN)(self.update)
        router.delete("/delete", responses=MISSING_OR_TAKEN)(self.delete)
        router.get("/info", responses=MISSING)(self.info)
        router.get("/list", dependencies=[Depends(no_query)])(self.list_all)
        return router

    async def new(self, new: NewProject, request: Request) -> ProjectAnswer:
        """Make a project. An empty list of models sets no limit of its own."""
        project = ProjectRecord(project_id=new.project_id or str(uuid.uuid4()))
        project = made(project, new, self._now(), changer(request))
        await self._projects.add(project)
        return ProjectAnswer.of(project)

    async def update(self, change: ProjectChange, request: Request) -> ProjectAnswer:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        by, now = changer(request), self._now()
        changed = await self._projects.change(change.project_id, lambda project: edited(project, change, now, by))
        return ProjectAnswer.of(changed)

    async def delete(self, names: ProjectNames) -> list[ProjectAnswer]:
        """Delete projects, all or none. Their keys stay, and are refused until they name another (L8)."""
        return [ProjectAnswer.of(project) for project in await self._projects.remove(names.project_ids)]

    async def info(self, query: Annotated[ProjectToShow, Query()]) -> ProjectAnswer:
        """A project."""
        return ProjectAnswer.of(await self._projects.get(query.project_id))

    async def list_all(self) -> list[ProjectAnswer]:
        """Every project, those of the config file first, then the newest."""
        return [ProjectAnswer.of(project) for project in await self._projects.all()]
