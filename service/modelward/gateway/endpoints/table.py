"""All rows, in the order in which a path is held against them, with those of the gateway itself."""

from dataclasses import replace

from modelward.contract import RouteGroup
from modelward.gateway.endpoints.mounts import GET, POST
from modelward.gateway.endpoints.openai import ROUTES as OPENAI
from modelward.gateway.endpoints.openai_objects import ROUTES as OPENAI_OBJECTS
from modelward.gateway.endpoints.providers import ANTHROPIC, AZURE, BEDROCK, GOOGLE, WATSONX
from modelward.gateway.endpoints.sockets import ROUTES as SOCKETS
from modelward.gateway.routes import Handler, Route, Subject
from modelward.providers import model_places

_LISTS: tuple[RouteGroup, ...] = ("openai_routes", "llm_api_routes", "info_routes")
_INFO: tuple[RouteGroup, ...] = ("info_routes",)
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

LISTS: tuple[Route, ...] = (
    *(
        Route(GET, template, "list", _LISTS if "info" not in template else _INFO, handler, reads="none")
        for template, handler in _LISTINGS
    ),
    *(Route(GET, f"/{subject}/info", "info", _INFO, "admin", reads="none", record=subject) for subject in _SUBJECTS),
)


_MANAGEMENT: tuple[RouteGroup, ...] = ("management_routes",)
_EVERY = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_AREAS = (
    *("key", "user", "team", "organization", "project", "customer", "access_group", "model", "config", "jwt"),
    "v1/access_group",
)

MANAGEMENT: tuple[Route, ...] = (
    Route(GET, "/metrics", "manage", _MANAGEMENT, "metrics", reads="none"),
    *(Route(_EVERY, f"/{area}/{{path}}", "manage", _MANAGEMENT, "admin") for area in _AREAS),
    Route(_EVERY, "/v1/access_group", "manage", _MANAGEMENT, "admin"),
    Route(POST, "/policy/explain", "manage", _MANAGEMENT, "explain"),
)


PROVIDERS_PLACES: tuple[str, ...] = tuple(
    dict.fromkeys(where for places in model_places().values() for where in places.named)
)
"""Where further models stand at any provider, in bodies of OpenAI's style."""


def _with_providers_places(row: Route) -> Route:
    if row.upstream is None or row.upstream.dialect != "openai" or row.reads == "none":
        return row
    return replace(row, nested=(*row.nested, *PROVIDERS_PLACES))


_ROWS = (
    *OPENAI,
    *AZURE,
    *OPENAI_OBJECTS,
    *SOCKETS,
    *ANTHROPIC,
    *GOOGLE,
    *BEDROCK,
    *WATSONX,
    *LISTS,
    *MANAGEMENT,
)

ROUTES: tuple[Route, ...] = tuple(map(_with_providers_places, _ROWS))

CALLS: tuple[str, ...] = tuple(row.template for row in ROUTES if row.operation == "infer")
"""The templates of the routes that call models."""
