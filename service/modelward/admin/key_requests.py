"""What the key routes read."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, PrivateAttr, model_validator

from modelward.admin.duration import expiry_after, expiry_at
from modelward.admin.fields import Aliases, Item, Items, JsonMap, Name, Names, wrong
from modelward.admin.other_fields import KEPT_WITH_KEYS, kept
from modelward.store import KeyFilter

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


class KeyFields(BaseModel):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    model_config = ConfigDict(strict=True, extra="allow")
    key_alias: Name | None = None
    models: Items | None = None
    aliases: Aliases | None = None
    team_id: Name | None = None
    user_id: Name | None = None
    duration: Item | None = Field(None, description="`30s`, `30m`, `30h`, `30d`, `1w` or `1mo`; `-1` for ever")
    expires: Item | None = Field(None, description="instead of `duration`: a time, UTC if it names no zone")
    blocked: bool | None = None
    allowed_routes: Items | None = None
    metadata: JsonMap | None = None
    _others: dict[str, JsonValue] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _sort_out(self) -> Self:
        self._others = kept(self.model_extra or {}, KEPT_WITH_KEYS, type(self).model_fields)
        if self.duration is not None and self.expires is not None:
            raise wrong("send either `duration` or `expires`")
        return self

    def changes(self, now: datetime) -> dict[str, Any]:
        """The fields that were sent, as columns. `null` takes away an alias, a team, a user or the end of a key's
        life; in a list, a map or a flag it changes nothing, as an empty list would mean every model.

        Raises Invalid for a time that is none.
        """
        sent: dict[str, Any] = {}
        for name in self._sent & {"key_alias", "team_id", "user_id"}:
            sent[name] = getattr(self, name)
        for name in ("models", "aliases", "blocked", "allowed_routes", "metadata"):
            if getattr(self, name) is not None:
                sent[name] = getattr(self, name)
        if self._sent & {"duration", "expires"}:
            sent["expires"] = self._expiry(now)
        return sent

    @property
    def others(self) -> dict[str, JsonValue]:
        """What decides nothing."""
        return self._others

    @property
    def _sent(self) -> set[str]:
        return self.model_fields_set

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
    key: Name


class NewSecret(KeyFields):
    """A new secret for a key, which otherwise stays as it is but for the fields sent; `new_key` may be chosen."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"key": "sk-1234", "duration": "30d"}]})
    key: Name | None = None
    new_key: ChosenKey | None = None


class KeyName(BaseModel):
    """A key, in clear text or by hash."""

    model_config = ConfigDict(strict=True, extra="forbid", json_schema_extra={"examples": [{"key": "sk-1234"}]})
    key: Name


class KeyNames(BaseModel):
    """Keys, in clear text or by hash, or by alias."""

    model_config = ConfigDict(strict=True, extra="forbid", json_schema_extra={"examples": [{"keys": ["sk-1234"]}]})
    keys: Names | None = None
    key_aliases: Names | None = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.keys and not self.key_aliases:
            raise wrong("name the keys to delete in `keys` or `key_aliases`")
        return self


class KeyQuery(BaseModel):
    """Which keys to list; pages count from 1."""

    page: int = Field(1, ge=1, le=1_000_000)
    size: int = Field(10, ge=1, le=100)
    team_id: Item | None = None
    user_id: Item | None = None
    key_alias: Item | None = None
    key_hash: Item | None = None
    return_full_object: bool = False

    @property
    def filter(self) -> KeyFilter:
        """The same for the store."""
        return KeyFilter(team_id=self.team_id, user_id=self.user_id, key_alias=self.key_alias, hash=self.key_hash)
