"""`/key/...`: virtual keys."""

import calendar
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Query, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from modelward.admin.document import MISSING, MISSING_OR_TAKEN, TAKEN
from modelward.admin.errors import caller_of, changer, shows_of
from modelward.admin.fields import (
    ClosedFields,
    Item,
    KeyId,
    KeyIdInPath,
    KeyIds,
    Names,
    PageNumber,
    PageSize,
    QueryFields,
    Routes,
    read_page,
    wrong,
)
from modelward.admin.other_fields import dropped_from, kept_with
from modelward.admin.records import RecordFields, Records, SpendingAnswer, edited, reads, shows
from modelward.contract import Key
from modelward.contract.facts import key_hash
from modelward.errors import Conflict, Invalid
from modelward.store import KeyFilter, Store

_FORM = re.compile(r"([0-9]{1,9})(s|m|h|d|w|mo)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LATEST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""The end of a key that is to live longer than times can tell."""


def expiry_after(duration: str, now: datetime) -> datetime:
    """The time that lies `duration` after `now`, at most LATEST; a month ends on the same day, or the last of a shorter
    month. Raises Invalid.
    """
    form = _FORM.fullmatch(duration)
    if form is None:
        raise Invalid(f"`duration` cannot be `{duration[:50]}`: write `30s`, `30m`, `30h`, `30d`, `1w` or `1mo`")
    count, unit = int(form[1]), form[2]
    try:
        return _months_after(now, count) if unit == "mo" else now + timedelta(**{_UNITS[unit]: count})
    except (OverflowError, ValueError):
        return LATEST


def expiry_at(text: str) -> datetime:
    """An ISO 8601 time, at most LATEST; one without a zone is UTC (A2). Raises Invalid."""
    wrong = Invalid(f"`expires` cannot be `{text[:50]}`: write a time such as `2030-01-31T12:00:00Z`")
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise wrong from None
    try:
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        if time.year == LATEST.year:
            return LATEST
        raise wrong from None


def _months_after(now: datetime, count: int) -> datetime:
    years, month = divmod(now.month - 1 + count, 12)
    year = now.year + years
    return now.replace(year=year, month=month + 1, day=min(now.day, calendar.monthrange(year, month + 1)[1]))


_KEY = re.compile(r"sk-[!-~]{1,997}")
_ROUTES_OF_TYPE: dict[str, list[str]] = {
    "default": [],
    "llm_api": ["llm_api_routes"],
    "management": ["management_routes"],
    "read_only": ["info_routes"],
}


def _chosen(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise wrong("must start with `sk-` and hold printable ASCII without spaces")
    return key


ChosenKey = Annotated[str, AfterValidator(_chosen)]


@reads
class KeyFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    SUBJECT = Key
    KEPT = kept_with("keys")
    IGNORED = dropped_from("keys")

    duration: Item | None = Field(None, description="`30s`, `30m`, `30h`, `30d`, `1w` or `1mo`; `-1` for ever")
    expires: Item | None = Field(None, description="instead of `duration`: a time, UTC if it names no zone")
    allowed_routes: Routes | None = None

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if self.duration is not None and self.expires is not None:
            raise wrong("send either `duration` or `expires`")
        return self

    def changes(self, now: datetime) -> dict[str, Any]:
        """As for every record, and the end of the key's life, which `null` takes away."""
        ending = bool(self.model_fields_set & {"duration", "expires"})
        return {**super().changes(now), **({"expires": self._expiry(now)} if ending else {})}

    def _expiry(self, now: datetime) -> datetime | None:
        if self.expires is not None:
            return expiry_at(self.expires)
        return None if self.duration in (None, "-1") else expiry_after(self.duration, now)


class NewKey(KeyFields):
    """A key to make; `key` may be chosen, and starts with `sk-`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"models": ["gpt-4", "beta-models"], "key_alias": "ci", "team_id": "litellm-dev"}]
        }
    )
    key: ChosenKey | None = None
    key_type: Literal["default", "llm_api", "management", "read_only"] = Field(
        "default", description="a word for `allowed_routes`"
    )

    @model_validator(mode="after")
    def _routes_of_type(self) -> Self:
        routes = _ROUTES_OF_TYPE[self.key_type]
        if routes and self.allowed_routes:
            raise wrong("send either `key_type` or `allowed_routes`")
        self.allowed_routes = self.allowed_routes or routes
        return self


class KeyChange(KeyFields):
    """What to change of a key, named in clear text or by hash; what is not sent stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"key": "sk-1234", "models": ["gpt-4"]}]})
    key: KeyId


class NewSecret(KeyFields):
    """A new secret for a key, which otherwise stays as it is but for the fields sent; `new_key` may be chosen."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"key": "sk-1234", "duration": "30d"}]})
    key: KeyId | None = None
    new_key: ChosenKey | None = None


class KeyName(ClosedFields):
    """A key, in clear text or by hash."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"key": "sk-1234"}]})
    key: KeyId


class KeyToShow(QueryFields):
    """A key, in clear text or by hash; without it, the caller's own."""

    key: KeyId | None = Field(None, examples=["sk-1234"])


