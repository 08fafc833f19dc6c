"""The record of a virtual key."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from modelward.contract import JsonObject, Key
from modelward.store.records.flat_aliases import flat
from modelward.store.records.new_owner import new_owner

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A virtual key. `hash` is SHA-256 in hex, `key_name` what may be shown of the clear text."""

    hash: str
    key_name: str = "sk-..."
    key_alias: str | None = None
    models: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    team_id: str | None = None
    user_id: str | None = None
    project_id: str | None = None
    organization_id: str | None = None
    access_group_ids: list[str] = field(default_factory=list)
    expires: datetime | None = None
    blocked: bool = False
    allowed_routes: list[str] = field(default_factory=list)
    metadata: JsonObject = field(default_factory=dict)
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None
    objects_owner: str | None = field(default_factory=partial(new_owner, "key"), compare=False)
    declared: bool = False

    @classmethod
    def of(cls, key: Key) -> "KeyRecord":
        """The record of a declared key."""
        return cls(
            hash=key.hash,
            key_alias=key.alias,
            models=key.models,
            aliases=key.aliases,
            team_id=key.team_id,
            user_id=key.user_id,
            project_id=key.project_id,
            organization_id=key.organization_id,
            access_group_ids=key.access_group_ids,
            expires=None if key.expires_ns is None else _EPOCH + timedelta(microseconds=key.expires_ns // 1000),
            blocked=key.blocked,
            allowed_routes=key.allowed_routes,
            metadata=key.metadata,
            objects_owner=None,
            declared=True,
        )

    def subject(self) -> Key:
        """What the rules see, each alias with its final target. Raises StoreUnavailable if they lead in a circle."""
        key = Key(
            hash=self.hash,
            alias=self.key_alias,
            models=self.models,
            aliases=self.aliases,
            team_id=self.team_id,
            user_id=self.user_id,
            project_id=self.project_id,
            organization_id=self.organization_id,
            access_group_ids=self.access_group_ids,
            expires_ns=None if self.expires is None else (self.expires - _EPOCH) // timedelta(microseconds=1) * 1000,
            blocked=self.blocked,
            allowed_routes=self.allowed_routes,
            metadata=self.metadata,
            objects_owner=self.objects_owner,
        )
        return key.model_copy(update={"aliases": flat(key.aliases)})
