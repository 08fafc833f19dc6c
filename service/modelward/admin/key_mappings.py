"""`/jwt/key/mapping/...`: which tokens stand for which keys."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Query, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from modelward.admin.document import MISSING, TAKEN
from modelward.admin.fields import (
    ClosedFields,
    KeyHash,
    KeyId,
    Name,
    PageNumber,
    PageSize,
    QueryFields,
    read_page,
    wrong,
)
from modelward.admin.records import RecordAnswer, RecordFields, Records, new_id, reads, shows
from modelward.contract import KeyMapping
from modelward.errors import Invalid, NotFound
from modelward.store import Store


def _active(sent: bool | None) -> bool | None:
    if sent is False:
        raise wrong("a mapping cannot be switched off: delete it, or block its key")
    return sent


@reads
class KeyMappingFields(RecordFields):
    """The key is named by `key`, in clear text or by hash, or by `token`, its hash; only the hash is kept (A1)."""

    SUBJECT = KeyMapping

    key: KeyId | None = None
    token: KeyHash | None = None
    is_active: Annotated[bool | None, AfterValidator(_active)] = Field(None, description="always true")

    @model_validator(mode="after")
    def _one_name(self) -> Self:
        if self.key is not None and self.token is not None:
            raise wrong("send either `key` or `token`")
        return self

    @property
    def key_hash(self) -> str | None:
        """The hash of the key that was sent."""
        return self.key or self.token

    def changes(self, now: datetime) -> dict[str, Any]:
        """As for every record, and the key's hash."""
        return {**super().changes(now), **({} if self.key_hash is None else {"token": self.key_hash})}


class NewKeyMapping(KeyMappingFields):
    """Whose tokens stand for which key: those whose claim of that name holds that value (R9)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"jwt_claim_name": "client_id", "jwt_claim_value": "app-1", "key": "sk-1234"}]}
    )
    jwt_claim_name: Name
    jwt_claim_value: Name

    @model_validator(mode="after")
    def _some_key(self) -> Self:
        if self.key_hash is None:
            raise wrong("name the key in `key` or `token`")
        return self


class KeyMappingChange(KeyMappingFields):
    """What to change of a mapping; what is not sent stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": "0f3bd6f9-2f55-4a5c-9a6d-2f0a4a1d8d3e", "key": "sk-1234"}]}
    )
    id: Name


class KeyMappingName(ClosedFields):
    """A mapping."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"id": "0f3bd6f9-2f55-4a5c-9a6d-2f0a4a1d8d3e"}]})
    id: Name


class KeyMappingToShow(QueryFields):
    """A mapping."""

    id: Name = Field(examples=["0f3bd6f9-2f55-4a5c-9a6d-2f0a4a1d8d3e"])


class KeyMappingQuery(QueryFields):
    """Which mappings to list; pages count from 1."""

    page: PageNumber = 1
    size: PageSize = 50


@shows
class KeyMappingAnswer(RecordAnswer):
    """A mapping. The key it leads to is not shown."""

    SUBJECT = KeyMapping

    token: str = Field(exclude=True)
    jwt_issuer: None = None
    is_active: Literal[True] = True


class DeletedKeyMapping(BaseModel):
    """The mapping is no more."""

    status: Literal["success"] = "success"


class KeyMappingPage(BaseModel):
    """One page of mappings."""

    mappings: list[KeyMappingAnswer]
    total_count: int
    current_page: int
    total_pages: int


class KeyMappingRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._mappings = store.key_mappings
        self._keys = store.keys
        self._records = Records(store.key_mappings, now)

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
        claim = {"jwt_claim_name": new.jwt_claim_name, "jwt_claim_value": new.jwt_claim_value}
        bare = KeyMapping(id=new_id(), token=new.key_hash or "", **claim)
        return KeyMappingAnswer.of(await self._records.make(bare, new, request))

    async def update(self, change: KeyMappingChange, request: Request) -> KeyMappingAnswer:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        await self._refuse_unknown(change)
        return KeyMappingAnswer.of(await self._records.change(change.id, change, request))

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
