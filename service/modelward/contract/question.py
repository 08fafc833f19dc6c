"""What a decision is asked with."""

from dataclasses import dataclass, field
from typing import Literal

from modelward.contract.caller import Caller
from modelward.contract.subjects import Customer

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
    the client named (F2).
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
    calls: list[str] = field(default_factory=list)
    fallback: bool = False
    segments: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Input:
    """What a rule may see. `customer` is the one that the request names, if the store knows it (L7)."""

    request: Request
    caller: Caller
    customer: Customer | None = None
