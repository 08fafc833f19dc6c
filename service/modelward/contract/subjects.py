"""The subjects of access control: one model for each, in LiteLLM's words.

The same model is what the config declares, what the management API reads and shows, what the store keeps, and what
rules see. A field with `exclude=True` is kept and shown, and rules do not see it. The word in a field's annotation,
such as `models`, says how the config and the API read it; a field without one is not read from either.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field
from pydantic.fields import FieldInfo

from modelward.contract.facts import nanoseconds

JsonObject = dict[str, Any]

Id = Annotated[str, "id"]
Name = Annotated[str | None, "name"]
Text = Annotated[str | None, "text"]
Switch = Annotated[bool, "switch"]
Models = Annotated[list[str], "models"]
Names = Annotated[list[str], "names"]
KeyIds = Annotated[list[str], "key_ids"]
Routes = Annotated[list[str], "routes"]
Aliases = Annotated[dict[str, str], "aliases"]
Metadata = Annotated[JsonObject, "metadata"]
"""Each has the word by which the config and the API know how to read it."""


class Contract(BaseModel):
    """A value both sides must agree on: immutable, and a field more or less is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Role = Literal[
    "proxy_admin", "proxy_admin_viewer", "org_admin", "internal_user", "internal_user_viewer", "team", "customer"
]


class Declarable(Contract):
    """Whoever or whatever has a grant list; `declared` says that the config does, and the API cannot change it."""

    declared: bool = Field(default=False, exclude=True)


class StoredRecord(Declarable):
    """A subject with what decides nothing: `extra` holds LiteLLM's other fields, such as budgets. Times are UTC."""

    extra: JsonObject = Field(default={}, exclude=True)
    created_at: datetime | None = Field(default=None, exclude=True)
    updated_at: datetime | None = Field(default=None, exclude=True)


class SignedRecord(StoredRecord):
    """A record that says who made and who changed it last."""

    created_by: str | None = Field(default=None, exclude=True)
    updated_by: str | None = Field(default=None, exclude=True)


class OwnsObjects(StoredRecord):
    """Whoever what it makes at an upstream may belong to.

    `objects_owner` is under which name: given once, and to no other record, also not to a later one of the same id.
    `None` for what the config declares, which owns by its id.
    """

    objects_owner: str | None = Field(default=None, exclude=True)


_LAST_NS = 2**63 - 1


class Key(OwnsObjects, SignedRecord):
    """A virtual key. `token` is its SHA-256, 64 lower-case hex digits, and the only trace of the credential (A1);
    `key_name` is what may be shown of the clear text."""

    token: str
    key_name: str = Field(default="sk-...", exclude=True)
    key_alias: Name = None
    models: Models = []
    aliases: Aliases = {}
    team_id: Name = None
    user_id: Name = None
    project_id: Name = None
    organization_id: Name = None
    access_group_ids: Names = Field(default=[], description="unified access groups; their models are allowed too")
    expires: Annotated[datetime | None, "time"] = Field(default=None, exclude=True)
    blocked: Switch = False
    allowed_routes: Routes = []
    metadata: Metadata = {}

    @computed_field  # type: ignore[prop-decorator]
    @property
    def expires_ns(self) -> int | None:
        """`expires` as rules compare it, in 64 bits: one that expires after 2262 expires then."""
        return None if self.expires is None else max(-_LAST_NS, min(nanoseconds(self.expires), _LAST_NS))


class Team(OwnsObjects):
    """A team; its list binds every key of the team (L2)."""

    team_id: Id
    team_alias: Name = None
    models: Models = []
    model_aliases: Aliases = {}
    organization_id: Name = None
    access_group_ids: Names = []
    blocked: Switch = False
    metadata: Metadata = {}


class Member(Declarable):
    """A user in a team; the list binds this user's keys of this team, if it is not empty (L3). Nothing is decided by
    the role."""

    team_id: str
    user_id: Id
    role: Annotated[str, "member_role"] = "user"
    allowed_models: Models = Field(default=[], description="the member's own scope; an empty list is none of its own")


class User(OwnsObjects):
    """The owner of keys; the list binds keys without a team (L4)."""

    user_id: Id
    user_role: Annotated[str | None, "user_role"] = None
    user_email: Name = Field(default=None, exclude=True)
    user_alias: Name = Field(default=None, exclude=True)
    models: Models = []
    teams: Annotated[list[str], "teams"] = []
    metadata: Metadata = {}


class Project(SignedRecord):
    """A project; its list binds its keys, if it is not empty (L5)."""

    project_id: Id
    project_alias: Name = None
    description: Name = Field(default=None, exclude=True)
    team_id: Name = None
    models: Models = []
    blocked: Switch = False
    metadata: Metadata = {}


class Organization(SignedRecord):
    """An organization; its list binds its keys and the keys of its teams (L6)."""

    organization_id: Id
    organization_alias: Name = None
    models: Models = []
    metadata: Metadata = {}


class Customer(StoredRecord):
    """An end user whom a caller names in its request; the list binds that request, if it is not empty (L7)."""

    user_id: Id
    alias: Name = None
    models: Models = []
    blocked: Switch = False
    metadata: Annotated[JsonObject | None, "metadata"] = Field(default=None, exclude=True)


class AccessGroup(SignedRecord):
    """A unified access group: models that its keys and teams may use beside their lists. Those that it is assigned to
    may have their team's refusal lifted (G9); keys are named by their hashes. Servers and agents decide nothing."""

    access_group_id: Id
    access_group_name: Name = None
    description: Text = None
    access_model_names: Models = []
    access_mcp_server_ids: Names = Field(default=[], exclude=True)
    access_agent_ids: Names = Field(default=[], exclude=True)
    assigned_team_ids: Names = Field(default=[], description="whose refusal the group may lift for their keys")
    assigned_key_ids: KeyIds = Field(default=[], description="keys, in clear text or by hash, that it is assigned to")


class KeyMapping(SignedRecord):
    """A token whose claim has that value stands for the key whose hash is `token` (R9). No config declares one."""

    id: str
    jwt_claim_name: str
    jwt_claim_value: str
    token: str
    description: Name = None


def read_fields(subject: type[Declarable]) -> Iterator[tuple[str, str, FieldInfo]]:
    """The fields that a config or the API reads: name, the word that says how, and the field."""
    for name, field in subject.model_fields.items():
        yield from ((name, word, field) for word in field.metadata if isinstance(word, str))
