"""The table of routes: what each is, which groups of A3 hold it, and who answers it.

An endpoint is added by adding a row. The route of a request is its path as sent, byte for byte (M4).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from modelward.contract import Operation, RouteGroup
from modelward.gateway.providers import UpstreamOperation

Handler = Literal["forward", "models", "model", "model_info", "model_group_info", "admin", "metrics", "explain"]
Subject = Literal["key", "team", "user"]

_OPENAI: tuple[RouteGroup, ...] = ("openai_routes", "llm_api_routes")
_LISTS: tuple[RouteGroup, ...] = ("openai_routes", "llm_api_routes", "info_routes")
_INFO: tuple[RouteGroup, ...] = ("info_routes",)
_MANAGEMENT: tuple[RouteGroup, ...] = ("management_routes",)

_UPSTREAM: tuple[UpstreamOperation, ...] = ("chat/completions", "completions", "embeddings")
_LISTINGS: tuple[tuple[str, Handler], ...] = (
    ("/models", "models"),
    ("/v1/models", "models"),
    ("/models/{model}", "model"),
    ("/v1/models/{model}", "model"),
    ("/model/info", "model_info"),
    ("/v1/model/info", "model_info"),
    ("/model_group/info", "model_group_info"),
)
_SUBJECTS: tuple[Subject, ...] = ("key", "team", "user")
_MANAGED = ("key", "user", "team", "organization", "project", "customer", "access_group", "model", "config", "jwt")


@dataclass(frozen=True)
class Route:
    """One row. A `{...}` at the end of `template`, or between two texts, may hold `/`; `{model}` names a model.

    `upstream` is what a forwarded call asks of the deployment, `record` the kind of record an info route shows.
    """

    methods: frozenset[str]
    template: str
    operation: Operation
    groups: tuple[RouteGroup, ...]
    handler: Handler
    upstream: UpstreamOperation | None = None
    record: Subject | None = None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a path of this route looks like."""
        literal, *rest = re.split(r"\{(\w+)\}", self.template)
        expression = re.escape(literal)
        for name, text in zip(rest[::2], rest[1::2], strict=True):
            expression += f"(?P<{name}>.+){re.escape(text)}"
        return re.compile(expression, re.ASCII)


@dataclass(frozen=True, slots=True)
class Match:
    """A path's route, and the model's part of the path as sent, if the route has one."""

    route: Route
    model: str | None = None


def _rows() -> Iterator[Route]:
    post, get = frozenset({"POST"}), frozenset({"GET"})
    for operation in _UPSTREAM:
        for template in (f"/{operation}", f"/v1/{operation}"):
            yield Route(post, template, "infer", _OPENAI, "forward", operation)
        for prefix in ("/openai/deployments", "/engines", "/v1/engines"):
            yield Route(post, f"{prefix}/{{model}}/{operation}", "infer", _OPENAI, "forward", operation)
    for template, handler in _LISTINGS:
        yield Route(get, template, "list", _LISTS if "info" not in template else _INFO, handler)
    for subject in _SUBJECTS:
        yield Route(get, f"/{subject}/info", "info", _INFO, "admin", record=subject)
    yield Route(get, "/metrics", "manage", _MANAGEMENT, "metrics")
    every = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
    for area in (*_MANAGED, "v1/access_group"):
        yield Route(every, f"/{area}/{{path}}", "manage", _MANAGEMENT, "admin")
    yield Route(every, "/v1/access_group", "manage", _MANAGEMENT, "admin")
    yield Route(post, "/policy/explain", "manage", _MANAGEMENT, "explain")


ROUTES: tuple[Route, ...] = tuple(_rows())
CALLS: tuple[str, ...] = tuple(row.template for row in ROUTES if row.operation == "infer")
"""The templates of the routes that call models."""


class Router:
    """Finds the route of a request."""

    def __init__(self, routes: tuple[Route, ...] = ROUTES) -> None:
        self._patterns = [row for row in routes if "{" in row.template]
        exact = [row for row in reversed(routes) if "{" not in row.template]
        self._exact = {(method, row.template): Match(row) for row in exact for method in row.methods}

    def find(self, method: str, path: str) -> Match | None:
        """The first row that fits, exact paths before templates; `None` for a route that Modelward does not know."""
        exact = self._exact.get((method, path))
        if exact is not None:
            return exact
        for row in self._patterns:
            if method in row.methods and (found := row.pattern.fullmatch(path)):
                return Match(row, found.groupdict().get("model"))
        return None
