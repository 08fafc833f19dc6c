"""What the fields of a management request may hold, and what is said about names that nobody knows."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import unquote

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from modelward.config.fields import final_targets, foreign_pattern, foreign_route
from modelward.config.words import right_names
from modelward.contract.facts import UNPRINTABLE, key_hash
from modelward.errors import AliasCycle
from modelward.hints import meant

OUR_OWN: Literal["invalid"] = "invalid"
"""The type of the errors that `wrong` makes."""

_MOST = 1_000
_MAX_JSON = 65_536


def wrong(message: str) -> PydanticCustomError:
    """An error with a message of our own; it goes to the client as it is."""
    return PydanticCustomError(OUR_OWN, "{message}", {"message": message})


def shown(name: str) -> str:
    """A name of the client's own, short and in ASCII."""
    return name[:50].encode("ascii", "backslashreplace").decode()


def unknown(what: str, name: str, known: Collection[str], instead: Mapping[str, str] = {}) -> PydanticCustomError:
    """The error for a `what`, a field or a parameter; `instead` says what to do in place of sending some names."""
    return wrong(f"unknown {what} `{shown(name)}`: {_advice(name, known, instead, guess=True)}")


def unsupported(name: str, known: Collection[str], instead: Mapping[str, str]) -> PydanticCustomError:
    """The error for a field of LiteLLM that is refused."""
    return wrong(f"`{name}` is not supported yet: {_advice(name, known, instead, guess=False)}")


def _advice(name: str, known: Collection[str], instead: Mapping[str, str], *, guess: bool) -> str:
    right = next((right for right in right_names(name) if right in known), None)
    close = right or (meant(name, known) if guess else None)
    return instead.get(name) or (f"did you mean `{close}`?" if close else "leave it out")


def without(problem_of: Callable[[str], str | None]) -> AfterValidator:
    """Refuses a text that has such a problem."""

    def check(text: str) -> str:
        if problem := problem_of(text):
            raise wrong(problem)
        return text

    return AfterValidator(check)


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


_HASH = re.compile("[0-9a-f]{64}")
_PREFIX = "sha256:"


def key_digits(sent: str) -> str:
    """The hash of a key that is named by hash alone."""
    digits = sent.removeprefix(_PREFIX).lower() if sent.startswith(_PREFIX) else sent
    if not _HASH.fullmatch(digits):
        raise wrong("must be a key's SHA-256: 64 lower-case hex digits, or `sha256:` and the digits")
    return digits


def _hash(sent: str) -> str:
    if sent.startswith("sk-"):
        return key_hash(sent)
    if not sent.startswith(_PREFIX) and not _HASH.fullmatch(sent):
        raise wrong("must be a key, which starts with `sk-`, or its SHA-256, 64 lower-case hex digits")
    return key_digits(sent)


_Count = Field(max_length=_MOST)
_NOT_PRINTED = "must not hold control characters or broken Unicode"
_Printable = without(lambda text: _NOT_PRINTED if UNPRINTABLE.search(text) else None)
Item = Annotated[str, Field(max_length=_MOST), _Printable]
Name = Annotated[str, Field(min_length=1, max_length=_MOST), _Printable]
IN_PATH = BeforeValidator(lambda sent: unquote(sent, errors="surrogateescape"))
"""The routes are those of the path as sent; what it names is decoded here, once (M4)."""
Items = Annotated[list[Item], _Count]
Models = Annotated[list[Annotated[Item, without(foreign_pattern)]], _Count]
"""A grant list: names, patterns and groups, in which only `*` is special (C2)."""
Routes = Annotated[list[Annotated[Item, without(foreign_route)]], _Count]
Names = Annotated[list[Name], _Count]
SomeNames = Annotated[list[Name], Field(min_length=1, max_length=_MOST)]
_Alias = Annotated[Name, without(foreign_pattern)]
AliasMap = Annotated[dict[_Alias, _Alias], _Count, AfterValidator(_no_circle)]
JsonMap = Annotated[dict[str, JsonValue], AfterValidator(small)]
UserRole = Literal["proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer"]
MemberRole = Literal["admin", "user"]
KeyId = Annotated[Name, AfterValidator(_hash)]
"""A key in clear text or by hash; what comes out is the hash. What is neither is refused and not repeated."""
KeyIds = Annotated[list[KeyId], _Count]
PageNumber = Annotated[int, Field(ge=1, le=1_000_000)]
"""Pages count from 1."""
PageSize = Annotated[int, Field(ge=1, le=100)]

BY_WORD: Mapping[str, Any] = {
    "name": Name,
    "text": Name,
    "models": Models,
    "names": Items,
    "key_ids": KeyIds,
    "routes": Routes,
    "aliases": AliasMap,
    "metadata": JsonMap,
    "switch": bool,
    "user_role": UserRole,
    "member_role": MemberRole,
}
"""What a client may send for a field whose annotation has that word; ids and times are read by each request itself."""


class NamesUser(BaseModel):
    """A user by its id; addresses are not looked up, so none may be sent alone."""

    user_id: Name
    user_email: Name | None = Field(None, description="may be sent beside `user_id`; neither looked up nor kept")

    @model_validator(mode="before")
    @classmethod
    def _by_id(cls, sent: object) -> object:
        if isinstance(sent, dict) and sent.get("user_email") is not None and sent.get("user_id") is None:
            raise wrong("`user_id` is missing: no user is found by its address, send its `user_id`")
        return sent
