"""`/key/...`: virtual keys."""

import calendar
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, Self

from fastapi import Query, Request
from pydantic import AliasChoices, Field, model_validator

from modelward.admin.errors import MISSING, MISSING_OR_TAKEN, TAKEN
from modelward.admin.fields import IN_PATH, Item, KeyId, KeyIds, Names, PageNumber, PageSize, Routes, without, wrong
from modelward.admin.models import ClosedFields, RecordFields, SpendingAnswer, example, held, names, reads, shape, shows
from modelward.admin.routes import PAGE, Now, RecordRoutes, counted
from modelward.contract import Caller, Key, Shows
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
        if unit != "mo":
            return now + timedelta(**{_UNITS[unit]: count})
        years, month = divmod(now.month - 1 + count, 12)
        days = calendar.monthrange(now.year + years, month + 1)[1]
        return now.replace(year=now.year + years, month=month + 1, day=min(now.day, days))
    except (OverflowError, ValueError):
        return LATEST


def expiry_at(text: str) -> datetime:
    """An ISO 8601 time, at most LATEST; one without a zone is UTC (A2). Raises Invalid."""
    wrong_time = Invalid(f"`expires` cannot be `{text[:50]}`: write a time such as `2030-01-31T12:00:00Z`")
    try:
        time = datetime.fromisoformat(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except ValueError:
        raise wrong_time from None
    except OverflowError:
        if time.year == LATEST.year:
            return LATEST
        raise wrong_time from None


_KEY = re.compile(r"sk-[!-~]{1,997}")
_ROUTES_OF_TYPE = {"llm_api": "llm_api_routes", "management": "management_routes", "read_only": "info_routes"}


_UNFIT = "must start with `sk-` and hold printable ASCII without spaces"
ChosenKey = Annotated[str, without(lambda key: None if _KEY.fullmatch(key) else _UNFIT)]


@reads(Key, "keys[]")
class KeyFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

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
        found = super().changes(now)
        if self.expires is not None:
            found["expires"] = expiry_at(self.expires)
        elif self.duration not in (None, "-1"):
            found["expires"] = expiry_after(self.duration, now)
        elif self.model_fields_set & {"duration", "expires"}:
            found["expires"] = None
        return found


class NewKey(
    KeyFields, json_schema_extra=example(models=["gpt-4", "beta-models"], key_alias="ci", team_id="litellm-dev")
):
    """A key to make; `key` may be chosen, and starts with `sk-`."""

    key: ChosenKey | None = None
    key_type: Literal["default", "llm_api", "management", "read_only"] = Field(
        "default", description="a word for `allowed_routes`"
    )

    @model_validator(mode="after")
    def _routes_of_type(self) -> Self:
        if self.key_type in _ROUTES_OF_TYPE:
            if self.allowed_routes:
                raise wrong("send either `key_type` or `allowed_routes`")
            self.allowed_routes = [_ROUTES_OF_TYPE[self.key_type]]
        return self


class KeyChange(KeyFields, json_schema_extra=example(key="sk-1234", models=["gpt-4"])):
    """What to change of a key, named in clear text or by hash; what is not sent stays."""

    key: KeyId


class NewSecret(KeyFields, json_schema_extra=example(key="sk-1234", duration="30d")):
    """A new secret for a key, which otherwise stays as it is but for the fields sent; `new_key` may be chosen."""

    key: KeyId | None = None
    new_key: ChosenKey | None = None


KeyName = names("KeyName", "A key, in clear text or by hash.", key=(KeyId, "sk-1234"))


class KeyNames(ClosedFields, json_schema_extra=example(keys=["sk-1234"])):
    """Keys, in clear text or by hash, or by alias."""

    keys: KeyIds | None = None
    key_aliases: Names | None = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.keys and not self.key_aliases:
            raise wrong("name the keys to delete in `keys` or `key_aliases`")
        return self


_HASH = "6e6c0e0e5f1d5e3f9f0a4b6a0c3d2b1a6e6c0e0e5f1d5e3f9f0a4b6a0c3d2b1a"


@shows(Key)
class KeyAnswer(SpendingAnswer, json_schema_extra=example(token=_HASH, models=["gpt-4"])):
    """A key. `token` is its SHA-256; budgets and limits that a client sent are beside these fields."""

    token_id: str = Field(validation_alias="token")


class NewKeyAnswer(KeyAnswer):
    """A key that was just made: the only answer that holds it in clear text."""

    key: str


class ChangedKey(KeyAnswer):
    """A key that was changed; `key` is its hash."""

    key: str = Field(validation_alias=AliasChoices("token"))


KeyInfo = shape("KeyInfo", "A key's record; `key` is its hash.", key=str, info=KeyAnswer)
DeletedKeys = shape("DeletedKeys", "The hashes of the keys that are no more.", deleted_keys=list[str])
_PAGE = "One page of keys: hashes, or whole records where those were asked for."
KeyPage = shape("KeyPage", _PAGE, keys=list[str | KeyAnswer], **PAGE)


_SHOWN_CHARACTERS = 4
_SHORT = 20
MOST_KEYS = 1_000


def shown_name(key: str) -> str:
    """What may be shown of a key: `sk-...` and its last four characters, those only if enough others stay hidden."""
    return f"sk-...{key[-_SHOWN_CHARACTERS:] if len(key) >= _SHORT else ''}"


async def visible_keys(store: Store, request: Request, wanted: KeyFilter) -> list[Key]:
    """The first 1,000 of the keys that the decision shows, all or the caller's own (A3)."""
    shows: Shows = request.state.shows
    if not shows.everything:
        wanted = replace(wanted, token=shows.key_hash or "")
    keys, _ = await store.keys.page(wanted, offset=0, limit=MOST_KEYS)
    return keys


class KeyRoutes(RecordRoutes[Key]):
    """The routes. `is_master` knows the master key, `new_key` makes a fresh secret that starts with `sk-`."""

    PREFIX, TAG, ID, ANSWER = "/key", "keys", "key", KeyAnswer

    def __init__(self, store: Store, is_master: Callable[[str], bool], now: Now, new_key: Callable[[], str]) -> None:
        super().__init__(store.keys, now)
        self._keys = store.keys
        self._is_master = is_master
        self._new_key = new_key
        self.add("/generate", self.generate, NewKey, NewKeyAnswer, responses=TAKEN)
        self.add("/update", self.update, KeyChange, ChangedKey)
        self.add("/delete", self.delete, KeyNames, DeletedKeys)
        self.add("/block", self.block, KeyName, says="Refuse a key until it is unblocked.")
        self.add("/unblock", self.unblock, KeyName, says="Let a blocked key in again.")
        self.add("/regenerate", self.regenerate, NewSecret, NewKeyAnswer)
        named = self.router.post("/{key}/regenerate", responses=MISSING_OR_TAKEN, response_model=NewKeyAnswer)
        named(self.regenerate_named)
        self.router.get("/info", responses=MISSING, response_model=KeyInfo)(self.info)
        self.router.get("/list", response_model=KeyPage)(self.list_page)

    async def made_with(self, new: NewKey, request: Request) -> tuple[Key, str]:
        """A new key, stored, and its clear text, which is kept nowhere. Raises Conflict and Invalid."""
        secret = self._secret(new.key)
        bare = Key(token=key_hash(secret), key_name=shown_name(secret))
        return await self.make(bare, new, request), secret

    async def generate(self, sent: NewKey, request: Request) -> Any:
        """Make a key. Its clear text is in this answer and never shown again."""
        key, secret = await self.made_with(sent, request)
        return {**held(key), "key": secret}

    async def delete(self, sent: KeyNames, _: Request) -> Any:
        """Delete keys, all of them or none. They are refused here when this answers, everywhere within a second."""
        named = [*(sent.keys or []), *await self._keys.hashes_of(sent.key_aliases or [])]
        hashes = list(dict.fromkeys(named))
        await self._keys.remove(hashes)
        return {"deleted_keys": hashes}

    async def regenerate(self, sent: NewSecret, request: Request) -> Any:
        """Give a key a new secret, shown in this answer only; the old one is refused when this answers."""
        if sent.key is None:
            raise Invalid("`key` is missing: name the key, or call `/key/{key}/regenerate`")
        return await self.regenerate_named(sent.key, request, sent)

    async def regenerate_named(
        self, key: Annotated[KeyId, IN_PATH], request: Request, new: NewSecret | None = None
    ) -> Any:
        """The same for the key named in the path."""
        sent = new or NewSecret()
        secret = self._secret(sent.new_key)
        renewed = {"token": key_hash(secret), "key_name": shown_name(secret)}
        changed = await self._keys.change(key, lambda old: self.edited(old, sent, request).model_copy(update=renewed))
        return {**held(changed), "key": secret}

    async def info(self, request: Request, key: Annotated[KeyId | None, Query(examples=["sk-1234"])] = None) -> Any:
        """A key's record, named in clear text or by hash; without a name, the caller's own."""
        caller: Caller = request.state.caller
        wanted = key or (caller.key.token if caller.key is not None else None)
        if wanted is None:
            raise Invalid("`key` is missing: the caller has no key of its own")
        record = await self._keys.get(wanted)
        return {"key": record.token, "info": record}

    async def list_page(
        self,
        page: PageNumber = 1,
        size: PageSize = 10,
        team_id: Item | None = None,
        user_id: Item | None = None,
        key_alias: Item | None = None,
        organization_id: Item | None = None,
        project_id: Item | None = None,
        key_hash: KeyId | None = None,
        return_full_object: bool = False,
    ) -> Any:
        """The keys, those of the config file first, then the newest."""
        wanted = KeyFilter(
            team_id=team_id,
            user_id=user_id,
            key_alias=key_alias,
            token=key_hash,
            organization_id=organization_id,
            project_id=project_id,
        )
        keys, total = await self._keys.page(wanted, offset=(page - 1) * size, limit=size)
        shown = keys if return_full_object else [key.token for key in keys]
        return {"keys": shown, **counted(total, page, size)}

    def _secret(self, chosen: str | None) -> str:
        """The secret that was chosen, or a fresh one. Raises Conflict for the master key."""
        secret = chosen or self._new_key()
        if self._is_master(secret):
            raise Conflict("this is the master key, which cannot be a virtual key too: choose another")
        return secret
