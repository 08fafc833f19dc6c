"""Keys declared in the config, with the field names of LiteLLM's API (K2)."""

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from modelward.config.fields import JsonMap, Name, NameMap, Names, Section, Switch, Texts, environment, resolve
from modelward.config.key_hash import KeyHash
from modelward.config.references import PREFIX
from modelward.config.routes import Routes

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
