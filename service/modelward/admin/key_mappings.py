"""`/jwt/key/mapping/...`: which tokens stand for which keys."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from fastapi import Request
from pydantic import AfterValidator, Field, model_validator

from modelward.admin.errors import MISSING, TAKEN
from modelward.admin.fields import KeyId, Name, PageNumber, PageSize, key_digits, wrong
from modelward.admin.models import RecordAnswer, RecordFields, example, names, reads, shape, shows
from modelward.admin.routes import PAGE, Now, RecordRoutes, counted, new_id
from modelward.contract import KeyMapping
from modelward.errors import Invalid, NotFound
from modelward.store import Store

_ID = "0f3bd6f9-2f55-4a5c-9a6d-2f0a4a1d8d3e"


def _active(sent: bool | None) -> bool | None:
    if sent is False:
        raise wrong("a mapping cannot be switched off: delete it, or block its key")
    return sent


@reads(KeyMapping)
class KeyMappingFields(RecordFields):
    """The key is named by `key`, in clear text or by hash, or by `token`, its hash; only the hash is kept (A1)."""

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


KeyMappingName = names("KeyMappingName", "A mapping.", id=(Name, _ID))


@shows(KeyMapping)
class KeyMappingAnswer(RecordAnswer):
    """A mapping. The key it leads to is not shown."""

    token: str = Field(exclude=True)
    jwt_issuer: None = None
    is_active: Literal[True] = True


DeletedKeyMapping = shape("DeletedKeyMapping", "The mapping is no more.", status=(Literal["success"], "success"))
KeyMappingPage = shape("KeyMappingPage", "One page of mappings.", mappings=list[KeyMappingAnswer], **PAGE)


class KeyMappingRoutes(RecordRoutes[KeyMapping]):
    """The routes."""

    PREFIX, TAG, ID, ANSWER = "/jwt/key/mapping", "key mappings", "id", KeyMappingAnswer

    def __init__(self, store: Store, now: Now) -> None:
        super().__init__(store.key_mappings, now)
        self._keys = store.keys
        self.add("/new", self.new, NewKeyMapping, responses=TAKEN)
        self.add("/update", self.update, KeyMappingChange, responses=MISSING)
        self.add("/delete", self.delete, KeyMappingName, DeletedKeyMapping, responses=MISSING)
        self.add_info("A mapping.", _ID)
        self.router.get("/list", response_model=KeyMappingPage)(self.list_page)

    async def new(self, sent: Any, request: Request) -> KeyMapping:
        """Let the tokens with that claim stand for a key, which must exist."""
        await self._refuse_unknown(sent.key_hash)
        claim = {"jwt_claim_name": sent.jwt_claim_name, "jwt_claim_value": sent.jwt_claim_value}
        bare = KeyMapping(id=new_id(), token=sent.key_hash or "", **claim)
        return await self.make(bare, sent, request)

    async def change(self, record_id: str, sent: Any, request: Request) -> KeyMapping:
        """As for every record, but the key must exist."""
        await self._refuse_unknown(sent.key_hash)
        return await super().change(record_id, sent, request)

    async def delete(self, sent: Any, _: Request) -> Any:
        """Delete a mapping. Its tokens are judged as unmapped ones from now on (R9)."""
        await self.table.remove([sent.id])
        return {"status": "success"}

    async def list_page(self, page: PageNumber = 1, size: PageSize = 50) -> Any:
        """The mappings, the newest first."""
        mappings, total = await self.table.page(offset=(page - 1) * size, limit=size)
        return {"mappings": mappings, **counted(total, page, size)}

    async def _refuse_unknown(self, key_hash: str | None) -> None:
        if key_hash is None:
            return
        try:
            await self._keys.get(key_hash)
        except NotFound:
            raise Invalid("`key` names no virtual key: see `/key/list`") from None
