"""`/v1/access_group`: unified access groups."""

from typing import Annotated, Any

from fastapi import Request, status

from modelward.admin.errors import MISSING, MISSING_OR_TAKEN, TAKEN
from modelward.admin.fields import IN_PATH, Name
from modelward.admin.models import RecordAnswer, RecordFields, example, reads, shows
from modelward.admin.routes import Now, RecordRoutes
from modelward.contract import AccessGroup
from modelward.store import Store

GroupInPath = Annotated[Name, IN_PATH]


@reads(AccessGroup)
class AccessGroupChange(RecordFields, json_schema_extra=example(access_model_names=["gpt-4"])):
    """What to change of a unified access group; what is not sent stays. A list that is `null` is emptied."""

    LASTING = frozenset({"access_group_name"})
    EMPTIES = True


class NewAccessGroup(
    AccessGroupChange, json_schema_extra=example(access_group_name="production", access_model_names=["gpt-4"])
):
    """A unified access group to make; `access_group_id` may be chosen."""

    access_group_id: Name | None = None
    access_group_name: Name


@shows(AccessGroup)
class AccessGroupAnswer(RecordAnswer):
    """A unified access group. `assigned_key_ids` are hashes; servers and agents are shown and decide nothing."""


class AccessGroupRoutes(RecordRoutes[AccessGroup]):
    """The routes."""

    PREFIX, TAG, ID, ANSWER = "/v1/access_group", "access groups", "access_group_id", AccessGroupAnswer

    def __init__(self, store: Store, now: Now) -> None:
        super().__init__(store.access_groups, now)
        path, deleted, shown = "/{access_group_id}", status.HTTP_204_NO_CONTENT, AccessGroupAnswer
        self.add("", self.new, NewAccessGroup, status_code=status.HTTP_201_CREATED, responses=TAKEN)
        self.add_list("Every group, those of the config file first, then the newest.", list[AccessGroupAnswer], "")
        self.router.get(path, response_model=shown, responses=MISSING)(self.info)
        self.router.put(path, name="update", response_model=shown, responses=MISSING_OR_TAKEN)(self.update_named)
        self.router.delete(path, name="delete", status_code=deleted, responses=MISSING_OR_TAKEN)(self.delete_named)

    async def new(self, sent: Any, request: Request) -> Any:
        """Make a unified access group. To be assigned to a team or key gives it no model yet: access comes by the
        `access_group_ids` of the team or key itself, which this call leaves as they are (G9)."""
        return await super().new(sent, request)

    async def info(self, access_group_id: GroupInPath) -> AccessGroup:
        """A group."""
        return await self.table.get(access_group_id)

    async def update_named(
        self, access_group_id: GroupInPath, sent: AccessGroupChange, request: Request
    ) -> AccessGroup:
        """Change the fields that are sent. In force here when this answers, everywhere within a second. Teams and keys
        keep their `access_group_ids`, whatever is assigned."""
        return await self.change(access_group_id, sent, request)

    async def delete_named(self, access_group_id: GroupInPath) -> None:
        """Delete a group. Teams and keys that name it get nothing by it any more (G9)."""
        await self.table.remove([access_group_id])
