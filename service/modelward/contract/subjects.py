"""Who asks: keys, teams and users as the rules see them."""

from functools import cached_property
from typing import Literal

from modelward.contract.base import Contract, JsonObject

CallerKind = Literal["key", "jwt", "master"]


class Key(Contract):
    """A virtual key as the rules see it; `hash` is the only trace of the credential (A1)."""

    hash: str
    alias: str | None = None
    models: list[str] = []
    aliases: dict[str, str] = {}
    team_id: str | None = None
    user_id: str | None = None
    expires_ns: int | None = None
    blocked: bool = False
    allowed_routes: list[str] = []
    metadata: JsonObject = {}


class Team(Contract):
    """A team; its list binds every key of the team (L2)."""

    team_id: str
    alias: str | None = None
    models: list[str] = []
    model_aliases: dict[str, str] = {}
    blocked: bool = False
    metadata: JsonObject = {}


class User(Contract):
    """The owner of keys; the list binds keys without a team (L4)."""

    user_id: str
    role: str | None = None
    models: list[str] = []
    teams: list[str] = []
    metadata: JsonObject = {}


class Caller(Contract):
    """Who asks, with every record a layer needs; `None` where no record applies or exists (L8)."""

    kind: CallerKind
    key: Key | None = None
    team: Team | None = None
    user: User | None = None

    @cached_property
    def encoded(self) -> bytes:
        """This caller as JSON, made once for all its requests."""
        return self.model_dump_json().encode()

    @cached_property
    def plain(self) -> JsonObject:
        """This caller as plain values, made once for all its requests. Not to be changed."""
        return self.model_dump()
