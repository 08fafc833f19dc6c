"""The record of a user."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from modelward.contract import JsonObject, User
from modelward.store.records.new_owner import new_owner


@dataclass(frozen=True, slots=True)
class UserRecord:
    """A user, the owner of keys."""

    user_id: str
    user_role: str | None = None
    models: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    metadata: JsonObject = field(default_factory=dict)
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None
    objects_owner: str | None = field(default_factory=partial(new_owner, "user"), compare=False)
    declared: bool = False

    @classmethod
    def of(cls, user: User) -> "UserRecord":
        """The record of a declared user."""
        return cls(
            user_id=user.user_id,
            user_role=user.role,
            models=user.models,
            teams=user.teams,
            metadata=user.metadata,
            objects_owner=None,
            declared=True,
        )

    def subject(self) -> User:
        """What the rules see."""
        return User(
            user_id=self.user_id,
            role=self.user_role,
            models=self.models,
            teams=self.teams,
            metadata=self.metadata,
            objects_owner=self.objects_owner,
        )
