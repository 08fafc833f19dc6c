"""`/v1/access_group`: unified access groups."""

import uuid
from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Depends, Request, status
from pydantic import ConfigDict, Field

from modelward.admin.document import MISSING, MISSING_OR_TAKEN, TAKEN, no_query
from modelward.admin.errors import changer
from modelward.admin.fields import Items, KeyIds, Models, Name, NameInPath
from modelward.admin.records import RecordAnswer, RecordFields, edited, made
from modelward.store import AccessGroupRecord, Store


class AccessGroupFields(RecordFields):
    """The fields of a group; servers and agents decide nothing."""

    LASTING = frozenset({"access_group_name"})
    CLEARABLE = frozenset({"description"})
    SHOWN = frozenset({"access_agent_ids", "access_mcp_server_ids"})
    EMPTIED = SHOWN | {"access_model_names", "assigned_key_ids", "assigned_team_ids"}

    access_group_name: Name | None = None
    description: Name | None = None
    access_model_names: Models | None = None
    access_mcp_server_ids: Items | None = None
    access_agent_ids: Items | None = None
    assigned_team_ids: Items | None = Field(None, description="whose refusal the group may lift for their keys")
    assigned_key_ids: KeyIds | None = Field(None, description="keys, in clear text or by hash, that it is assigned to")


class NewAccessGroup(AccessGroupFields):
    """A unified access group to make; `access_group_id` may be chosen."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"access_group_name": "production", "access_model_names": ["gpt-4"]}]}
    )
    access_group_id: Name | None = None
    access_group_name: Name


class AccessGroupChange(AccessGroupFields):
    """What to change of a unified access group; what is not sent stays. A list that is `null` is emptied."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"access_model_names": ["gpt-4"]}]})


class AccessGroupAnswer(RecordAnswer):
    """A unified access group. `assigned_key_ids` are hashes; servers and agents are shown and decide nothing."""

    access_group_id: str
    access_group_name: str | None
    description: str | None
    access_model_names: list[str]
    access_mcp_server_ids: list[str] = Field(default_factory=list)
    access_agent_ids: list[str] = Field(default_factory=list)
    assigned_team_ids: list[str]
    assigned_key_ids: list[str]
    created_by: str | None
    updated_by: str | None


class AccessGroupRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._groups = store.access_groups
        self._now = now

    def router(self) -> APIRouter:
        """All of them."""
        router = APIRouter(prefix="/v1/access_group", tags=["access groups"])
        router.post("", status_code=status.HTTP_201_CREATED, responses=TAKEN)(self.new)
        router.get("", dependencies=[Depends(no_query)])(self.list_all)
        router.get("/{access_group_id}", responses=MISSING, dependencies=[Depends(no_query)])(self.info)
        router.put("/{access_group_id}", responses=MISSING_OR_TAKEN)(self.update)
        deleted = status.HTTP_204_NO_CONTENT
        router.delete("/{access_group_id}", status_code=deleted, responses=MISSING_OR_TAKEN)(self.delete)
        return router

    async def new(self, new: NewAccessGroup, request: Request) -> AccessGroupAnswer:
        """Make a unified access group. To be assigned to a team or key gives it no model yet: access comes by the
        `access_group_ids` of the team or key itself, which this call leaves as they are (G9)."""
        group = AccessGroupRecord(access_group_id=new.access_group_id or str(uuid.uuid4()))
        group = made(group, new, self._now(), changer(request))
        await self._groups.add(group)
        return AccessGroupAnswer.of(group)

    async def list_all(self) -> list[AccessGroupAnswer]:
        """Every group, those of the config file first, then the newest."""
        return [AccessGroupAnswer.of(group) for group in await self._groups.all()]

    async def info(self, access_group_id: NameInPath) -> AccessGroupAnswer:
        """A group."""
        return AccessGroupAnswer.of(await self._groups.get(access_group_id))

    async def update(
        self, access_group_id: NameInPath, change: AccessGroupChange, request: Request
    ) -> AccessGroupAnswer:
        """Change the fields that are sent. In force here when this answers, everywhere within a second. Teams and keys
        keep their `access_group_ids`, whatever is assigned."""
        by, now = changer(request), self._now()
        changed = await self._groups.change(access_group_id, lambda group: edited(group, change, now, by))
        return AccessGroupAnswer.of(changed)

    async def delete(self, access_group_id: NameInPath) -> None:
        """Delete a group. Teams and keys that name it get nothing by it any more (G9)."""
        await self._groups.remove([access_group_id])
