"""`/jwt/key/mapping/...`: which tokens stand for which keys."""

from datetime import datetime
from math import ceil
from typing import Annotated, Any, Literal, Self

from fastapi import Request
from pydantic import AfterValidator, BaseModel, Field, model_validator

from modelward.admin.errors import MISSING, TAKEN
from modelward.admin.fields import ClosedFields, KeyId, Name, PageNumber, PageSize, example, key_digits, wrong
from modelward.admin.records import RecordAnswer, RecordFields, new_id, reads, shows
from modelward.admin.routes import Now, RecordRoutes
from modelward.contract import KeyMapping
from modelward.errors import Invalid, NotFound
from modelward.store import Store

_ID = "0f3bd6f9-2f55-4a5c-9a6d-2f0a4a1d8d3e"


def _active(sent: bool | None) -> bool | None:
    if sent is False:
        raise wrong("a mapping cannot be switched off: delete it, or block its key")
    return sent


@reads
class KeyMappingFields(RecordFields):
    """The key is named by `key`, in clear text or by hash, or by `token`, its hash; only the hash is kept (A1)."""

    SUBJECT = KeyMapping

    key: KeyId | None = None
    token: Annotated[Name, AfterValidator(key_digits)] | None = None
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


class NewKeyMapping(
    KeyMappingFields, json_schema_extra=example(jwt_claim_name="client_id", jwt_claim_value="app-1", key="sk-1234")
):
    """Whose tokens stand for which key: those whose claim of that name holds that value (R9)."""

    jwt_claim_name: Name
    jwt_claim_value: Name

    @model_validator(mode="after")
    def _some_key(self) -> Self:
        if self.key_hash is None:
            raise wrong("name the key in `key` or `token`")
        return self


class KeyMappingChange(KeyMappingFields, json_schema_extra=example(id=_ID, key="sk-1234")):
    """What to change of a mapping; what is not sent stays."""

    id: Name


class KeyMappingName(ClosedFields, json_schema_extra=example(id=_ID)):
    """A mapping."""

    id: Name


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


class KeyMappingRoutes(RecordRoutes[KeyMapping]):
    """The routes."""

    PREFIX, TAG, ID, EXAMPLE = "/jwt/key/mapping", "key mappings", "id", _ID
    ANSWER = KeyMappingAnswer

    def __init__(self, store: Store, now: Now) -> None:
        super().__init__(store.key_mappings, now)
        self._keys = store.keys
        self.router.post("/new", responses=TAKEN)(self.new)
        self.router.post("/update", responses=MISSING)(self.update)
        self.router.post("/delete", responses=MISSING)(self.delete)
        self.add_info("A mapping.")
        self.router.get("/list")(self.list_page)

    async def new(self, sent: NewKeyMapping, request: Request) -> KeyMappingAnswer:
        """Let the tokens with that claim stand for a key, which must exist."""
        await self._refuse_unknown(sent.key_hash)
        claim = {"jwt_claim_name": sent.jwt_claim_name, "jwt_claim_value": sent.jwt_claim_value}
        bare = KeyMapping(id=new_id(), token=sent.key_hash or "", **claim)
        return KeyMappingAnswer.of(await self.make(bare, sent, request))

    async def update(self, sent: KeyMappingChange, request: Request) -> KeyMappingAnswer:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        await self._refuse_unknown(sent.key_hash)
        return KeyMappingAnswer.of(await self.change(sent.id, sent, request))

    async def delete(self, sent: KeyMappingName, _: Request) -> DeletedKeyMapping:
        """Delete a mapping. Its tokens are judged as unmapped ones from now on (R9)."""
        await self.table.remove([sent.id])
        return DeletedKeyMapping()

    async def list_page(self, page: PageNumber = 1, size: PageSize = 50) -> KeyMappingPage:
        """The mappings, the newest first."""
        mappings, total = await self.table.page(offset=(page - 1) * size, limit=size)
        return KeyMappingPage(
            mappings=[KeyMappingAnswer.of(mapping) for mapping in mappings],
            total_count=total,
            current_page=page,
            total_pages=ceil(total / size),
        )

    async def _refuse_unknown(self, key_hash: str | None) -> None:
        if key_hash is None:
            return
        try:
            await self._keys.get(key_hash)
        except NotFound:
            raise Invalid("`key` names no virtual key: see `/key/list`") from None
