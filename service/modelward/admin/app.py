"""The admin API as one ASGI app."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import Depends, FastAPI, Security

from modelward.admin.access_groups import AccessGroupRoutes
from modelward.admin.customers import CustomerRoutes
from modelward.admin.document import BEARER, EVERY, DocumentedApp, plain_query
from modelward.admin.errors import answer_errors
from modelward.admin.key_mappings import KeyMappingRoutes
from modelward.admin.keys import KeyMaker, KeyRoutes
from modelward.admin.name_warnings import NameWarnings
from modelward.admin.organizations import OrganizationRoutes
from modelward.admin.projects import ProjectRoutes
from modelward.admin.teams import TeamRoutes
from modelward.admin.users import UserRoutes
from modelward.contract import Catalog
from modelward.store import Store

_SECRET_BYTES = 32


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _random_key() -> str:
    return f"sk-{secrets.token_urlsafe(_SECRET_BYTES)}"


def _none(_: str) -> bool:
    return False


def admin_app(
    store: Store,
    *,
    catalog: Callable[[], Catalog] | None = None,
    is_master: Callable[[str], bool] = _none,
    now: Callable[[], datetime] = _utc_now,
    new_key: Callable[[], str] = _random_key,
) -> FastAPI:
    """LiteLLM's management API over the store; its documentation is at `/docs` and `/openapi.json`.

    Whoever reaches it may use it: the gate has decided, and left `caller`, `subject` and `decision_id` in
    `scope["state"]`. Names of models that the present `catalog` lacks are warned of. The key that `is_master` knows
    cannot become a virtual key.
    """
    app = DocumentedApp(
        title="Modelward admin API",
        description="Every subject of access control, in LiteLLM's paths and fields.",
        redirect_slashes=False,  # no path is corrected, and `Host` has no part in an answer (M4)
        dependencies=[Security(BEARER), Depends(plain_query)],
        responses=EVERY,
    )
    maker = KeyMaker(store, is_master, now, new_key)
    for routes in (
        KeyRoutes(store, maker),
        TeamRoutes(store, now),
        UserRoutes(store, maker, now),
        OrganizationRoutes(store, now),
        ProjectRoutes(store, now),
        CustomerRoutes(store, now),
        AccessGroupRoutes(store, now),
        KeyMappingRoutes(store, now),
    ):
        app.include_router(routes.router())
    answer_errors(app)
    if catalog is not None:
        app.add_middleware(NameWarnings, catalog=catalog)
    return app
