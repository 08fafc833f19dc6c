"""What the key routes answer: LiteLLM's fields, with the key itself only where it is new."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, JsonValue

from modelward.admin.record_answer import SpendingAnswer
from modelward.store import KeyRecord

_HASH = "6e6c0e0e5f1d5e3f9f0a4b6a0c3d2b1a6e6c0e0e5f1d5e3f9f0a4b6a0c3d2b1a"


class KeyAnswer(SpendingAnswer):
    """A key. `token` is its SHA-256; budgets and limits that a client sent stand beside these fields."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"token": _HASH, "models": ["gpt-4"]}]})
    token: str
    token_id: str
    key_name: str
    key_alias: str | None
    models: list[str]
    aliases: dict[str, str]
    team_id: str | None
    user_id: str | None
    organization_id: str | None
    project_id: str | None
    access_group_ids: list[str]
    expires: datetime | None
    blocked: bool
    allowed_routes: list[str]
    metadata: dict[str, JsonValue]
    created_by: str | None
    updated_by: str | None

    @classmethod
    def of_key(cls, record: KeyRecord, **named: object) -> Self:
        """The answer for a record; `named` are fields that no record holds."""
        return cls.of(record, token=record.hash, token_id=record.hash, **named)


class NewKeyAnswer(KeyAnswer):
    """A key that was just made: the only answer that holds it in clear text."""

    key: str


class ChangedKey(KeyAnswer):
    """A key that was changed; `key` is its hash."""

    key: str


class KeyInfo(BaseModel):
    """A key's record; `key` is its hash."""

    key: str
    info: KeyAnswer


class DeletedKeys(BaseModel):
    """The hashes of the keys that are no more."""

    deleted_keys: list[str]


class KeyPage(BaseModel):
    """One page of keys: hashes, or whole records where those were asked for."""

    keys: list[str | KeyAnswer]
    total_count: int
    current_page: int
    total_pages: int
