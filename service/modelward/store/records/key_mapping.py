"""The record of a key mapping."""

from dataclasses import dataclass, field
from datetime import datetime

from modelward.contract import JsonObject


@dataclass(frozen=True, slots=True)
class KeyMappingRecord:
    """A token whose claim has that value stands for the key of that hash (R9). The config file declares none."""

    id: str
    jwt_claim_name: str
    jwt_claim_value: str
    key_hash: str
    description: str | None = None
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None
    declared: bool = False
