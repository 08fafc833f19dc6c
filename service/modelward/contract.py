"""The words shared with Rego: what a decision is asked with, what it is asked of, what it answers.

`bundle/schemas/` is printed from these classes. Times are nanoseconds since the epoch (UTC), key hashes are
64 lower-case hex digits of SHA-256, grant lists are lists of names, patterns and groups (spec section 4).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Operation = Literal["infer", "list", "info", "manage"]
CallerKind = Literal["key", "jwt", "master"]
RouteGroup = Literal["openai_routes", "llm_api_routes", "info_routes", "management_routes"]
JsonObject = dict[str, Any]


class Contract(BaseModel):
    """A value both sides must agree on: immutable, and a field more or less is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


@dataclass(frozen=True, slots=True)
class Record:
    """The record an `info` request asks about."""

    kind: Literal["key", "team", "user"]
    id: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. `models` holds each name once, the one that answers first.

    `path` is as sent, `route` its template, `groups` the route's groups (A3). `problem` says what is wrong with the
    request's form (M2-M5), empty if nothing; `differ`, that two places name different models (M2). `wildcards` asks a
    listing to show patterns (V1).
    """

    method: str
    path: str
    route: str
    operation: Operation
    groups: list[str]
    models: list[str]
    time_ns: int
    differ: bool = False
    problem: str = ""
    wildcards: bool = False
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """What a rule may see."""

    request: Request
    caller: Caller


class Reason(Contract):
    """One denial: the package name of the rule that denied, and its message for the caller (E3)."""

    rule: str
    message: str


class Target(Contract):
    """Where an allowed model goes: its entry, the name that led to it (an alias's target, a bare name under its
    provider), and the ids of the deployments that may serve this caller (C3, C5, C8)."""

    entry: str
    model: str
    deployments: list[str]


class Decision(Contract):
    """One answer. `reasons` are in the order of A4 and A6, the first names the error; `grants` says, layer by layer,
    what covered each model; `revision` is the catalogue's."""

    allow: bool
    reasons: list[Reason]
    grants: dict[str, dict[str, str]]
    targets: dict[str, Target]
    revision: str


class Listing(Contract):
    """What a caller may see: the models its calls would be allowed, and the groups its lists hold (V1-V3)."""

    models: list[str]
    groups: list[str]
    revision: str


class Entry(Contract):
    """One model name of the catalogue; `deployments` maps each deployment's id to its access groups as an object
    keyed by group (C1, C8)."""

    deployments: dict[str, dict[str, Literal[True]]]
    groups: dict[str, Literal[True]] = {}


class Wildcard(Contract):
    """A wildcard entry; the lowest `rank` among those that match is the most specific (C3)."""

    name: str
    rank: int


class Scope(Contract):
    """Entries that are looked up together. `wildcards` is keyed by the literal text before the first `*`, `lengths`
    are the distinct lengths of those keys; `names` maps other names of an entry to its public name (C6)."""

    entries: dict[str, Entry] = {}
    wildcards: dict[str, list[Wildcard]] = {}
    lengths: list[int] = []
    names: dict[str, str] = {}


class Alias(Contract):
    """A global alias and its final target (C5)."""

    target: str
    hidden: bool = False


class ProviderPrefix(Contract):
    """Bare names that start with `prefix` belong to `provider` (C4)."""

    prefix: str
    provider: str


class Settings(Contract):
    """The proxy-wide settings that a rule reads; `None` where a route list is not set (A3, G1)."""

    empty_list: Literal["allow", "deny"] = "allow"
    allowed_routes: list[str] | None = None
    admin_only_routes: list[str] = []


class Catalog(Contract):
    """`data.catalog`: all that decisions are made from, apart from the subjects kept in the store.

    `reserved` are the names of access groups and the special names, which are no models (C7); `providers` the prefixes
    of bare names, keyed by their first two characters, the longest first (C4).
    """

    revision: str = ""
    common: Scope = Scope()
    teams: dict[str, Scope] = {}
    aliases: dict[str, Alias] = {}
    reserved: dict[str, Literal[True]] = {}
    providers: dict[str, list[ProviderPrefix]] = {}
    settings: Settings = Settings()
    declared_keys: dict[str, Key] = Field(default={})
    declared_teams: dict[str, Team] = Field(default={})
    declared_users: dict[str, User] = Field(default={})


@dataclass(frozen=True, slots=True)
class Deployment:
    """One place a model is served at. Never part of a bundle: `api_key` is the resolved secret (K4).

    `model` is the upstream's own name; for a wildcard deployment it may hold `*`, filled from the name asked for.
    Times are seconds.
    """

    id: str
    entry: str
    provider: str
    model: str
    api_key: str | None = field(default=None, repr=False)
    api_base: str | None = None
    api_version: str | None = None
    mock_response: str | None = None
    weight: float = 1.0
    timeout: float | None = None
    groups: tuple[str, ...] = ()
    team_id: str | None = None


Decide = Callable[[Input], Awaitable[Decision]]
Listings = Callable[[Input], Awaitable[Listing]]
