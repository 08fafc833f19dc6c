"""What the fields of a management request may hold: text of bounded length, lists and maps of bounded size."""

import json
import re
from typing import Annotated, Literal
from urllib.parse import unquote

from pydantic import AfterValidator, BeforeValidator, Field, JsonValue
from pydantic_core import PydanticCustomError

from modelward.config.aliases import AliasCycle, final_targets
from modelward.config.patterns import foreign_pattern, foreign_route

OUR_OWN: Literal["invalid"] = "invalid"
"""The type of the errors that `wrong` makes."""

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_MAX_TEXT = 1_000
_MAX_COUNT = 1_000
_MAX_JSON = 65_536


def wrong(message: str) -> PydanticCustomError:
    """An error with a message of our own; it goes to the client as it is."""
    return PydanticCustomError(OUR_OWN, "{message}", {"message": message})


def _printable(text: str) -> str:
    if _UNPRINTABLE.search(text):
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
Aliases = Annotated[dict[_Alias, _Alias], Field(max_length=_MAX_COUNT), AfterValidator(_no_circle)]
JsonMap = Annotated[dict[str, JsonValue], AfterValidator(small)]
