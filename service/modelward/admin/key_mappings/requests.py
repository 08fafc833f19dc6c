"""What the key mapping routes read."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from modelward.admin.closed import ClosedFields, QueryFields
from modelward.admin.fields import Name, wrong
from modelward.admin.key_ids import KeyHash, KeyId
from modelward.admin.paging import PageNumber, PageSize
from modelward.admin.record_fields import RecordFields


def _active(sent: bool | None) -> bool | None:
    if sent is False:
        raise wrong("a mapping cannot be switched off: delete it, or block its key")
    return sent


class KeyMappingFields(RecordFields):
    """The key is named by `key`, in clear text or by hash, or by `token`, its hash; only the hash is kept (A1)."""

    CLEARABLE = frozenset({"description"})

    key: KeyId | None = None
    token: KeyHash | None = None
    description: Name | None = None
    is_active: Annotated[bool | None, AfterValidator(_active)] = Field(None, description="always true")

    @model_validator(mode="after")
    def _one_name(self) -> Self:
        if self.key is not None and self.token is not None:
            raise wrong("send either `key` or `token`")
        return self

    @property
    def key_hash(self) -> str | None:
        """The hash of the key that was sent."""
        return self.key or self.token

    def changes(self, now: datetime) -> dict[str, Any]:
        """As for every record, and the key's hash."""
        return {**super().changes(now), **({} if self.key_hash is None else {"key_hash": self.key_hash})}


class NewKeyMapping(KeyMappingFields):
    """Whose tokens stand for which key: those whose claim of that name holds that value (R9)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"jwt_claim_name": "client_id", "jwt_claim_value": "app-1", "key": "sk-1234"}]}
    )
    jwt_claim_name: Name
    jwt_claim_value: Name

    @model_validator(mode="after")
    def _some_key(self) -> Self:
        if self.key_hash is None:
            raise wrong("name the key in `key` or `token`")
        return self


class KeyMappingChange(KeyMappingFields):
    """What to change of a mapping; what is not sent stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": "0f3bd6f9-2f55-4a5c-9a6d-2f0a4a1d8d3e", "key": "sk-1234"}]}
    )
    id: Name


class KeyMappingName(ClosedFields):
    """A mapping."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": "0f3bd6f9-2f55-4a5c-9a6d-2f0a4a1d8d3e"}]})
    id: Name


class KeyMappingToShow(QueryFields):
    """A mapping."""

    id: Name = Field(examples=["0f3bd6f9-2f55-4a5c-9a6d-2f0a4a1d8d3e"])


class KeyMappingQuery(QueryFields):
    """Which mappings to list; pages count from 1."""

    page: PageNumber = 1
    size: PageSize = 50
