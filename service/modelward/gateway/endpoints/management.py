"""The admin's routes; those below an area are the admin API's, served or not (A3)."""

from modelward.contract import RouteGroup
from modelward.gateway.endpoints.mounts import GET, POST
from modelward.gateway.routes import Route

_MANAGEMENT: tuple[RouteGroup, ...] = ("management_routes",)
_EVERY = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_AREAS = (
    *("key", "user", "team", "organization", "project", "customer", "access_group", "model", "config", "jwt"),
    "v1/access_group",
)

ROUTES: tuple[Route, ...] = (
    Route(GET, "/metrics", "manage", _MANAGEMENT, "metrics", reads="none"),
    *(Route(_EVERY, f"/{area}/{{path}}", "manage", _MANAGEMENT, "admin") for area in _AREAS),
    Route(_EVERY, "/v1/access_group", "manage", _MANAGEMENT, "admin"),
    Route(POST, "/policy/explain", "manage", _MANAGEMENT, "explain"),
)
