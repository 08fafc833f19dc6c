"""The routes of virtual keys."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request

from modelward.admin.document import MISSING, MISSING_OR_TAKEN, TAKEN
from modelward.admin.edit import edited, stamped
from modelward.admin.gate_state import caller_of, changer
from modelward.admin.key_ids import KeyIdInPath
from modelward.admin.keys.answers import ChangedKey, DeletedKeys, KeyAnswer, KeyInfo, KeyPage, NewKeyAnswer
from modelward.admin.keys.maker import KeyMaker, shown_name
from modelward.admin.keys.requests import KeyChange, KeyName, KeyNames, KeyQuery, KeyToShow, NewKey, NewSecret
from modelward.admin.paging import read_page
from modelward.errors import Invalid
from modelward.identity import key_hash
from modelward.store import Store


class KeyRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, maker: KeyMaker, now: Callable[[], datetime]) -> None:
        self._keys = store.keys
        self._maker = maker
        self._now = now

    def router(self) -> APIRouter:
        """All of them."""
        router = APIRouter(prefix="/key", tags=["keys"])
        router.post("/generate", responses=TAKEN)(self.generate)
        router.post("/update", responses=MISSING_OR_TAKEN)(self.update)
        router.post("/delete", responses=MISSING_OR_TAKEN)(self.delete)
        router.post("/block", responses=MISSING_OR_TAKEN)(self.block)
        router.post("/unblock", responses=MISSING_OR_TAKEN)(self.unblock)
        router.post("/regenerate", responses=MISSING_OR_TAKEN)(self.regenerate)
        router.post("/{key}/regenerate", responses=MISSING_OR_TAKEN)(self.regenerate_named)
        router.get("/info", responses=MISSING)(self.info)
        router.get("/list")(self.list_page)
        return router

    async def generate(self, new: NewKey, request: Request) -> NewKeyAnswer:
        """Make a key. Its clear text is in this answer and never shown again."""
        record, secret = await self._maker.make(new, changer(request))
        return NewKeyAnswer.of_key(record, key=secret)

    async def update(self, change: KeyChange, request: Request) -> ChangedKey:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        by, now = changer(request), self._now()
        changed = await self._keys.change(change.key, lambda key: edited(key, change, now, by))
        return ChangedKey.of_key(changed, key=changed.hash)

    async def delete(self, names: KeyNames) -> DeletedKeys:
        """Delete keys, all of them or none. They are refused here when this answers, everywhere within a second."""
        named = [*(names.keys or []), *await self._keys.hashes_of(names.key_aliases or [])]
        hashes = list(dict.fromkeys(named))
        await self._keys.remove(hashes)
        return DeletedKeys(deleted_keys=hashes)

    async def block(self, name: KeyName, request: Request) -> KeyAnswer:
        """Refuse a key until it is unblocked."""
        return await self._set_blocked(name, True, changer(request))

    async def unblock(self, name: KeyName, request: Request) -> KeyAnswer:
        """Let a blocked key in again."""
        return await self._set_blocked(name, False, changer(request))

    async def regenerate(self, new: NewSecret, request: Request) -> NewKeyAnswer:
        """Give a key a new secret, shown in this answer only; the old one is refused when this answers."""
        if new.key is None:
            raise Invalid("`key` is missing: name the key, or call `/key/{key}/regenerate`")
        return await self._regenerate(new.key, new, changer(request))

    async def regenerate_named(self, key: KeyIdInPath, request: Request, new: NewSecret | None = None) -> NewKeyAnswer:
        """The same for the key named in the path."""
        return await self._regenerate(key, new or NewSecret(), changer(request))

    async def info(self, request: Request, query: Annotated[KeyToShow, Query()]) -> KeyInfo:
        """A key's record, named in clear text or by hash; without a name, the caller's own."""
        own = caller_of(request).key
        wanted = query.key or (own.hash if own is not None else None)
        if wanted is None:
            raise Invalid("`key` is missing: the caller has no key of its own")
        record = await self._keys.get(wanted)
        return KeyInfo(key=record.hash, info=KeyAnswer.of_key(record))

    async def list_page(self, query: Annotated[KeyQuery, Query()]) -> KeyPage:
        """The keys, those of the config file first, then the newest."""
        page = await read_page(partial(self._keys.page, query.filter), query.page, query.size)
        return KeyPage(
            keys=[KeyAnswer.of_key(key) if query.return_full_object else key.hash for key in page.records],
            total_count=page.total,
            current_page=query.page,
            total_pages=page.pages,
        )

    async def _set_blocked(self, name: KeyName, blocked: bool, by: str) -> KeyAnswer:
        now = self._now()
        changed = await self._keys.change(name.key, lambda key: stamped(replace(key, blocked=blocked), now, by))
        return KeyAnswer.of_key(changed)

    async def _regenerate(self, old: str, new: NewSecret, by: str) -> NewKeyAnswer:
        secret, now = self._maker.secret(new.new_key), self._now()
        changed = await self._keys.change(
            old,
            lambda key: replace(edited(key, new, now, by), hash=key_hash(secret), key_name=shown_name(secret)),
        )
        return NewKeyAnswer.of_key(changed, key=secret)
