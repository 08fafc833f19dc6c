"""The SHA-256 of a key, as a config writes it (A1)."""

import hashlib
import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from modelward.config.fields import (
    PREFIX,
    Items,
    JsonMap,
    Name,
    NameMap,
    Names,
    Section,
    Switch,
    Text,
    Texts,
    environment,
    resolve,
)
from modelward.config.routes import Routes
from modelward.contract import Role

_HASH = re.compile(r"sha256:([0-9a-fA-F]{64})")
_BARE_HASH = re.compile(r"(?:sha256:)?([0-9a-fA-F]{64})")


def _digest(value: Any) -> Any:
    found = _HASH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("bad_hash", "must be `sha256:` and the 64 hex digits of the key's SHA-256")
    return found[1].lower()


def _bare_digest(value: Any) -> Any:
    found = _BARE_HASH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("bad_hash", "must be the 64 hex digits of a key's SHA-256, with or without `sha256:`")
    return found[1].lower()


KeyHash = Annotated[str, BeforeValidator(_digest), BeforeValidator(resolve)]
KeyId = Annotated[str, BeforeValidator(_bare_digest), BeforeValidator(resolve)]


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _hash_of_key(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str) or not value.startswith(PREFIX):
        raise PydanticCustomError(
            "literal_key", "a key must not stand here in clear; write `key: os.environ/NAME` or `key_hash: sha256:...`"
        )
    key = environment(info).value(value)
    if not key.startswith("sk-"):
        name = value.removeprefix(PREFIX)
        raise PydanticCustomError("bad_key", "the key in `{name}` must begin with `sk-`", {"name": name})
    return hashlib.sha256(key.encode()).hexdigest()


def _nanoseconds(value: Any) -> Any:
    if value is None:
        return None
    try:
        time = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise PydanticCustomError("bad_time", "must be a time such as `2030-01-31T12:00:00Z`") from None
    since = (time if time.tzinfo else time.replace(tzinfo=UTC)) - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000_000 + since.microseconds * 1_000


class DeclaredKey(Section):
    """One item of `keys`; of the key itself only the SHA-256 is kept, from `key_hash` or `key` (A1)."""

    key_hash: KeyHash | None = None
    key: Annotated[str | None, BeforeValidator(_hash_of_key)] = Field(default=None, repr=False)
    key_alias: Name | None = None
    models: Texts
    team_id: Name | None = None
    user_id: Name | None = None
    project_id: Name | None = None
    organization_id: Name | None = None
    access_group_ids: Names
    aliases: NameMap
    expires: Annotated[int | None, BeforeValidator(_nanoseconds), BeforeValidator(resolve)] = None
    blocked: Switch = False
    allowed_routes: Routes
    metadata: JsonMap

    @property
    def hash(self) -> str:
        """The SHA-256 of the key, 64 lower-case hex digits."""
        return self.key_hash or self.key or ""

    @model_validator(mode="after")
    def _one_credential(self) -> "DeclaredKey":
        if (self.key is None) == (self.key_hash is None):
            raise PydanticCustomError("one_credential", "needs `key_hash` or `key`, and not both")
        return self


class DeclaredMember(Section):
    """One item of a team's `members_with_roles`; the management API shows the role, and nothing is decided by it."""

    user_id: Name
    role: Annotated[Literal["user", "admin"], BeforeValidator(resolve)] = "user"
    allowed_models: Texts


class DeclaredTeam(Section):
    """One item of `teams`."""

    team_id: Name
    team_alias: Name | None = None
    models: Texts
    model_aliases: NameMap
    organization_id: Name | None = None
    access_group_ids: Names
    members_with_roles: Items[DeclaredMember]
    blocked: Switch = False
    metadata: JsonMap


class DeclaredUser(Section):
    """One item of `users`."""

    user_id: Name
    user_role: Annotated[Role | None, BeforeValidator(resolve)] = None
    models: Texts
    teams: Names
    metadata: JsonMap


class DeclaredOrganization(Section):
    """One item of `organizations`."""

    organization_id: Name
    organization_alias: Name | None = None
    models: Texts
    metadata: JsonMap


class DeclaredProject(Section):
    """One item of `projects`."""

    project_id: Name
    project_alias: Name | None = None
    team_id: Name | None = None
    models: Texts
    blocked: Switch = False
    metadata: JsonMap


class DeclaredCustomer(Section):
    """One item of `customers`."""

    user_id: Name
    alias: Name | None = None
    models: Texts
    blocked: Switch = False


class DeclaredAccessGroup(Section):
    """One item of `access_groups`; `assigned_key_ids` are SHA-256 hashes of keys."""

    access_group_id: Name
    access_group_name: Name | None = None
    description: Text | None = None
    access_model_names: Texts
    assigned_team_ids: Names
    assigned_key_ids: Items[KeyId]
