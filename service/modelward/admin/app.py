"""The admin API as one ASGI app."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import FastAPI

from modelward.admin.errors import answer_errors
from modelward.admin.keys import KeyRoutes
from modelward.admin.teams import TeamRoutes
from modelward.admin.users import UserRoutes
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
    is_master: Callable[[str], bool] = _none,
    now: Callable[[], datetime] = _utc_now,
    new_key: Callable[[], str] = _random_key,
) -> FastAPI:
    """LiteLLM's management API over the store; its documentation is at `/docs` and `/openapi.json`.

    Whoever reaches it may use it: the gate has decided, and left `caller` and `decision_id` in `scope["state"]`. The
    key that `is_master` knows cannot become a virtual key.
    """
    app = FastAPI(
        title="Modelward admin API",
        description="Keys, teams and users, in LiteLLM's paths and fields.",
        redirect_slashes=False,  # no path is mended, and `Host` has no part in an answer (M4)
    )
    app.include_router(KeyRoutes(store, is_master, now, new_key).router())
    app.include_router(TeamRoutes(store, now).router())
    app.include_router(UserRoutes(store).router())
    answer_errors(app)
    return app
