"""The areas whose records are made, changed, shown and deleted alike."""

from dataclasses import dataclass, field
from typing import Any

from admin.client import Client

Fields = dict[str, Any]


@dataclass(frozen=True)
class Area:
    """Where an area's routes lie. `required` is what a new record needs beside its id, `models` its grant list."""

    id: str
    declared: str
    new: str
    update: tuple[str, str]
    delete: tuple[str, str, str]
    listed: str
    models: str = "models"
    required: Fields = field(default_factory=dict)

    async def make(self, admin: Client, name: str, **fields: object) -> Any:
        """The answer about a new record."""
        return await admin.done("POST", self.new, {self.id: name, **self.required, **fields})

    async def change(self, admin: Client, name: str, **fields: object) -> Any:
        """The answer about a changed record."""
        method, path = self.update
        answer = await admin.done(method, path, {self.id: name, **fields})
        return answer.get("data", answer)

    async def shown(self, admin: Client) -> list[Any]:
        """All records."""
        answer = await admin.shown(self.listed)
        records: list[Any] = answer["users"] if isinstance(answer, dict) else answer
        return records

    def __str__(self) -> str:
        return self.new


USERS = Area(
    id="user_id",
    declared="declared-user",
    new="/user/new",
    update=("POST", "/user/update"),
    delete=("POST", "/user/delete", "user_ids"),
    listed="/user/list",
)
ORGANIZATIONS = Area(
    id="organization_id",
    declared="declared-organization",
    new="/organization/new",
    update=("PATCH", "/organization/update"),
    delete=("DELETE", "/organization/delete", "organization_ids"),
    listed="/organization/list",
    required={"organization_alias": "Acme"},
)
PROJECTS = Area(
    id="project_id",
    declared="declared-project",
    new="/project/new",
    update=("POST", "/project/update"),
    delete=("DELETE", "/project/delete", "project_ids"),
    listed="/project/list",
)
CUSTOMERS = Area(
    id="user_id",
    declared="declared-customer",
    new="/customer/new",
    update=("POST", "/customer/update"),
    delete=("POST", "/customer/delete", "user_ids"),
    listed="/customer/list",
)
AREAS = [USERS, ORGANIZATIONS, PROJECTS, CUSTOMERS]
