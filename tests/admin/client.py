"""A client of the admin API, behind a gate that lets everybody in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

import httpx
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from modelward.admin import admin_app
from modelward.contract import Caller, Catalog, Shows, Subject
from modelward.identity import key_hash
from modelward.store import Store

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
MASTER = Caller(kind="master")
MASTER_KEY = "sk-master"
DECISION = "0123456789abcdef"
EVERYTHING: dict[str, object] = {
    "key_alias": "ci",
    "models": ["gpt-4", "beta-models"],
    "aliases": {"fast": "gpt-4"},
    "team_id": "red",
    "user_id": "alice",
    "organization_id": "acme",
    "project_id": "search",
    "access_group_ids": ["production"],
    "blocked": False,
    "allowed_routes": ["/chat/completions"],
    "metadata": {"cost_centre": 7},
    "max_budget": 12.5,
    "tpm_limit": 100,
}
"""A key with every field that decides, and two that do not."""


class Client:
    """Calls the API as `caller`."""

    def __init__(self, http: httpx.AsyncClient, store: Store) -> None:
        self._http = http
        self.store = store
        self.caller = MASTER

    async def known(self, key: str) -> Caller | None:
        """Whom the store takes the key for."""
        return await self.store.caller(key_hash(key))

    async def send(self, method: str, path: str, fields: object = None) -> httpx.Response:
        """One request with a JSON body."""
        return await self._http.request(method, path, json=fields)

    async def post(self, path: str, fields: object) -> httpx.Response:
        """One POST with a JSON body."""
        return await self.send("POST", path, fields)

    async def post_text(self, path: str, body: bytes) -> httpx.Response:
        """One POST with these bytes, said to be JSON."""
        return await self._http.post(path, content=body, headers={"content-type": "application/json"})

    async def get(self, path: str, **query: str | int | bool) -> httpx.Response:
        """One GET."""
        return await self._http.get(path, params=query)

    async def done(self, method: str, path: str, fields: object = None) -> Any:
        """What a call answers that must not fail."""
        answer = await self.send(method, path, fields)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    async def made(self, path: str, **fields: object) -> Any:
        """The same for a POST."""
        return await self.done("POST", path, fields)

    async def shown(self, path: str, **query: str | int | bool) -> Any:
        """What a question answers that must not fail."""
        answer = await self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def call_as(self, key: str) -> None:
        """From now on the caller is the one with that key."""
        known = await self.known(key)
        assert known is not None
        self.caller = known

    async def refused(self, path: str, **fields: object) -> str:
        """The message of a POST that must be refused with 400."""
        return await self.refused_with(400, "POST", path, fields)

    async def refused_with(self, status: int, method: str, path: str, fields: object = None) -> str:
        """The message of a call that must be refused with that status."""
        answer = await self.send(method, path, fields)
        assert answer.status_code == status, answer.text
        error = answer.json()["error"]
        assert set(error) == {"message", "type", "param", "code"}
        assert error["type"] == "invalid_request_error"
        assert error["message"].endswith(f" (decision {DECISION})")
        return str(error["message"])


def decided(caller: Caller) -> dict[str, object]:
    """What the decision says of the caller of an info route."""
    key, user = caller.key, caller.user
    admin = caller.kind == "master" or (user is not None and user.user_role == "proxy_admin")
    user_id = user.user_id if user is not None else key.user_id if key is not None else None
    subject = Subject(team_id=key.team_id if key is not None else None, user_id=user_id, role=None, owner=None)
    key_hash = key.token if key is not None else None
    return {"subject": subject, "shows": Shows(everything=admin, key_hash=key_hash, user_id=user_id)}


_OPEN: ContextVar[Store] = ContextVar("the store of the client that calls")


class _Part:
    """A table or a method of the store of the client that calls."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(getattr(_OPEN.get(), self._name), name)

    def __call__(self, *args: Any, **fields: Any) -> Any:
        return getattr(_OPEN.get(), self._name)(*args, **fields)


class _Parts:
    """Takes the place of a store in the API that all clients share: to make one takes longer than most tests of it."""

    def __getattr__(self, name: str) -> _Part:
        return _Part(name)


@cache
def _shared_app() -> FastAPI:
    return admin_app(cast(Store, _Parts()), is_master=_is_master, now=_now)


def _is_master(key: str) -> bool:
    return key == MASTER_KEY


def _now() -> datetime:
    return NOW


@asynccontextmanager
async def client_of(store: Store, catalog: Catalog | None = None) -> AsyncIterator[Client]:
    """A client of the API over that store; the time stands still at NOW."""
    app = _shared_app()
    if catalog is not None:
        app = admin_app(store, catalog=lambda: catalog, is_master=_is_master, now=_now)

    async def gate(scope: Scope, receive: Receive, send: Send) -> None:
        _OPEN.set(store)
        state = {"caller": client.caller, "decision_id": DECISION, **decided(client.caller)}
        await app({**scope, "path": scope["raw_path"].decode(), "state": state}, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(gate), base_url="http://admin") as http:
        client = Client(http, store)
        yield client
