"""`/project/...`: projects."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import ConfigDict, Field

from modelward.admin.document import MISSING, MISSING_OR_TAKEN, TAKEN, no_query
from modelward.admin.fields import ClosedFields, Name, QueryFields, SomeNames
from modelward.admin.other_fields import kept_with
from modelward.admin.records import RecordFields, Records, SpendingAnswer, new_id, reads, shows
from modelward.contract import Project
from modelward.store import Store


@reads
class ProjectFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    SUBJECT = Project
    LASTING = frozenset({"team_id"})
    KEPT = kept_with("projects")


class NewProject(ProjectFields):
    """A project to make; `project_id` may be chosen."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"project_alias": "search", "team_id": "litellm-dev", "models": ["gpt-4"]}]}
    )
    project_id: Name | None = None


class ProjectChange(ProjectFields):
    """What to change of a project; what is not sent stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"project_id": "search", "models": ["gpt-4"]}]})
    project_id: Name


class ProjectNames(ClosedFields):
    """Projects."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"project_ids": ["search"]}]})
    project_ids: SomeNames


class ProjectToShow(QueryFields):
    """A project."""

    project_id: Name = Field(examples=["search"])


@shows
class ProjectAnswer(SpendingAnswer):
    """A project; budgets and limits that a client sent are beside these fields."""

    SUBJECT = Project


class ProjectRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._records = Records(store.projects, now)

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
        bare = Project(project_id=new.project_id or new_id())
        return ProjectAnswer.of(await self._records.make(bare, new, request))

    async def update(self, change: ProjectChange, request: Request) -> ProjectAnswer:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        return ProjectAnswer.of(await self._records.change(change.project_id, change, request))

    async def delete(self, names: ProjectNames) -> list[ProjectAnswer]:
        """Delete projects, all or none. Their keys stay, and are refused until they name another (L8)."""
        return [ProjectAnswer.of(project) for project in await self._records.table.remove(names.project_ids)]

    async def info(self, query: Annotated[ProjectToShow, Query()]) -> ProjectAnswer:
        """A project."""
        return ProjectAnswer.of(await self._records.table.get(query.project_id))

    async def list_all(self) -> list[ProjectAnswer]:
        """Every project, those of the config file first, then the newest."""
        return [ProjectAnswer.of(project) for project in await self._records.table.all()]
