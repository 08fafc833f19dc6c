"""What a decision is asked with and what it answers, and a listing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator

from modelward.contract.caller import Caller
from modelward.contract.subjects import Contract, Customer

Operation = Literal["infer", "list", "info", "manage", "state"]
RouteGroup = Literal["openai_routes", "llm_api_routes", "info_routes", "management_routes"]


@dataclass(frozen=True, slots=True)
class Record:
    """The record an `info` request asks about."""

    kind: Literal["key", "team", "user"]
    id: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. `models` holds each name once, the one that answers first.

    `path` is as sent, `route` its template, `groups` the route's groups (A3). `segments` are those of the path that
    route lists are held against: each `{...}` is decoded, and each model of a comma list in the path has its own.
    `problem` says what is wrong with the request's form (M2-M5), empty if nothing; `differ`, that two places name
    different models (M2). `wildcards` asks a listing to show patterns (V1), and `calls` tells it the templates of the
    routes that call models (V2). `fallback` says that the model is a fallback of the config, in place of the one that
    the client named (F2). `time_ns` is when the caller was looked up; it is first: questions that differ in nothing
    else are equal behind it.
    """

    time_ns: int = field(kw_only=True)
    method: str
    path: str
    route: str
    operation: Operation
    groups: list[str]
    models: list[str]
    differ: bool = False
    problem: str = ""
    wildcards: bool = False
    record: Record | None = None
    calls: list[str] = field(default_factory=list)
    fallback: bool = False
    segments: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Input:
    """What a rule may see. `customer` is the one that the request names, if the store knows it (L7)."""

    request: Request
    caller: Caller
    customer: Customer | None = None


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


class Owner(Contract):
    """Whose the objects are that a request makes or names: a team's, a user's, a key's (by its hash), or the master
    key's."""

    kind: Literal["master", "team", "user", "key"]
    id: str


class Subject(Contract):
    """Whom the decision was made for: the team and user whose records were judged, the role of a token (R2), and the
    owner of its objects, `None` for a token that stands for nobody."""

    team_id: str | None
    user_id: str | None
    role: str | None
    owner: Owner | None


class Shows(Contract):
    """What an info route shows of a record beside itself (A3): everything, or only this key and this user's
    membership, `None` where there is none."""

    everything: bool
    key_hash: str | None
    user_id: str | None


def _time_or_none(value: Any) -> int | None:
    """The time that an answer holds until; for none, where it does not say one."""
    return value if value is None or type(value) is int else 0


Sorted = Annotated[list[str], AfterValidator(sorted)]
"""Texts that an engine gives in any order."""


class Decision(Contract):
    """One answer. `reasons` are in the order of A4 and A6, the first names the error; `grants` says, layer by layer,
    what covered each model; `places` are the ids of the deployments that a request about objects may go to (C6, C8);
    equal questions have this answer while they are asked before `holds_until`, in nanoseconds since 1970, `None` for no
    end; `revision` is the catalogue's."""

    allow: bool
    reasons: list[Reason]
    grants: dict[str, dict[str, str]]
    targets: dict[str, Target]
    places: Sorted
    subject: Subject
    shows: Shows
    holds_until: Annotated[int | None, BeforeValidator(_time_or_none)] = 0
    revision: str


class Layer(Contract):
    """One rule's part in a decision: why it denies, what covers each model, and the list it held the models against,
    if it has one that applies."""

    denials: list[str]
    grants: dict[str, str]
    list: list[str] | None


class Named(Contract):
    """The ids of the team and the user that a token names, also of those without a record (R7, R8)."""

    team_id: str | None
    user_id: str | None


class Explanation(Contract):
    """A decision with the part of every rule that had one, by rule name. `names` are what the requested models are
    called after the aliases of the caller's key and team, which lists must cover (C5); `named` are those whom a token
    names."""

    decision: Decision
    layers: dict[str, Layer]
    names: dict[str, str]
    named: Named


class Listing(Contract):
    """What a caller may see: the models its calls would be allowed, and the groups its lists hold (V1-V3)."""

    models: Sorted
    groups: Sorted
    revision: str


class Reach(Contract):
    """Those models of a request that the caller may call, each judged as if it were asked for alone: the ids of the
    deployments that may serve it."""

    deployments: dict[str, Sorted]
    revision: str


Decide = Callable[[Input], Awaitable[Decision]]
Listings = Callable[[Input], Awaitable[Listing]]
Reaches = Callable[[Input], Awaitable[Reach]]
Explain = Callable[[Input], Awaitable[Explanation]]
