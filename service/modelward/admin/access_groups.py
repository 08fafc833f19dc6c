"""`/v1/access_group`: unified access groups."""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Depends, Request, status
from pydantic import ConfigDict

from modelward.admin.document import MISSING, MISSING_OR_TAKEN, TAKEN, no_query
from modelward.admin.fields import Name, NameInPath
from modelward.admin.records import RecordAnswer, RecordFields, Records, new_id, reads, shows
from modelward.contract import AccessGroup
from modelward.store import Store


@reads
class AccessGroupFields(RecordFields):
    """The fields of a group; servers and agents decide nothing."""

    SUBJECT = AccessGroup
    LASTING = frozenset({"access_group_name"})
    EMPTIED = frozenset(
        {
            "access_agent_ids",
            "access_mcp_server_ids",
            "access_model_names",
            "assigned_key_ids",
            "assigned_team_ids",
        }
    )


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


@shows
class AccessGroupAnswer(RecordAnswer):
    """A unified access group. `assigned_key_ids` are hashes; servers and agents are shown and decide nothing."""

    SUBJECT = AccessGroup


class AccessGroupRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._records = Records(store.access_groups, now)

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
        bare = AccessGroup(access_group_id=new.access_group_id or new_id())
        return AccessGroupAnswer.of(await self._records.make(bare, new, request))

    async def list_all(self) -> list[AccessGroupAnswer]:
        """Every group, those of the config file first, then the newest."""
        return [AccessGroupAnswer.of(group) for group in await self._records.table.all()]

    async def info(self, access_group_id: NameInPath) -> AccessGroupAnswer:
        """A group."""
        return AccessGroupAnswer.of(await self._records.table.get(access_group_id))

    async def update(
        self, access_group_id: NameInPath, change: AccessGroupChange, request: Request
    ) -> AccessGroupAnswer:
        """Change the fields that are sent. In force here when this answers, everywhere within a second. Teams and keys
        keep their `access_group_ids`, whatever is assigned."""
        return AccessGroupAnswer.of(await self._records.change(access_group_id, change, request))

    async def delete(self, access_group_id: NameInPath) -> None:
        """Delete a group. Teams and keys that name it get nothing by it any more (G9)."""
        await self._records.table.remove([access_group_id])
