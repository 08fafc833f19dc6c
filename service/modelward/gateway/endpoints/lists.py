"""What a caller may see: the models it may call, and its own records (V1)."""

from modelward.contract import RouteGroup
from modelward.gateway.endpoints.mounts import GET
from modelward.gateway.routes import Handler, Route, Subject

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

ROUTES: tuple[Route, ...] = (
    *(
        Route(GET, template, "list", _LISTS if "info" not in template else _INFO, handler, reads="none")
        for template, handler in _LISTINGS
    ),
    *(Route(GET, f"/{subject}/info", "info", _INFO, "admin", reads="none", record=subject) for subject in _SUBJECTS),
)
