"""A row of the table of endpoints, and how the row of a request is found.

The route of a request is its path as sent, byte for byte (M4). The rows themselves are in `endpoints`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Literal

from pydantic import ConfigDict

from modelward.contract import ObjectKind, Operation, RouteGroup
from modelward.gateway.errors import ErrorForm, form_of
from modelward.providers import Dialect

Handler = (
    Literal["admin", "batches", "explain", "files", "forward", "metrics", "model", "model_group_info", "model_info"]
    | Literal["models", "objects", "realtime", "responses"]
)
Reading = Literal["either", "form", "json", "none"]
InfoSubject = Literal["key", "team", "user"]

SOCKET = "WEBSOCKET"
"""What is in the place of a method for a socket."""

NESTED = ("moderation?.model", "tools[].model", "tools[].svg.model")
"""Where further models are in the body of any call."""

IN_PATH = "path"
"""Of a route that runs an object: the first id of the path names it."""

_RUN = frozenset({"eval", "fine_tuning_job", "video"})
_WITH_ITEMS = ("responses", "conversations")
_WITH_BODIES = frozenset({"infer", "state"})
WIDE = frozenset({"model", "path"})
"""What in a path may hold `/`."""


@dataclass(frozen=True, slots=True)
class UpstreamCall:
    """What a deployment is asked: `path` below the root of its `dialect`; `{model}` is the upstream's name, any other
    `{...}` what is there in the request's own path. `per_deployment` calls have a place of their own for each
    model at providers that have such places."""

    dialect: Dialect
    path: str
    per_deployment: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """The only fields that the objects at `where` in a body may have (see `spots`; the body itself where it is empty),
    and those that each must have."""

    where: str
    may: frozenset[str]
    must: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Route:
    """One row. `{model}` and `{path}` in `template` may hold `/`, any other `{...}` is one segment.

    `names` is where in the body the model that answers is, `nested` where further ones are (see `spots`); `content`
    is where the caller's own words and data are, in which no field names a model but those of `names` and `nested`;
    `within` is where whole bodies of calls are in the body. With `chosen`, `x-litellm-model` and
    `target_model_names` are places too (M5). `holds` is the kind of the object whose id the path names first, `makes`
    says where in the answer ids of new objects are. `runs` is where the object is that the call runs, in the
    body or `IN_PATH`: what it asks for is judged again. `shapes` say of which objects in the body all fields are
    known. `passes` are the query parameters that travel on. `expiry` is where the body says how long a secret that the
    call makes may live. `record` is what an info route shows.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    methods: frozenset[str]
    template: str
    operation: Operation
    groups: tuple[RouteGroup, ...]
    handler: Handler
    upstream: UpstreamCall | None = None
    reads: Reading = "json"
    names: tuple[str, ...] = ("model",)
    nested: tuple[str, ...] = NESTED
    content: tuple[str, ...] = ()
    within: str | None = None
    chosen: bool = False
    holds: ObjectKind | None = None
    makes: tuple[tuple[str, ObjectKind], ...] = ()
    runs: str | None = None
    shapes: tuple[Shape, ...] = ()
    passes: tuple[str, ...] = ()
    expiry: str | None = None
    record: InfoSubject | None = None

    @cached_property
    def own_fields(self) -> frozenset[str]:
        """The fields of the body that mean something of their own here, whatever else they would mean."""
        own = (*self.names, *(where for where in self.nested if "." not in where), self.expiry or "")
        return frozenset(where.partition(".")[0].removesuffix("[]") for where in own)

    @cached_property
    def takes_items(self) -> bool:
        """Whether the upstream of a call keeps items that a body may name."""
        return self.upstream is not None and self.upstream.path.startswith(_WITH_ITEMS)

    @cached_property
    def makes_what_runs(self) -> bool:
        """Whether what it makes can be run later, by models that are named now."""
        return any(kind in _RUN for _, kind in self.makes)

    @cached_property
    def form(self) -> ErrorForm:
        """The form in which its clients read errors (E1)."""
        return form_of(self.template)

    @cached_property
    def prefix(self) -> str:
        """What may be before a model's name in its bodies, and is no part of it."""
        return "models/" if self.form == "google" else ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a path of this route looks like."""
        literal, *rest = re.split(r"\{(\w+)\}", self.template)
        expression = re.escape(literal)
        for name, text in zip(rest[::2], rest[1::2], strict=True):
            expression += f"(?P<{name}>{'.+' if name in WIDE else '[^/]+'}){re.escape(text)}"
        return re.compile(expression, re.ASCII)


@lru_cache(maxsize=4096)
def naming(route: Route, places: tuple[str, ...]) -> Route:
    """A row with further places in which its bodies name models."""
    return replace(route, nested=(*route.nested, *places)) if places and route.operation in _WITH_BODIES else route


@dataclass(frozen=True, slots=True)
class Match:
    """A path's route, and what is in the path, as sent, for each `{...}` of its template."""

    route: Route
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def model(self) -> str | None:
        """The model's part of the path, if the route has one."""
        return self.variables.get("model")


class Router:
    """Finds the route of a request."""

    def __init__(self, routes: Iterable[Route]) -> None:
        rows = tuple(routes)
        exact = [row for row in reversed(rows) if "{" not in row.template]
        self._exact = {(method, row.template): Match(row) for row in exact for method in row.methods}
        self._patterns: dict[str, list[Route]] = {}
        for row in rows:
            if "{" in row.template:
                self._patterns.setdefault(_first(row.template), []).append(row)

    def find(self, method: str, path: str) -> Match | None:
        """The first row that fits, exact paths before templates; `None` for a route that Modelward does not know."""
        if exact := self._exact.get((method, path)):
            return exact
        for row in self._patterns.get(_first(path), ()):
            if method in row.methods and (found := row.pattern.fullmatch(path)):
                return Match(row, found.groupdict())
        return None


def _first(path: str) -> str:
    return path[1:].partition("/")[0]
