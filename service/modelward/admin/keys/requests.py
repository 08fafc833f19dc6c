"""What the key routes read."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from modelward.admin.closed import ClosedFields, QueryFields
from modelward.admin.fields import Aliases, Item, Items, JsonMap, Models, Name, Names, Routes, wrong
from modelward.admin.key_ids import KeyId, KeyIds
from modelward.admin.keys.duration import expiry_after, expiry_at
from modelward.admin.other_fields import COPIES_ON_KEYS, KEPT_WITH_KEYS
from modelward.admin.paging import PageNumber, PageSize
from modelward.admin.record_fields import RecordFields
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


class KeyFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    LASTING = frozenset({"access_group_ids", "aliases", "allowed_routes", "blocked", "metadata", "models"})
    CLEARABLE = frozenset({"key_alias", "organization_id", "project_id", "team_id", "user_id"})
    KEPT = KEPT_WITH_KEYS
    IGNORED = COPIES_ON_KEYS

    key_alias: Name | None = None
    models: Models | None = None
    aliases: Aliases | None = None
    team_id: Name | None = None
    user_id: Name | None = None
    organization_id: Name | None = None
    project_id: Name | None = None
    access_group_ids: Items | None = Field(None, description="unified access groups; their models are allowed too")
    duration: Item | None = Field(None, description="`30s`, `30m`, `30h`, `30d`, `1w` or `1mo`; `-1` for ever")
    expires: Item | None = Field(None, description="instead of `duration`: a time, UTC if it names no zone")
    blocked: bool | None = None
    allowed_routes: Routes | None = None
    metadata: JsonMap | None = None

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
        return KeyFilter(
            team_id=self.team_id,
            user_id=self.user_id,
            organization_id=self.organization_id,
            project_id=self.project_id,
            key_alias=self.key_alias,
            hash=self.key_hash,
        )
