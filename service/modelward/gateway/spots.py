"""Where in a body a field may stand, as a short text: `session.model`, `tools[].svg.model`, `method.**.model`.

`x[]` is each item of the list `x`, `**` any depth below. What stands on the way must be an object or a list as the text
says, or be absent or null.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from modelward.contract import JsonObject
from modelward.errors import Invalid

_DEEP = "**"


@dataclass(frozen=True, slots=True)
class Spot:
    """A field that is there: `holder[key]`. `place` names it for its sender."""

    holder: dict[str, Any]
    key: str
    place: str

    @property
    def value(self) -> object:
        """What stands there."""
        return self.holder[self.key]

    def write(self, value: object) -> None:
        """Puts `value` there."""
        self.holder[self.key] = value


def spots(body: JsonObject, where: str, place: str = "") -> Iterator[Spot]:
    """The fields of `body` that `where` tells of; `place` is where the body itself stands.

    Raises Invalid for a value of another shape on the way.
    """
    yield from _below(body, _parts(where), place)


@cache
def _parts(where: str) -> tuple[str, ...]:
    return tuple(where.split("."))


def _below(holder: JsonObject, parts: tuple[str, ...], place: str) -> Iterator[Spot]:
    head, *rest = parts
    if not rest:
        name = head.removesuffix("[]")
        if name in holder:
            yield from _last(holder, name, place, listed=name != head)
    elif head == _DEEP:
        yield from _deep(holder, rest[-1], place)
    elif head.endswith("[]"):
        yield from _in_list(holder, head.removesuffix("[]"), tuple(rest), place)
    elif (value := holder.get(head)) is not None:
        yield from _below(_object(value, place + head), tuple(rest), f"{place}{head}.")


def _last(holder: JsonObject, name: str, place: str, *, listed: bool) -> Iterator[Spot]:
    if not listed:
        yield Spot(holder, name, place + name)
        return
    for item in _list(holder[name], place + name):
        yield Spot({name: item}, name, place + name)


def _in_list(holder: JsonObject, name: str, rest: tuple[str, ...], place: str) -> Iterator[Spot]:
    for index, item in enumerate(_list(holder.get(name), place + name)):
        where = f"{place}{name}[{index}]"
        yield from _below(_object(item, where), rest, f"{where}.")


def _deep(value: object, key: str, place: str) -> Iterator[Spot]:
    if isinstance(value, dict):
        if key in value:
            yield Spot(value, key, place + key)
        for name, inner in value.items():
            yield from _deep(inner, key, f"{place}{name}.")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _deep(inner, key, f"{place.removesuffix('.')}[{index}].")


def _object(value: object, place: str) -> JsonObject:
    if not isinstance(value, dict):
        raise Invalid(f"`{place}` must be an object")
    return value


def _list(value: object, place: str) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise Invalid(f"`{place}` must be a list")
    return value