class KeyNames(ClosedFields):
    """Keys, in clear text or by hash, or by alias."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"keys": ["sk-1234"]}]})
    keys: KeyIds | None = None
    key_aliases: Names | None = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.keys and not self.key_aliases:
            raise wrong("name the keys to delete in `keys` or `key_aliases`")
        return self


class KeyQuery(QueryFields):
    """Which keys to list; pages count from 1."""

    page: PageNumber = 1
    size: PageSize = 10
    team_id: Item | None = None
    user_id: Item | None = None
    key_alias: Item | None = None
    organization_id: Item | None = None
    project_id: Item | None = None
    key_hash: KeyId | None = None
    return_full_object: bool = False

    @property
    def filter(self) -> KeyFilter:
        """The same for the store."""
        return KeyFilter(token=self.key_hash, **self.model_dump(include=set(KeyFilter.EQUAL)))


_HASH = "6e6c0e0e5f1d5e3f9f0a4b6a0c3d2b1a6e6c0e0e5f1d5e3f9f0a4b6a0c3d2b1a"


@shows
class KeyAnswer(SpendingAnswer):
    """A key. `token` is its SHA-256; budgets and limits that a client sent are beside these fields."""

    SUBJECT = Key

    model_config = ConfigDict(json_schema_extra={"examples": [{"token": _HASH, "models": ["gpt-4"]}]})
    token_id: str

    @classmethod
    def of_key(cls, record: Key, **named: object) -> Self:
        """The answer for a key; `named` are fields that no record holds."""
        return cls.of(record, token_id=record.token, **named)


class NewKeyAnswer(KeyAnswer):
    """A key that was just made: the only answer that holds it in clear text."""

    key: str


class ChangedKey(KeyAnswer):
    """A key that was changed; `key` is its hash."""

    key: str


class KeyInfo(BaseModel):
    """A key's record; `key` is its hash."""

    key: str
    info: KeyAnswer


class DeletedKeys(BaseModel):
    """The hashes of the keys that are no more."""

    deleted_keys: list[str]


class KeyPage(BaseModel):
    """One page of keys: hashes, or whole records where those were asked for."""

    keys: list[str | KeyAnswer]
    total_count: int
    current_page: int
    total_pages: int


_SHOWN_CHARACTERS = 4
_SHORT = 20


class KeyMaker:
    """Makes keys. `is_master` knows the master key, `now` gives the time in UTC, `new_key` a fresh secret that starts
    with `sk-`."""

    def __init__(
        self, store: Store, is_master: Callable[[str], bool], now: Callable[[], datetime], new_key: Callable[[], str]
    ) -> None:
        self.records = Records(store.keys, now)
        self._is_master = is_master
        self._new_key = new_key

    async def make(self, new: NewKey, request: Request) -> tuple[Key, str]:
        """A new key, stored, and its clear text, which is kept nowhere. Raises Conflict and Invalid."""
        secret = self.secret(new.key)
        bare = Key(token=key_hash(secret), key_name=shown_name(secret))
        return await self.records.make(bare, new, request), secret

    def secret(self, chosen: str | None) -> str:
        """The secret that was chosen, or a fresh one. Raises Conflict for the master key."""
        secret = chosen or self._new_key()
        if self._is_master(secret):
            raise Conflict("this is the master key, which cannot be a virtual key too: choose another")
        return secret


def shown_name(key: str) -> str:
    """What may be shown of a key: `sk-...` and its last four characters, those only if enough others stay hidden."""
    return f"sk-...{key[-_SHOWN_CHARACTERS:] if len(key) >= _SHORT else ''}"


MOST_KEYS = 1_000


async def visible_keys(store: Store, request: Request, wanted: KeyFilter) -> list[KeyAnswer]:
    """The first 1,000 of the keys that the decision shows, all or the caller's own (A3)."""
    shows = shows_of(request)
    if not shows.everything:
        wanted = replace(wanted, token=shows.key_hash or "")
    keys, _ = await store.keys.page(wanted, offset=0, limit=MOST_KEYS)
    return [KeyAnswer.of_key(key) for key in keys]


class KeyRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, maker: KeyMaker) -> None:
        self._keys = store.keys
        self._records = maker.records
        self._maker = maker

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
        key, secret = await self._maker.make(new, request)
        return NewKeyAnswer.of_key(key, key=secret)

    async def update(self, change: KeyChange, request: Request) -> ChangedKey:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        changed = await self._records.change(change.key, change, request)
        return ChangedKey.of_key(changed, key=changed.token)

    async def delete(self, names: KeyNames) -> DeletedKeys:
        """Delete keys, all of them or none. They are refused here when this answers, everywhere within a second."""
        named = [*(names.keys or []), *await self._keys.hashes_of(names.key_aliases or [])]
        hashes = list(dict.fromkeys(named))
        await self._keys.remove(hashes)
        return DeletedKeys(deleted_keys=hashes)

    async def block(self, name: KeyName, request: Request) -> KeyAnswer:
        """Refuse a key until it is unblocked."""
        return KeyAnswer.of_key(await self._records.block(name.key, True, request))

    async def unblock(self, name: KeyName, request: Request) -> KeyAnswer:
        """Let a blocked key in again."""
        return KeyAnswer.of_key(await self._records.block(name.key, False, request))

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
        wanted = query.key or (own.token if own is not None else None)
        if wanted is None:
            raise Invalid("`key` is missing: the caller has no key of its own")
        record = await self._keys.get(wanted)
        return KeyInfo(key=record.token, info=KeyAnswer.of_key(record))

    async def list_page(self, query: Annotated[KeyQuery, Query()]) -> KeyPage:
        """The keys, those of the config file first, then the newest."""
        page = await read_page(partial(self._keys.page, query.filter), query.page, query.size)
        return KeyPage(
            keys=[KeyAnswer.of_key(key) if query.return_full_object else key.token for key in page.records],
            total_count=page.total,
            current_page=query.page,
            total_pages=page.pages,
        )

    async def _regenerate(self, old: str, new: NewSecret, by: str) -> NewKeyAnswer:
        secret, now = self._maker.secret(new.new_key), self._records.now()
        renewed = {"token": key_hash(secret), "key_name": shown_name(secret)}
        changed = await self._keys.change(old, lambda key: edited(key, new, now, by).model_copy(update=renewed))
        return NewKeyAnswer.of_key(changed, key=secret)
