"""What every contract is."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

JsonObject = dict[str, Any]


class Contract(BaseModel):
    """A value both sides must agree on: immutable, and a field more or less is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Role = Literal[
    "proxy_admin", "proxy_admin_viewer", "org_admin", "internal_user", "internal_user_viewer", "team", "customer"
]


_LAST_NS = 2**63 - 1


def _in_64_bits(time_ns: int) -> int:
    """The time, or the nearest that 64 bits hold; the last one is in 2262."""
    return max(-_LAST_NS, min(time_ns, _LAST_NS))


class OwnsObjects(Contract):
    """Whoever what it makes at an upstream may belong to.

    `objects_owner` is under which name: given once, and to no other record, also not to a later one of the same id.
    `None` for what the config declares, which owns by its id. The rules do not see it.
    """

    objects_owner: str | None = Field(default=None, exclude=True)


class Key(OwnsObjects):
    """A virtual key; `hash` is the only trace of the credential (A1). One that expires after 2262 expires then."""

    hash: str
    alias: str | None = None
    models: list[str] = []
    aliases: dict[str, str] = {}
    team_id: str | None = None
    user_id: str | None = None
    project_id: str | None = None
    organization_id: str | None = None
    access_group_ids: list[str] = []
    expires_ns: Annotated[int, AfterValidator(_in_64_bits)] | None = None
    blocked: bool = False
    allowed_routes: list[str] = []
    metadata: JsonObject = {}


class Team(OwnsObjects):
    """A team; its list binds every key of the team (L2)."""

    team_id: str
    alias: str | None = None
    models: list[str] = []
    model_aliases: dict[str, str] = {}
    organization_id: str | None = None
    access_group_ids: list[str] = []
    blocked: bool = False
    metadata: JsonObject = {}


class Member(Contract):
    """A user in a team; the list binds this user's keys of this team, if it is not empty (L3)."""

    user_id: str
    team_id: str
    role: str = "user"
    models: list[str] = []


class User(OwnsObjects):
    """The owner of keys; the list binds keys without a team (L4)."""

    user_id: str
    role: str | None = None
    models: list[str] = []
    teams: list[str] = []
    metadata: JsonObject = {}


class Project(Contract):
    """A project; its list binds its keys, if it is not empty (L5)."""

    project_id: str
    alias: str | None = None
    team_id: str | None = None
    models: list[str] = []
    blocked: bool = False
    metadata: JsonObject = {}


class Organization(Contract):
    """An organization; its list binds its keys and the keys of its teams (L6)."""

    organization_id: str
    alias: str | None = None
    models: list[str] = []
    metadata: JsonObject = {}


class Customer(Contract):
    """An end user whom a caller names in its request; the list binds that request, if it is not empty (L7)."""

    customer_id: str
    alias: str | None = None
    models: list[str] = []
    blocked: bool = False


class AccessGroup(Contract):
    """A unified access group: models that its keys and teams may use beside their lists. `team_ids` and `key_hashes`
    are those it is assigned to (G9)."""

    access_group_id: str
    name: str | None = None
    description: str | None = None
    models: list[str] = []
    team_ids: list[str] = []
    key_hashes: list[str] = []
