"""The admin API as one ASGI app."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from fastapi import Depends, FastAPI, Request, Security
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.security import HTTPBearer
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from modelward.admin.errors import EVERY, HANDLERS
from modelward.admin.fields import shown, unknown
from modelward.admin.key_mappings import KeyMappingRoutes
from modelward.admin.keys import KeyRoutes
from modelward.admin.name_warnings import NameWarnings
from modelward.admin.plain_kinds import AccessGroupRoutes, CustomerRoutes, OrganizationRoutes, ProjectRoutes
from modelward.admin.teams import TeamRoutes
from modelward.admin.users import UserRoutes
from modelward.contract import Catalog
from modelward.errors import Invalid
from modelward.store import Store

_SECRET_BYTES = 32
_PAGE = "/docs"
_DESCRIPTION = "/openapi.json"
_BEARER = HTTPBearer(auto_error=False, description="The master key, or a key or token of a proxy admin.")
"""The gate has read the credential already: here it is only described."""


async def _plain_query(request: Request) -> None:
    """Refuse a parameter that the route does not read, and one that is given twice: nothing is dropped in silence."""
    known = [field.alias for field in request.scope["route"].dependant.query_params]
    names = [name for name, _ in request.query_params.multi_items()]
    for name in names:
        if name not in known:
            raise Invalid(unknown("parameter", name, known).message())
        if names.count(name) > 1:
            raise Invalid(f"the parameter `{shown(name)}` is given twice: send it once")


class _DocumentedApp(FastAPI):
    """An app whose description is true to its errors: what does not validate is 400, never FastAPI's 422. The page that
    shows it needs no internet."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(openapi_url=_DESCRIPTION, docs_url=None, redoc_url=None, **settings)
        self.get(_PAGE, include_in_schema=False)(self._page)
        self.mount(_PAGE, StaticFiles(directory=str(files("fastapi_offline") / "static")))

    async def _page(self) -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url=_DESCRIPTION,
            title=self.title,
            swagger_js_url=f"{_PAGE}/swagger-ui-bundle.js",
            swagger_css_url=f"{_PAGE}/swagger-ui.css",
            swagger_favicon_url=f"{_PAGE}/favicon.png",
        )

    def openapi(self) -> dict[str, Any]:
        """The description in OpenAPI's form."""
        document = super().openapi()
        for methods in document["paths"].values():
            for route in methods.values():
                route["responses"].pop("422", None)
        for name in ("HTTPValidationError", "ValidationError"):
            document["components"]["schemas"].pop(name, None)
        return document


def admin_app(
    store: Store,
    *,
    catalog: Callable[[], Catalog] | None = None,
    is_master: Callable[[str], bool] = lambda _: False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    new_key: Callable[[], str] = lambda: f"sk-{secrets.token_urlsafe(_SECRET_BYTES)}",
) -> FastAPI:
    """LiteLLM's management API over the store; its documentation is at `/docs` and `/openapi.json`.

    Whoever reaches it may use it: the gate has decided, and left `caller`, `subject`, `shows` and `decision_id` in
    `scope["state"]`. Names of models that the present `catalog` lacks are warned of. The key that `is_master` knows
    cannot become a virtual key.
    """
    app = _DocumentedApp(
        title="Modelward admin API",
        description="Every subject of access control, in LiteLLM's paths and fields.",
        redirect_slashes=False,  # no path is corrected, and `Host` has no part in an answer (M4)
        dependencies=[Security(_BEARER), Depends(_plain_query)],
        responses=EVERY,
        exception_handlers=HANDLERS,
    )
    keys = KeyRoutes(store, is_master, now, new_key)
    plain = (OrganizationRoutes, ProjectRoutes, CustomerRoutes, AccessGroupRoutes, KeyMappingRoutes)
    for routes in (keys, TeamRoutes(store, now), UserRoutes(store, keys, now), *(kind(store, now) for kind in plain)):
        app.include_router(routes.router)
    app.state.name_warnings = NameWarnings(catalog)
    return app
