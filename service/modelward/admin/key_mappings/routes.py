"""The routes of key mappings."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request

from modelward.admin.document import MISSING, TAKEN
from modelward.admin.edit import edited, made
from modelward.admin.gate_state import changer
from modelward.admin.key_mappings.answers import DeletedKeyMapping, KeyMappingAnswer, KeyMappingPage
from modelward.admin.key_mappings.requests import (
    KeyMappingChange,
    KeyMappingFields,
    KeyMappingName,
    KeyMappingQuery,
    KeyMappingToShow,
    NewKeyMapping,
)
from modelward.admin.paging import read_page
from modelward.errors import Invalid, NotFound
from modelward.store import KeyMappingRecord, Store


class KeyMappingRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._mappings = store.key_mappings
        self._keys = store.keys
        self._now = now

    def router(self) -> APIRouter:
        """All of them."""
        router = APIRouter(prefix="/jwt/key/mapping", tags=["key mappings"])
        router.post("/new", responses=TAKEN)(self.new)
        router.post("/update", responses=MISSING)(self.update)
        router.post("/delete", responses=MISSING)(self.delete)
        router.get("/info", responses=MISSING)(self.info)
        router.get("/list")(self.list_page)
        return router

    async def new(self, new: NewKeyMapping, request: Request) -> KeyMappingAnswer:
        """Let the tokens with that claim stand for a key, which must exist."""
        await self._refuse_unknown(new)
        mapping = KeyMappingRecord(str(uuid.uuid4()), new.jwt_claim_name, new.jwt_claim_value, new.key_hash or "")
        mapping = made(mapping, new, self._now(), changer(request))
        await self._mappings.add(mapping)
        return KeyMappingAnswer.of(mapping)

    async def update(self, change: KeyMappingChange, request: Request) -> KeyMappingAnswer:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        await self._refuse_unknown(change)
        by, now = changer(request), self._now()
        changed = await self._mappings.change(change.id, lambda mapping: edited(mapping, change, now, by))
        return KeyMappingAnswer.of(changed)

    async def delete(self, name: KeyMappingName) -> DeletedKeyMapping:
        """Delete a mapping. Its tokens are judged as unmapped ones from now on (R9)."""
        await self._mappings.remove([name.id])
        return DeletedKeyMapping()

    async def info(self, query: Annotated[KeyMappingToShow, Query()]) -> KeyMappingAnswer:
        """A mapping."""
        return KeyMappingAnswer.of(await self._mappings.get(query.id))

    async def list_page(self, query: Annotated[KeyMappingQuery, Query()]) -> KeyMappingPage:
        """The mappings, the newest first."""
        page = await read_page(self._mappings.page, query.page, query.size)
        return KeyMappingPage(
            mappings=[KeyMappingAnswer.of(mapping) for mapping in page.records],
            total_count=page.total,
            current_page=query.page,
            total_pages=page.pages,
        )

    async def _refuse_unknown(self, sent: KeyMappingFields) -> None:
        if sent.key_hash is None:
            return
        try:
            await self._keys.get(sent.key_hash)
        except NotFound:
            raise Invalid("`key` names no virtual key: see `/key/list`") from None
