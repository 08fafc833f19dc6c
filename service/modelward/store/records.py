"""Keys, teams and users as the admin API shows them, and the part of each that decides.

A record's `extra` holds what a client sent beside the fields that decide (budgets, rate limits ...): it is shown again
and decides nothing. `declared` says that the config file holds the record and the API cannot change it (K2).
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from modelward.config.aliases import AliasCycle, final_targets
from modelward.contract import JsonObject, Key, Team, User
from modelward.errors import StoreUnavailable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A virtual key. `hash` is SHA-256 in hex, `key_name` what may be shown of the clear text; times are UTC."""

    hash: str
    key_name: str = "sk-..."
    key_alias: str | None = None
    models: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    team_id: str | None = None
    user_id: str | None = None
    expires: datetime | None = None
    blocked: bool = False
    allowed_routes: list[str] = field(default_factory=list)
    metadata: JsonObject = field(default_factory=dict)
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None
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
            expires=None if key.expires_ns is None else _EPOCH + timedelta(microseconds=key.expires_ns // 1000),
            blocked=key.blocked,
            allowed_routes=key.allowed_routes,
            metadata=key.metadata,
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
            expires_ns=None if self.expires is None else (self.expires - _EPOCH) // timedelta(microseconds=1) * 1000,
            blocked=self.blocked,
            allowed_routes=self.allowed_routes,
            metadata=self.metadata,
        )
        return key.model_copy(update={"aliases": _flat(key.aliases)})


@dataclass(frozen=True, slots=True)
class TeamRecord:
    """A team."""

    team_id: str
    team_alias: str | None = None
    models: list[str] = field(default_factory=list)
    model_aliases: dict[str, str] = field(default_factory=dict)
    blocked: bool = False
    metadata: JsonObject = field(default_factory=dict)
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None
    declared: bool = False

    @classmethod
    def of(cls, team: Team) -> "TeamRecord":
        """The record of a declared team."""
        return cls(
            team_id=team.team_id,
            team_alias=team.alias,
            models=team.models,
            model_aliases=team.model_aliases,
            blocked=team.blocked,
            metadata=team.metadata,
            declared=True,
        )

    def subject(self) -> Team:
        """What the rules see, each alias with its final target. Raises StoreUnavailable if they lead in a circle."""
        team = Team(
            team_id=self.team_id,
            alias=self.team_alias,
            models=self.models,
            model_aliases=self.model_aliases,
            blocked=self.blocked,
            metadata=self.metadata,
        )
        return team.model_copy(update={"model_aliases": _flat(team.model_aliases)})


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
            declared=True,
        )

    def subject(self) -> User:
        """What the rules see."""
        return User(
            user_id=self.user_id, role=self.user_role, models=self.models, teams=self.teams, metadata=self.metadata
        )


def _flat(aliases: dict[str, str]) -> dict[str, str]:
    """The admin API refuses circles; one written by hand must not be guessed at."""
    try:
        return final_targets(aliases)
    except AliasCycle as cycle:
        raise StoreUnavailable(f"aliases in the database lead in a circle: {cycle}; break it") from cycle
