"""What the fields of a management request may hold, and what is said about names that nobody knows."""

import json
import re
from collections.abc import Awaitable, Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Generic, Literal, Protocol, TypeVar
from urllib.parse import unquote

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from modelward.config.fields import final_targets, foreign_pattern, foreign_route
from modelward.config.words import right_names
from modelward.contract.facts import UNPRINTABLE, key_hash
from modelward.errors import AliasCycle
from modelward.hints import meant

OUR_OWN: Literal["invalid"] = "invalid"
"""The type of the errors that `wrong` makes."""

_MAX_TEXT = 1_000
_MAX_COUNT = 1_000
_MAX_JSON = 65_536


def wrong(message: str) -> PydanticCustomError:
    """An error with a message of our own; it goes to the client as it is."""
    return PydanticCustomError(OUR_OWN, "{message}", {"message": message})


def _printable(text: str) -> str:
    if UNPRINTABLE.search(text):
        raise wrong("must not hold control characters or broken Unicode")
    return text


def _decoded(sent: str) -> str:
    return unquote(sent, errors="surrogateescape")


def _no_circle(aliases: dict[str, str]) -> dict[str, str]:
    try:
        final_targets(aliases)
    except AliasCycle as cycle:
        raise wrong(f"aliases lead in a circle: {cycle}; break it") from None
    return aliases


def small(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """A JSON object of at most 64 KiB, all of it text that UTF-8 can write."""
    try:
        size = len(json.dumps(value, ensure_ascii=False, allow_nan=False).encode())
    except ValueError:
        raise wrong("must not hold broken Unicode or numbers that are not finite") from None
    if size > _MAX_JSON:
        raise wrong(f"must not be longer than {_MAX_JSON} bytes")
    return value


def _own_pattern(name: str) -> str:
    if problem := foreign_pattern(name):
        raise wrong(problem)
    return name


def _own_route(route: str) -> str:
    if problem := foreign_route(route):
        raise wrong(problem)
    return route


Item = Annotated[str, Field(max_length=_MAX_TEXT), AfterValidator(_printable)]
Name = Annotated[str, Field(min_length=1, max_length=_MAX_TEXT), AfterValidator(_printable)]
NameInPath = Annotated[Name, BeforeValidator(_decoded)]
"""The routes are those of the path as sent; what it names is decoded here, once (M4)."""
Items = Annotated[list[Item], Field(max_length=_MAX_COUNT)]
Models = Annotated[list[Annotated[Item, AfterValidator(_own_pattern)]], Field(max_length=_MAX_COUNT)]
"""A grant list: names, patterns and groups, in which only `*` is special (C2)."""
Routes = Annotated[list[Annotated[Item, AfterValidator(_own_route)]], Field(max_length=_MAX_COUNT)]
Names = Annotated[list[Name], Field(max_length=_MAX_COUNT)]
SomeNames = Annotated[list[Name], Field(min_length=1, max_length=_MAX_COUNT)]
_Alias = Annotated[Name, AfterValidator(_own_pattern)]
AliasMap = Annotated[dict[_Alias, _Alias], Field(max_length=_MAX_COUNT), AfterValidator(_no_circle)]
JsonMap = Annotated[dict[str, JsonValue], AfterValidator(small)]


def unknown(
    what: str, name: str, known: Collection[str], instead: Mapping[str, str] | None = None
) -> PydanticCustomError:
    """The error for a `what`, a field or a parameter; `instead` says what to do in place of sending some names."""
    shown = name[:50].encode("ascii", "backslashreplace").decode()
    advice = (instead or {}).get(name) or _advice(_right_name(name, known) or meant(name, known))
    return wrong(f"unknown {what} `{shown}`: {advice}")


def unsupported(name: str, known: Collection[str], instead: Mapping[str, str]) -> PydanticCustomError:
    """The error for a field of LiteLLM that is refused."""
    return wrong(f"`{name}` is not supported yet: {instead.get(name) or _advice(_right_name(name, known))}")


def _right_name(name: str, known: Collection[str]) -> str | None:
    return next((right for right in right_names(name) if right in known), None)


def _advice(close: str | None) -> str:
    return f"did you mean `{close}`?" if close else "leave it out"


class _Closed(BaseModel):
    WHAT: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _known(cls, sent: object) -> object:
        for name in sent if isinstance(sent, Mapping) else ():
            if name not in cls.model_fields:
                raise unknown(cls.WHAT, str(name), cls.model_fields)
        return sent


class ClosedFields(_Closed):
    """A JSON object of which no field may be unknown."""

    WHAT = "field"
    model_config = ConfigDict(strict=True, extra="forbid")


class QueryFields(_Closed):
    """The parameters of a question; one that is not known is refused, as without it more would be answered."""

    WHAT = "parameter"
    model_config = ConfigDict(extra="forbid")


_HASH = re.compile("[0-9a-f]{64}")
_PREFIX = "sha256:"


def _digits(sent: str) -> str:
    digits = sent.removeprefix(_PREFIX).lower() if sent.startswith(_PREFIX) else sent
    if not _HASH.fullmatch(digits):
        raise wrong("must be a key's SHA-256: 64 lower-case hex digits, or `sha256:` and the digits")
    return digits


def _hash(sent: str) -> str:
    if sent.startswith("sk-"):
        return key_hash(sent)
    if not sent.startswith(_PREFIX) and not _HASH.fullmatch(sent):
        raise wrong("must be a key, which starts with `sk-`, or its SHA-256, 64 lower-case hex digits")
    return _digits(sent)


KeyHash = Annotated[Name, AfterValidator(_digits)]
"""A key by its hash alone."""
KeyId = Annotated[Name, AfterValidator(_hash)]
"""A key in clear text or by hash; what comes out is the hash. What is neither is refused and not repeated."""
KeyIds = Annotated[list[KeyId], Field(max_length=1_000)]
KeyIdInPath = Annotated[NameInPath, AfterValidator(_hash)]


def by_id(sent: object) -> object:
    """What was sent, unless it names a user by its address alone: addresses are not looked up. Raises pydantic's
    error."""
    if isinstance(sent, dict) and sent.get("user_email") is not None and sent.get("user_id") is None:
        raise wrong("`user_id` is missing: no user is found by its address, send its `user_id`")
    return sent


UnusedAddress = Annotated[Name | None, Field(description="may be sent beside `user_id`; neither looked up nor kept")]


T = TypeVar("T")

PageNumber = Annotated[int, Field(ge=1, le=1_000_000)]
"""Pages count from 1."""
PageSize = Annotated[int, Field(ge=1, le=100)]


class ReadRecords(Protocol[T]):
    """Reads some of the records, and says how many there are in all."""

    def __call__(self, *, offset: int, limit: int) -> Awaitable[tuple[list[T], int]]:
        """Those from `offset` on, at most `limit`."""


@dataclass(frozen=True, slots=True)
class RecordPage(Generic[T]):
    """A page's records, with how many there are on all pages, and how many pages."""

    records: list[T]
    total: int
    pages: int


async def read_page(read: ReadRecords[T], number: int, size: int) -> RecordPage[T]:
    """The page of that number. Passes on what `read` raises."""
    records, total = await read(offset=(number - 1) * size, limit=size)
    return RecordPage(records, total, -(-total // size))
